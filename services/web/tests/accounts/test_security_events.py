"""What happens to accounts: a line each that one grep finds, and word to its person and nobody else."""

from typing import Any

import pytest
import structlog
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.test import Client
from structlog.testing import LogCapture

from bellhop import frame_from_row
from bellhop.models import Notification
from core.accounts import security_events

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "192.0.2.7"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
FROM = {"x-forwarded-for": ADDRESS, "user-agent": FIREFOX}


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is logged of security, as events."""
    capture = LogCapture()
    monkeypatch.setattr(security_events, "log", structlog.wrap_logger(None, processors=[capture]))
    return capture.entries


def log_in(client: Client, name: str, password: str = "pw") -> Any:  # noqa: S107
    return client.post("/accounts/login/", {"login": name, "password": password}, headers=FROM)


def told(user: User) -> list[str]:
    rows = Notification.objects.filter(recipient=user, kind="security").order_by("seq")
    return [frame_from_row.texts(row)[0] for row in rows]


def test_one_word_lists_a_takeover_in_order(user: User, lines: list[Any]) -> None:
    thief = Client()
    for guess in ("a", "b"):
        assert log_in(thief, "ada", guess).status_code == 200
    log_in(thief, "ADA@example.com")
    passwords = {"oldpassword": "pw", "password1": "n3w-and-long", "password2": "n3w-and-long"}
    assert thief.post("/accounts/password/change/", passwords, headers=FROM).status_code == 302
    assert [one["event"] for one in lines] == [
        "login_failed", "login_failed", "login_succeeded", "password_changed",
    ]  # fmt: skip
    # By name or by address, before the login and after it: one account, and no name.
    assert len({one["account"] for one in lines}) == 1
    assert {one["audit"] for one in lines} == {"security"}
    assert {one["address"] for one in lines} == {ADDRESS}
    assert "ada" not in str(lines)


def test_an_unknown_name_is_noted_like_a_known_one_and_not_spelt_out(
    user: User, lines: list[Any]
) -> None:
    for name in ("nobody", "hunter2", "ada"):
        log_in(Client(), name, "wrong")
    assert [set(one) for one in lines] == [set(lines[0])] * 3
    assert len({one["account"] for one in lines}) == 3
    assert not any(name in str(lines) for name in ("nobody", "hunter2", "ada"))


def test_a_locked_login_is_a_429_that_says_why_and_is_noted(user: User, lines: list[Any]) -> None:
    client = Client()
    statuses = [log_in(client, "ada", "wrong").status_code for _ in range(12)]
    assert statuses[-1] == 429
    assert set(statuses) == {200, 429}
    answer = log_in(client, "ada")
    assert answer.status_code == 429
    assert lines[-1]["event"] == "login_locked"
    # The right password, too: it was not looked at.
    assert "login_succeeded" not in {one["event"] for one in lines}


def test_a_changed_password_tells_its_person_from_where_and_nobody_else(
    user: User, other: User
) -> None:
    client = Client()
    log_in(client, "ada")
    passwords = {"oldpassword": "pw", "password1": "n3w-and-long", "password2": "n3w-and-long"}
    client.post("/accounts/password/change/", passwords, headers=FROM)
    row = Notification.objects.get(kind="security")
    assert row.recipient == user
    message, body = frame_from_row.texts(row)
    assert message == "Your password was changed"
    assert body == f"From {ADDRESS} with Firefox on Windows. Was it not you? Change your password."
    assert told(other) == []


def test_each_change_of_addresses_tells_its_person(user: User, lines: list[Any]) -> None:
    client = Client()
    log_in(client, "ada")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    client.post("/accounts/email/", {"action_add": "", "email": "new@example.com"}, headers=FROM)
    EmailAddress.objects.filter(email="new@example.com").update(verified=True)
    client.post(
        "/accounts/email/", {"action_primary": "", "email": "new@example.com"}, headers=FROM
    )
    client.post("/accounts/email/", {"action_remove": "", "email": "ada@example.com"}, headers=FROM)
    assert told(user) == [
        "new@example.com was added to your account",
        "Your main e-mail address is now new@example.com",
        "ada@example.com was removed from your account",
    ]
    assert [one["event"] for one in lines][1:] == ["email_added", "email_changed", "email_removed"]


def test_a_device_that_is_signed_out_and_all_others_tell_their_person(
    user: User, lines: list[Any]
) -> None:
    here, there = Client(), Client()
    log_in(here, "ada")
    log_in(there, "ada")
    page = here.get("/accounts/sessions/")
    device = next(one["id"] for one in page.context["devices"] if not one["is_here"])
    here.post("/accounts/sessions/", {"device": device}, headers=FROM)
    here.post("/accounts/sessions/", headers=FROM)
    assert told(user) == [
        "Firefox on Windows was signed out",
        "All other devices were signed out",
    ]


def test_nobody_can_keep_such_word_away(user: User) -> None:
    client = Client()
    log_in(client, "ada")
    page = client.get("/notifications/preferences/").content.decode()
    assert "Your account" in page
    row = Notification(recipient=user, kind="security", data={"event": "password_changed"})
    assert frame_from_row.fields(row).get("toast") is None


def test_a_notification_that_fails_costs_no_change(
    user: User, lines: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("on purpose")

    client = Client()
    log_in(client, "ada")
    monkeypatch.setattr(security_events, "notify", broken)
    passwords = {"oldpassword": "pw", "password1": "n3w-and-long", "password2": "n3w-and-long"}
    assert client.post("/accounts/password/change/", passwords, headers=FROM).status_code == 302
    user.refresh_from_db()
    assert user.check_password("n3w-and-long")
    assert lines[-1]["event"] == "security_notification_failed"
