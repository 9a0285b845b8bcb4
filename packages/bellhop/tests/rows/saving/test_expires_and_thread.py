"""expires= and thread=: what they take, what is refused, and what is stored."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.utils.functional import lazystr

from bellhop.kinds import Kind
from bellhop.models import Notification
from bellhop.notify import anotify, notify, notify_many
from rows.conftest import Clock, Kinds, Rings

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _rings(rings: Rings) -> None:
    """No test rings anywhere else."""


@pytest.mark.parametrize(
    "expires",
    [
        timedelta(hours=1),
        datetime(2026, 11, 27, 13, tzinfo=UTC),
        datetime(2026, 11, 27, 14, tzinfo=ZoneInfo("Europe/Berlin")),
    ],
)
def test_it_expires_at_a_moment_or_after_so_long(user: User, clock: Clock, expires: Any) -> None:
    row = notify(user, "hi", expires=expires)
    many = notify_many([user], "hi", expires=expires)
    stored = Notification.objects.values_list("expires_at", flat=True)
    assert list(stored) == [datetime(2026, 11, 27, 13, tzinfo=UTC)] * 2
    assert [row.expires_at, many[0].expires_at] == list(stored)


def test_without_it_never(user: User) -> None:
    notify(user, "hi")
    assert Notification.objects.get().expires_at is None


@pytest.mark.parametrize(
    ("expires", "words"),
    [
        (timedelta(), "lies in the past"),
        (timedelta(seconds=-1), "lies in the past"),
        (datetime(2026, 11, 27, 12, tzinfo=UTC), "lies in the past"),
        (datetime(2026, 11, 28), "with a time zone"),
        (timedelta.max, "further away"),
        (datetime.max.replace(tzinfo=ZoneInfo("America/New_York")), "further away"),
        ("tomorrow", "not str"),
        (3600, "not int"),
        (True, "not bool"),
        (datetime(2026, 11, 28).date(), "not date"),
    ],
)
def test_what_is_no_moment_to_come_is_refused(
    user: User, clock: Clock, expires: Any, words: str
) -> None:
    with pytest.raises(ValueError, match=f"expires: .*{words}"):
        notify(user, "hi", expires=expires)
    with pytest.raises(ValueError, match=f"expires: .*{words}"):
        notify_many([user], "hi", expires=expires)
    assert not Notification.objects.exists()


def test_without_time_zones_it_is_as_the_project_has_its_times(user: User, settings: Any) -> None:
    settings.USE_TZ = False
    notify(user, "hi", expires=timedelta(hours=1))
    notify(user, "hi", expires=datetime.now() + timedelta(hours=1))
    with pytest.raises(ValueError, match="expires"):
        notify(user, "hi", expires=datetime.now(UTC) + timedelta(hours=1))
    assert Notification.objects.filter(expires_at__isnull=False).count() == 2


def test_a_thread_is_the_callers_or_else_the_kinds(user: User, kinds: Kinds) -> None:
    kinds(Kind("order", thread="order-{{ number }}"), Kind("news", thread=lambda facts: "news"))
    data = {"number": 7}
    rows = [
        notify(user, "hi", kind="order", data=data),
        notify(user, "hi", kind="order", data=data, thread="of the caller"),
        notify(user, "hi", kind="news"),
        notify(user, "hi"),
        notify(user, "hi", thread=lazystr("  in\tone \n line ")),
    ]
    assert [row.thread for row in rows] == [
        "order-7", "of the caller", "news", "", "in one line",
    ]  # fmt: skip
    stored = Notification.objects.order_by("seq").values_list("thread", flat=True)
    assert list(stored) == [row.thread for row in rows]


def test_a_thread_of_a_kind_that_is_too_long_is_cut_and_a_callers_is_refused(
    user: User, kinds: Kinds
) -> None:
    kinds(Kind("order", thread="{{ text }}"))
    assert notify(user, "hi", kind="order", data={"text": "t" * 999}).thread == "t" * 200
    assert notify(user, "hi", thread="t" * 200).thread == "t" * 200
    for thread in ("t" * 201, 7, None, "\x00", "\ud800"):
        with pytest.raises(ValueError, match="thread"):
            notify(user, "hi", thread=thread)  # type: ignore[arg-type]


def test_in_an_event_loop_too(user: User) -> None:
    row = async_to_sync(anotify)(user, "hi", thread="t", expires=timedelta(hours=1))
    assert (row.thread, row.expires_at is not None) == ("t", True)


def test_a_kind_that_nobody_declared_is_refused_where_the_project_says_so(
    user: User, settings: Any, kinds: Kinds
) -> None:
    kinds(Kind("order"))
    assert notify(user, "hi", kind="undeclared").seq == 1
    settings.BELLHOP = {**settings.BELLHOP, "UNDECLARED_KINDS": "error"}
    for kind in ("order", "login", "message"):
        notify(user, "hi", kind=kind)
    for kind in ("undeclared", "orders", "orde"):
        with pytest.raises(ValueError, match=f"kind '{kind}': no bellhop_kinds.py declares it"):
            notify(user, "hi", kind=kind)
        with pytest.raises(ValueError, match=kind):
            notify_many([user], "hi", kind=kind)
    assert Notification.objects.count() == 4
