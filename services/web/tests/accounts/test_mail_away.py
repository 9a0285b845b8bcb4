"""Mail that cannot leave, mail that this site does not send, and what of it the log may say."""

import os
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as live_settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from structlog.testing import capture_logs

from core.requests.request_log import MaskingFilter, masked

pytestmark = pytest.mark.django_db
SIGN_UP = {
    "username": "new",
    "email": "new@example.com",
    "password1": "x1-y2-z3-!",
    "password2": "x1-y2-z3-!",
}
ERRORS = [
    ConnectionRefusedError(111, "refused"),
    TimeoutError("hangs"),
    socket.gaierror(-2, "no such name"),
    smtplib.SMTPServerDisconnected("gone"),
    smtplib.SMTPAuthenticationError(535, b"no"),
    smtplib.SMTPRecipientsRefused({"new@example.com": (550, b"no")}),
]


@pytest.fixture(params=ERRORS, ids=lambda error: type(error).__name__)
def mail_is_away(request: pytest.FixtureRequest) -> Iterator[pytest.MonkeyPatch]:
    """A switch: `.undo()` brings the mail server back."""

    def send(*_: Any, **__: Any) -> None:
        raise request.param

    with pytest.MonkeyPatch.context() as switch:
        switch.setattr(EmailMessage, "send", send)
        yield switch


@pytest.fixture
def visitor(settings: Any) -> Client:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    return Client(raise_request_exception=False)


def assert_says_so(answer: Any) -> str:
    page: str = answer.content.decode()
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Mail cannot be sent just now" in page
    return page


@pytest.mark.parametrize("verification", ["mandatory", "optional"])
def test_a_sign_up_whose_mail_cannot_leave_makes_no_account_and_can_be_sent_again(
    visitor: Client, settings: Any, mail_is_away: pytest.MonkeyPatch, verification: str
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = verification
    with capture_logs() as lines:
        page = assert_says_so(visitor.post("/accounts/signup/", SIGN_UP))
    assert 'value="new@example.com"' in page
    assert 'value="new"' in page
    assert "x1-y2-z3-!" not in page
    assert not User.objects.exists()
    assert not EmailAddress.objects.exists()
    assert visitor.get("/api/notifications/").status_code == 401
    assert [line["event"] for line in lines if line["event"].startswith("mail")] == ["mail_lost"]
    mail_is_away.undo()
    assert visitor.post("/accounts/signup/", SIGN_UP).status_code == 302
    assert [message.to for message in mail.outbox] == [["new@example.com"]]
    assert User.objects.get().username == "new"


def test_a_sign_up_that_needs_no_mail_sends_none(
    visitor: Client, settings: Any, mail_is_away: pytest.MonkeyPatch
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    assert visitor.post("/accounts/signup/", SIGN_UP).status_code == 302
    assert visitor.get("/api/notifications/").status_code == 200


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_a_reset_whose_mail_cannot_leave_says_so_and_can_be_sent_again(
    visitor: Client, user: User, mail_is_away: pytest.MonkeyPatch, email: str
) -> None:
    page = assert_says_so(visitor.post("/accounts/password/reset/", {"email": email}))
    assert f'value="{email}"' in page
    mail_is_away.undo()
    assert visitor.post("/accounts/password/reset/", {"email": email}).status_code == 302
    assert [message.to for message in mail.outbox] == [[email]]


def test_a_login_whose_proof_cannot_leave_says_so_and_can_be_sent_again(
    visitor: Client, user: User, mail_is_away: pytest.MonkeyPatch
) -> None:
    form = {"login": "ada", "password": "pw"}
    assert_says_so(visitor.post("/accounts/login/", form))
    assert visitor.get("/api/notifications/").status_code == 401
    mail_is_away.undo()
    assert visitor.post("/accounts/login/", form).headers["Location"] == "/accounts/confirm-email/"
    assert [message.to for message in mail.outbox] == [["ada@example.com"]]


def test_an_address_whose_mail_cannot_leave_is_not_added(
    browser: Client, user: User, mail_is_away: pytest.MonkeyPatch
) -> None:
    browser.get("/accounts/email/")
    before = list(EmailAddress.objects.values())
    page = assert_says_so(
        browser.post("/accounts/email/", {"action_add": "", "email": "second@example.com"})
    )
    assert 'value="second@example.com"' in page
    assert list(EmailAddress.objects.values()) == before
    again = {"action_send": "", "email": "ada@example.com"}
    page = assert_says_so(browser.post("/accounts/email/", again))
    assert "503" in page
    assert browser.get("/api/notifications/").status_code == 200
    mail_is_away.undo()
    browser.post("/accounts/email/", again)
    assert [message.to for message in mail.outbox] == [["ada@example.com"]]


def test_a_change_that_was_made_stands_though_the_note_of_it_cannot_leave(
    browser: Client, user: User, settings: Any, mail_is_away: pytest.MonkeyPatch
) -> None:
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    browser.get("/accounts/email/")
    form = {"oldpassword": "pw", "password1": "an0ther-one!", "password2": "an0ther-one!"}
    with capture_logs() as lines:
        assert browser.post("/accounts/password/change/", form).status_code == 302
    assert "mail_lost" in [line["event"] for line in lines]
    user.refresh_from_db()
    assert user.check_password("an0ther-one!")
    assert browser.get("/api/notifications/").status_code == 200


@pytest.mark.parametrize("email", ["", "boss@example.com"])
def test_a_superuser_made_in_a_shell_gets_into_the_admin_without_a_verified_address(
    visitor: Client, mail_is_away: pytest.MonkeyPatch, email: str
) -> None:
    User.objects.create_superuser("boss", email, "pw")
    form = {"login": "boss", "password": "pw"}
    assert visitor.post("/accounts/login/?next=/admin/", form).headers["Location"] == "/admin/"
    assert visitor.get("/admin/").status_code == 200


def test_so_does_whom_an_administrator_made_without_an_address(
    visitor: Client, mail_is_away: pytest.MonkeyPatch
) -> None:
    User.objects.create_user("clerk", "", "pw")
    answer = visitor.post("/accounts/login/", {"login": "clerk", "password": "pw"})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("kind", ["own", "listed"])
def test_everybody_else_must_prove_an_address(visitor: Client, user: User, kind: str) -> None:
    if kind == "listed":
        EmailAddress.objects.create(user=user, email="ada@example.com", primary=True)
        User.objects.filter(pk=user.pk).update(email="")
    User.objects.filter(pk=user.pk).update(is_staff=True)
    answer = visitor.post("/accounts/login/", {"login": "ada", "password": "pw"})
    assert answer.headers["Location"] == "/accounts/confirm-email/"
    assert visitor.get("/api/notifications/").status_code == 401
    assert not any("_auth_user_id" in row.get_decoded() for row in Session.objects.all())


# A site that sends no mail


@pytest.fixture
def no_mail(settings: Any) -> None:
    settings.SENDS_MAIL = False


@pytest.mark.usefixtures("no_mail")
def test_a_reset_on_a_site_that_sends_no_mail_says_so_and_whom_to_ask(user: User) -> None:
    visitor = Client()
    asked = visitor.get("/accounts/password/reset/")
    sent = visitor.post("/accounts/password/reset/", {"email": "ada@example.com"})
    assert (asked.status_code, sent.status_code) == (200, 503)
    for answer in (asked, sent):
        page = answer.content.decode()
        assert "This site sends no mail" in page
        assert "Ask whoever runs this site" in page
        assert "We have sent you" not in page
    assert mail.outbox == []


@pytest.mark.usefixtures("no_mail")
def test_the_page_of_addresses_promises_no_mail_where_none_is_sent(
    browser: Client, user: User
) -> None:
    added = browser.post(
        "/accounts/email/", {"action_add": "", "email": "second@example.com"}, follow=True
    )
    page = added.content.decode()
    assert "second@example.com" in page
    assert "This site sends no mail" in page
    assert "Confirmation email sent" not in page
    assert 'name="action_send"' not in page
    browser.post("/accounts/email/", {"action_send": "", "email": "second@example.com"})
    assert mail.outbox == []


@pytest.mark.usefixtures("no_mail")
def test_no_link_reaches_the_log_where_no_mail_is_sent(
    user: User, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    visitor = Client()
    with capture_logs() as lines:
        visitor.post("/accounts/signup/", SIGN_UP)
        visitor.post("/accounts/email/", {"action_send": "", "email": "new@example.com"})
        visitor.post("/accounts/password/reset/", {"email": "ada@example.com"})
    assert "mail_not_sent" in [line["event"] for line in lines]
    for written in (str(lines), capsys.readouterr().out):
        assert "/accounts/confirm-email/" not in written
        assert "/accounts/password/reset/key/" not in written


def settings_with(**variables: str) -> subprocess.CompletedProcess[str]:
    production = {
        "DEBUG": "false", "SECRET_KEY": "k" * 50, "POSTGRES_PASSWORD": "p9-long", "DATABASE_URL": "",
        "PUBLIC_URL": "http://localhost", "EMAIL_URL": "", "EMAIL_VERIFICATION": "",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-c", "from config import settings; print(settings.SENDS_MAIL, settings.MAILERS)"],
        env={**os.environ, **production, **variables},
        capture_output=True, text=True, check=False, timeout=50,
    )  # fmt: skip


def test_production_without_email_url_sends_none_and_refuses_to_demand_proof_by_mail() -> None:
    silent = settings_with()
    assert silent.stdout.startswith("False "), silent.stderr
    assert "LogBackend" not in silent.stdout
    refused = settings_with(EMAIL_VERIFICATION="mandatory")
    assert refused.returncode == 1
    (line,) = refused.stderr.splitlines()
    assert line.startswith("bellhop: EMAIL_VERIFICATION: ")
    assert "EMAIL_URL" in line
    asked = settings_with(EMAIL_VERIFICATION="mandatory", EMAIL_URL="log")
    assert asked.stdout.startswith("True "), asked.stderr
    assert "core.accounts.mail.LogBackend" in asked.stdout


# What the log says of mailed links


LINKS = [
    ("/accounts/password/reset/key/a-secret-0/", "/accounts/password/reset/key/***/"),
    ("/accounts/confirm-email/MQ:1abc:sig/", "/accounts/confirm-email/***/"),
    ("/accounts/password/reset/key/a-secret-0?x=1", "/accounts/password/reset/key/***?x=1"),
    ("/accounts/confirm-email/", "/accounts/confirm-email/"),
    ("/accounts/password/reset/", "/accounts/password/reset/"),
    ("/notifications/", "/notifications/"),
]


@pytest.mark.parametrize(("path", "shown"), LINKS)
def test_the_secret_part_of_a_link_is_masked_and_nothing_else(path: str, shown: str) -> None:
    assert masked(f"GET {path}") == f"GET {shown}"


@pytest.mark.parametrize("path", [path for path, shown in LINKS if path != shown])
@pytest.mark.parametrize("fails", [False, True])
def test_no_line_of_a_request_has_it(
    path: str, fails: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if fails:
        monkeypatch.setattr("allauth.account.views.ConfirmEmailView.get", broken)
        monkeypatch.setattr("allauth.account.views.PasswordResetFromKeyView.dispatch", broken)
    visitor = Client(raise_request_exception=False, enforce_csrf_checks=True)
    with capture_logs() as lines:
        visitor.get(path)
        visitor.post(path)
    assert len(lines) >= 4
    secret = path.split("?")[0].strip("/").split("/")[-1]
    assert secret not in str([{**line, "exc_info": None} for line in lines])
    assert live_settings.LOGGING["handlers"]["stdout"]["filters"] == ["mask"]
    for record in caplog.records:
        MaskingFilter().filter(record)
        assert secret not in record.getMessage()


def broken(*_: Any, **__: Any) -> None:
    raise RuntimeError("broken")
