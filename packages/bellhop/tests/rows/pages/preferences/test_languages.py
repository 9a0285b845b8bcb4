"""The package's pages in a project's language, whether that is chosen for each request or for the whole site."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from rows.pages.conftest import TEMPLATES, engine

Render = Callable[..., str]


@pytest.fixture(autouse=True)
def the_next_test_is_in_english() -> Iterator[None]:
    """A request leaves its language to the thread, until the next request comes."""
    language = translation.get_language()
    yield
    translation.activate(language or "en")


def scripts(html: str) -> list[str]:
    return re.findall(r'<script defer src="/static/bellhop/([^"]+)"', html)


@pytest.mark.parametrize(
    ("language", "served"),
    [
        ("en", ["bellhop.js"]),
        ("de", ["words.de.js", "bellhop.js"]),
        ("de-at", ["words.de.js", "bellhop.js"]),
        ("ar", ["words.ar.js", "bellhop.js"]),
        ("fr", ["bellhop.js"]),
        (None, ["bellhop.js"]),
    ],
)
def test_the_words_of_the_language_come_before_the_script(
    render: Render, language: str | None, served: list[str]
) -> None:
    with translation.override(language):
        assert scripts(render("{% bellhop_script %}")) == served
        assert scripts(render("{% bellhop_bell %}")) == served


def test_the_words_have_the_nonce_of_the_script(render: Render) -> None:
    with translation.override("de"):
        assert render("{% bellhop_script nonce='n0nce' %}").count(' nonce="n0nce"') == 2


@pytest.mark.django_db
@pytest.mark.parametrize("accept", ["", "ar"])
def test_without_a_choice_for_each_request_pages_are_in_the_language_of_the_site(
    settings: Any, user: User, accept: str
) -> None:
    settings.LANGUAGE_CODE = "de"
    client = Client(headers={"accept-language": accept})
    client.force_login(user)
    with translation.override("de"):  # as Django does at the start of a process
        html = client.get("/notifications/preferences/").content.decode()
    assert "Was ankommt" in html
    assert "What reaches you" not in html


@pytest.mark.django_db
def test_where_each_request_has_its_language_pages_follow_it(settings: Any, user: User) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.locale.LocaleMiddleware"]
    client = Client()
    client.force_login(user)
    html = client.get("/notifications/preferences/", headers={"accept-language": "ar"})
    assert "ما يصلك" in html.content.decode()


@pytest.mark.parametrize(
    ("language", "html"),
    [("en", '<html lang="en">'), ("de", '<html lang="de">'), ("ar", '<html lang="ar" dir="rtl">')],
)
def test_the_packages_own_base_names_its_language_and_runs_its_way(
    settings: Any, language: str, html: str
) -> None:
    settings.TEMPLATES = [engine(TEMPLATES, "django.template.context_processors.i18n")]
    with translation.override(language):
        assert html in render_to_string("bellhop/base.html")


@pytest.mark.django_db
def test_the_api_speaks_english_to_every_program(settings: Any, user: User) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.locale.LocaleMiddleware"]
    client = Client(headers={"accept-language": "de"})
    client.force_login(user)
    quiet = {"from": "22:00", "until": "22:00", "zone": "UTC"}
    answer = client.post("/notifications/api/preferences", {"quiet": quiet}, "application/json")
    assert answer.status_code == 400
    assert "must be another time than the one they begin at" in answer.content.decode()
    # A page says the same to a person.
    form = {"do": "quiet", **quiet}
    page = client.post("/notifications/preferences/", form).content.decode()
    assert "muss sich von der Anfangszeit unterscheiden" in page
