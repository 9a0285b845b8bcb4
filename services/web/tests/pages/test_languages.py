"""The language of pages and mails: as the browser asks, or as somebody has chosen."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as live_settings
from django.core import mail
from django.test import Client
from django.utils import translation

from tests.forms import forms_of

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def the_next_test_is_in_english() -> Iterator[None]:
    """A request leaves its language to the thread, until the next request comes."""
    yield
    translation.activate("en")


def page(client: Client, path: str = LOGIN, accept: str = "") -> str:
    headers = {"accept-language": accept} if accept else {}
    return client.get(path, headers=headers).content.decode()


@pytest.mark.parametrize(
    ("accept", "html", "words"),
    [
        ("", '<html lang="en">', "Sign in"),
        ("de-AT,de;q=0.9,en;q=0.5", '<html lang="de">', "Anmelden"),
        ("ar", '<html lang="ar" dir="rtl">', "تسجيل الدخول"),
        ("fr, de;q=0.5", '<html lang="de">', "Anmelden"),
        ("fr", '<html lang="en">', "Sign in"),
        ("\x00, ../../de, xx;q=x", '<html lang="en">', "Sign in"),
    ],
)
def test_a_page_is_in_the_language_the_browser_asks_for_else_in_english(
    accept: str, html: str, words: str
) -> None:
    text = page(Client(), accept=accept)
    assert html in text
    assert f"<h1>{words}</h1>" in text


def test_what_somebody_chooses_goes_before_what_the_browser_asks_for() -> None:
    client = Client()
    (form,) = [
        form for form in forms_of(page(client, accept="ar"), LOGIN) if form.action == "/language/"
    ]
    answer = client.post(form.action, {**form.fields, "language": "de"})
    assert (answer.status_code, answer.headers["Location"]) == (302, LOGIN)
    cookie = answer.cookies[live_settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["samesite"], cookie["max-age"] > 1_000_000) == ("de", "Lax", True)
    text = page(client, accept="ar")
    assert '<html lang="de">' in text
    assert "<h1>Anmelden</h1>" in text


@pytest.mark.parametrize("language", ["fr", "", "de\r\nSet-Cookie: x=y", "x" * 10_000])
def test_a_language_that_there_is_not_changes_nothing(language: str) -> None:
    client = Client()
    answer = client.post("/language/", {"language": language, "next": LOGIN})
    assert answer.status_code == 302
    assert '<html lang="de">' in page(client, accept="de")


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_the_choice_leads_to_no_foreign_site(place: str) -> None:
    answer = Client().post("/language/", {"language": "de", "next": place})
    assert answer.headers["Location"] == "/"


def test_an_error_is_in_the_language_of_who_meets_it_and_leaves_it_to_nobody_after(
    settings: Any,
) -> None:
    german = page(Client(), "/nothing/here", accept="de")
    assert '<html lang="de">' in german
    assert "Unter dieser Adresse ist nichts" in german
    # Refused before anything else is looked at.
    refused = Client(headers={"host": "evil.example"}).get("/").content.decode()
    assert '<html lang="en">' in refused


def test_the_api_speaks_english_to_every_program(browser: Client) -> None:
    answer = browser.post(
        "/api/notifications/read", "{}", "application/json", headers={"accept-language": "de"}
    )
    assert answer.status_code >= 400
    assert "ids" in answer.content.decode()
    nowhere = browser.get("/api/nothing", headers={"accept-language": "de"})
    assert nowhere.json()["error"]["message"] == "there is nothing here"


def test_a_mail_is_in_the_language_of_who_has_asked_for_it(user: Any) -> None:
    Client().post(
        "/accounts/password/reset/",
        {"email": "ada@example.com"},
        headers={
            "accept-language": "de",
            "host": live_settings.PUBLIC_URL.origin.partition("//")[2],
        },
    )
    (sent,) = mail.outbox
    assert sent.subject == "[Bellhop] Passwort zurücksetzen"
    assert str(sent.body).startswith("Guten Tag,\n")


def test_the_script_has_the_words_of_the_page_and_none_where_it_is_in_english(
    browser: Client,
) -> None:
    words = "bellhop/words."
    assert words not in page(browser, "/")
    german = page(browser, "/", accept="de")
    assert german.index(f"{words}de.js") < german.index("bellhop/bellhop.js")
    assert f"{words}ar.js" not in german


def test_what_people_wrote_stays_as_they_wrote_it(browser: Client, user: Any) -> None:
    user.username = "Save"
    user.save()
    assert ">Save</strong>" in page(browser, "/", accept="de")
