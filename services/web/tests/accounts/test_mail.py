"""The mails that accounts send: their words, their links, and how they look in the log."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from structlog.testing import capture_logs

from config.mail import mailer
from core.accounts import mail as core_mail

pytestmark = pytest.mark.django_db
SIGN_UP = {"username": "new", "password1": "x1-y2-z3-!", "password2": "x1-y2-z3-!"}


def reset(client: Client, email: str = "ada@example.com") -> None:
    client.post("/accounts/password/reset/", {"email": email})


def reset_for_nobody(client: Client) -> None:
    reset(client, "nobody@example.com")


def sign_up(client: Client, email: str = "new@example.com") -> None:
    client.post("/accounts/signup/", {**SIGN_UP, "email": email})


def sign_up_again(client: Client) -> None:
    sign_up(client, "ada@example.com")


MAILS: list[tuple[Callable[[Client], None], str]] = [
    (reset, "[Bellhop] Reset your password"),
    (reset_for_nobody, "[Bellhop] There is no account with this address"),
    (sign_up, "[Bellhop] Confirm your email address"),
    (sign_up_again, "[Bellhop] You already have an account"),
]


@pytest.fixture
def client(settings: Any, user: User) -> Client:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    return Client(headers={"host": settings.PUBLIC_URL.origin.partition("//")[2]})


@pytest.mark.parametrize(("act", "subject"), MAILS, ids=lambda value: str(value))
def test_a_mail_has_a_subject_the_products_voice_and_one_link_that_works(
    client: Client, settings: Any, act: Callable[[Client], None], subject: str
) -> None:
    act(client)
    (sent,) = mail.outbox
    assert sent.subject == subject
    body = str(sent.body)
    assert body.startswith("Hello,\n")
    assert "&" not in body
    (link,) = re.findall(r"^https?://\S+$", body, re.MULTILINE)
    assert link.startswith(settings.PUBLIC_URL.origin + "/accounts/")
    assert client.get(link.removeprefix(settings.PUBLIC_URL.origin), follow=True).status_code == 200
    # allauth's own words for a site that has no name.
    assert "Hello from" not in body
    assert "Thank you for using" not in body


def test_the_link_of_a_reset_leads_to_a_new_password(client: Client, settings: Any) -> None:
    reset(client)
    (link,) = re.findall(r"https?://\S+", str(mail.outbox[0].body))[:1]
    form = client.get(link.removeprefix(settings.PUBLIC_URL.origin), follow=True)
    assert "Choose a new password" in form.content.decode()
    new = {"password1": "an0ther-one!", "password2": "an0ther-one!"}
    done = client.post(form.request["PATH_INFO"], new, follow=True)
    assert "Password changed" in done.content.decode()
    assert User.objects.get(username="ada").check_password("an0ther-one!")
    again = Client().get(link.removeprefix(settings.PUBLIC_URL.origin), follow=True)
    assert "This link no longer works" in again.content.decode()


def test_the_link_of_a_confirmation_confirms(client: Client, settings: Any) -> None:
    sign_up(client)
    (link,) = re.findall(r"https?://\S+", str(mail.outbox[0].body))[:1]
    path = link.removeprefix(settings.PUBLIC_URL.origin)
    assert "Yes, confirm" in client.get(path).content.decode()
    client.post(path)
    new = User.objects.get(username="new")
    assert new.emailaddress_set.get().verified  # type: ignore[attr-defined]


def test_mail_goes_to_the_log_in_development_and_where_it_is_asked_for_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = {"BACKEND": "core.accounts.mail.LogBackend"}
    monkeypatch.delenv("EMAIL_URL", raising=False)
    assert mailer(development=True) == log
    assert mailer(development=False) is None
    for word in ("log", "LOG", "console:"):
        monkeypatch.setenv("EMAIL_URL", word)
        assert mailer(development=False) == mailer(development=True) == log
    monkeypatch.setenv("EMAIL_URL", "smtp://mail.example.com:587/?tls=True")
    for development in (True, False):
        found = mailer(development=development)
        assert found is not None
        assert found["BACKEND"].endswith("smtp.EmailBackend")


def test_a_link_stays_in_one_piece_in_the_log(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core_mail, "log", structlog.get_logger("uncached"))
    link = "http://localhost:8080/accounts/confirm-email/" + "Mg:1x=" * 40 + "/?a=b"
    message = mail.EmailMessage("Grüße", f"Hello Zoë,\n\n{link}\n", "a@x.example", ["z@x.example"])
    with capture_logs() as lines:
        assert core_mail.LogBackend().send_messages([message]) == 1
    assert lines == [
        {"event": "mail_written", "log_level": "info", "to": "z@x.example", "subject": "Grüße"}
    ]
    written = capsys.readouterr().out.splitlines()
    assert written == ["    Hello Zoë,", "", f"    {link}"]
