"""The fixture `notified`: who was notified, of what, in tests with and without a transaction, and without Redis."""

import subprocess
import sys
from contextlib import suppress
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from bellhop.conf import conf
from bellhop.models import Inbox, Notification
from bellhop.notify import notify, notify_many
from bellhop.preferences.choices import mute
from bellhop.ring import publish_thread, ways
from bellhop.testing import Notifications


@pytest.mark.django_db
class TestInsideTheTestsTransaction:
    def test_notifications_are_listed_in_order_and_numbered(
        self, user: User, other: User, notified: Notifications
    ) -> None:
        notify(user, "first")
        notify(other, "not theirs")
        notify(user, "second", data={"n": 2}, url="/orders/")
        first, second = notified(user)
        assert (first.seq, first.message, second.seq, second.message) == (1, "first", 2, "second")
        assert (second.data, second.url, second.kind, second.read) == (
            {"n": 2}, "/orders/", "message", False,
        )  # fmt: skip
        assert first.row == Notification.objects.get(seq=1, recipient=user)

    def test_more_come_after_what_was_listed_before(
        self, user: User, notified: Notifications
    ) -> None:
        notify(user, "first")
        assert len(notified(user)) == 1
        with transaction.atomic():
            notify(user, "second")
        assert [each.seq for each in notified(user)] == [1, 2]

    def test_what_was_rolled_back_is_not_listed(self, user: User, notified: Notifications) -> None:
        with transaction.atomic():
            notify(user, "never")
            transaction.set_rollback(True)
        assert notified(user) == []

    def test_words_are_those_that_are_shown(self, user: User, notified: Notifications) -> None:
        notify(user, kind="login", data={"name": "Ada"})
        assert notified(user)[0].message == "Welcome back, Ada"

    def test_everybody_is_numbered_for_a_page_that_is_asked_next(
        self, user: User, other: User, notified: Notifications
    ) -> None:
        notify_many([user, other], "hello")
        assert Inbox.state_of(other.pk).unread == 0
        notified.number()
        assert Inbox.state_of(other.pk).unread == 1


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_it_is_the_same(
    user: User, other: User, notified: Notifications
) -> None:
    notify(user, "first")
    with transaction.atomic():
        notify(user, "second")
    assert [(each.seq, each.message) for each in notified(user)] == [(1, "first"), (2, "second")]
    assert notified(other) == []


@pytest.mark.django_db(transaction=True)
def test_nothing_is_rung(
    user: User, notified: Notifications, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def refuse(*_: object) -> bool:
        raise AssertionError("rung")

    monkeypatch.setattr(publish_thread._doorbell, "ring", refuse)
    assert conf.RING == ways.way() == "off"
    assert conf.PREFIX == settings.REDIS_PREFIX
    notify(user, "first")
    assert len(notified(user)) == 1


@pytest.mark.django_db
class TestAssertions:
    def test_the_one_that_is_meant_is_returned(self, user: User, notified: Notifications) -> None:
        notify(user, "Paid", kind="order.paid", key="order 7", data={"order": 7})
        notify(user, "Sent", kind="order.sent")
        assert notified.assert_one(user, kind="order.paid", data={"order": 7}).key == "order 7"

    def test_none_and_too_many_fail_and_say_what_there_is(
        self, user: User, other: User, notified: Notifications
    ) -> None:
        notify(user, "Paid")
        notify(user, "Paid")
        with pytest.raises(
            AssertionError, match=r"2 notifications like (?s:.*)2\. message: 'Paid'"
        ):
            notified.assert_one(user, message="Paid")
        with pytest.raises(AssertionError, match="no notification like"):
            notified.assert_one(user, message="Sent")
        with pytest.raises(AssertionError, match="none at all"):
            notified.assert_one(other)

    def test_one_that_should_not_be_there_fails(
        self, user: User, other: User, notified: Notifications
    ) -> None:
        notify(user, "Paid")
        notified.assert_none(other)
        notified.assert_none(user, message="Sent")
        with pytest.raises(AssertionError, match="1 like"):
            notified.assert_none(user)

    def test_a_field_that_does_not_exist_is_no_silent_success(
        self, user: User, notified: Notifications
    ) -> None:
        notify(user, "Paid")
        with pytest.raises(TypeError, match="has no mesage"):
            notified.assert_none(user, mesage="Paid")


def test_importing_it_imports_no_models_and_needs_no_settings() -> None:
    code = (
        "import sys, bellhop.testing, bellhop.testing.pytest_fixtures\n"
        "assert 'bellhop.models' not in sys.modules\n"
        "assert 'django.contrib.auth.models' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": ":".join(sys.path)})


@pytest.mark.django_db
class TestWhatAnInboxRefuses:
    def test_it_is_told_apart_in_the_tests_transaction(
        self, user: User, other: User, notified: Notifications
    ) -> None:
        mute(user.pk, "message", None)
        assert notify(user, "hi").is_refused
        notify_many([user, other], "hi")
        assert notified.refused(user) == {"message": 2}
        assert notified.refused(other) == {}
        notified.assert_none(user)
        notified.assert_one(other, message="hi", toast=True)

    def test_what_is_rolled_back_was_not_refused(self, user: User, notified: Notifications) -> None:
        mute(user.pk, "message", None)
        with suppress(ZeroDivisionError), transaction.atomic():
            notify(user, "hi")
            raise ZeroDivisionError
        assert notified.refused(user) == {}

    def test_after_a_commit_it_counts_once(
        self, user: User, notified: Notifications, django_capture_on_commit_callbacks: Any
    ) -> None:
        mute(user.pk, "message", None)
        with django_capture_on_commit_callbacks(execute=True):
            notify(user, "hi")
        assert notified.refused(user) == {"message": 1}

    def test_nothing_is_left_to_the_next_test(self, user: User, notified: Notifications) -> None:
        assert notified.refused(user) == {}
