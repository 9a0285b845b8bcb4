"""`bellhop_withdraw` and `bellhop_update`: what is meant and nothing else, and how many it were."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from bellhop.models import Notification
from bellhop.notify import notify, notify_many
from rows.commands.conftest import Call, got

pytestmark = pytest.mark.django_db(transaction=True)


def test_some_are_withdrawn_by_their_ids(user: User, other: User, call: Call) -> None:
    rows = [notify(user, str(at)) for at in range(3)]
    notify(other, "theirs")
    assert call("bellhop_withdraw", str(rows[0].pk), str(rows[2].pk)).out == ["withdrew 2"]
    assert (got(user), got(other)) == (["1"], ["theirs"])
    answer = call("bellhop_withdraw", str(rows[0].pk))
    assert (answer.out, answer.code) == (["withdrew 0"], 0)


def test_all_with_a_key_are_withdrawn_or_one_users(user: User, other: User, call: Call) -> None:
    notify_many([user, other], "x", key="k")
    notify(user, "stays", key="other")
    assert call("bellhop_withdraw", "--key", "k", "--user", "eve").out == ["withdrew 1"]
    assert (got(user), got(other)) == (["x", "stays"], [])
    assert call("bellhop_withdraw", "--key", "k").out == ["withdrew 1"]
    assert got(user) == ["stays"]


def test_somebody_elses_is_not_withdrawn(user: User, other: User, call: Call) -> None:
    row = notify(user, "x")
    assert call("bellhop_withdraw", str(row.pk), "--user", "eve").out == ["withdrew 0"]
    assert got(user) == ["x"]


def test_a_dry_run_says_how_many_there_are(user: User, other: User, call: Call) -> None:
    rows = notify_many([user, other], "x", key="k")
    ids = [str(row.pk) for row in rows]
    assert call("bellhop_withdraw", *ids, "--dry-run").out == ["would withdraw 2"]
    assert call("bellhop_withdraw", "--key", "k", "--user", "ada", "--dry-run").out == [
        "would withdraw 1"
    ]
    assert call("bellhop_update", "--key", "k", "--message", "y", "--dry-run").out == [
        "would update 2"
    ]
    assert (got(user), got(other)) == (["x"], ["x"])


def test_what_is_given_changes_and_the_rest_stays(user: User, call: Call) -> None:
    row = notify(user, "x", body="more", url="/x", data={"a": 1})
    assert call("bellhop_update", str(row.pk), "--message", "y", "--data", '{"b": 2}').out == [
        "updated 1"
    ]
    row.refresh_from_db()
    assert (row.message, row.body, row.url, row.data) == ("y", "more", "/x", {"b": 2})
    assert row.updated_rev > 0
    call("bellhop_update", str(row.pk), "--body", "", "--url", "")
    row.refresh_from_db()
    assert (row.message, row.body, row.url) == ("y", "", "")


def test_an_expiry_is_set_and_taken_away(user: User, call: Call) -> None:
    row = notify(user, "x")
    call("bellhop_update", str(row.pk), "--expires", "2h")
    row.refresh_from_db()
    assert row.expires_at is not None
    assert row.expires_at - row.created > timedelta(hours=1)
    call("bellhop_update", str(row.pk), "--expires", "never")
    row.refresh_from_db()
    assert row.expires_at is None


def test_all_with_a_key_are_updated_or_one_users(user: User, other: User, call: Call) -> None:
    notify_many([user, other], "x", key="k")
    assert call("bellhop_update", "--key", "k", "--user", "eve", "--message", "y").out == [
        "updated 1"
    ]
    assert (got(user), got(other)) == (["x"], ["y"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bellhop_withdraw"], "either an ID or --key"),
        (["bellhop_withdraw", str(uuid4()), "--key", "k"], "either an ID or --key"),
        (["bellhop_withdraw", "7"], "'7' is no id"),
        (["bellhop_withdraw", "--key", ""], "key"),
        (["bellhop_withdraw", "--key", "k", "--user", "nobody"], "there is no user 'nobody'"),
        (["bellhop_update", "--key", "k"], "name what shall change"),
        (["bellhop_update", "--message", "x"], "either an ID or --key"),
        (["bellhop_update", "--key", "k", "--data", "[1]"], "data: a JSON object"),
        (["bellhop_update", "--key", "k", "--expires", "soon"], "expires 'soon'"),
        (["bellhop_update", "--key", "k", "--url", "javascript:x"], "url"),
    ],
)
def test_nonsense_is_one_line_and_changes_nothing(
    user: User, call: Call, arguments: list[str], words: str
) -> None:
    notify(user, "x", key="k")
    answer = call(*arguments)
    assert (answer.code, len(answer.err)) == (1, 1)
    assert words in answer.err[0]
    assert Notification.objects.get().message == "x"
