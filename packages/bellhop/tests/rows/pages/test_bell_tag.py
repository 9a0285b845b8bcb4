"""`{% bellhop_bell %}`: addresses and nothing else, in any template of any project."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.template import TemplateSyntaxError
from django.test import Client, RequestFactory
from django.test.utils import override_script_prefix
from django.urls import include, path
from django.utils.translation import override

from bellhop.conf import Conf
from bellhop.contract import SOCKET_PATH
from bellhop.urls import api_urls, inbox_urlpatterns
from rows.pages.conftest import TEMPLATES, engine

BELL = "{% bellhop_bell %}"
Render = Callable[..., str]


def test_it_is_the_element_with_a_plain_link_in_it_and_the_script(render: Render) -> None:
    assert render(BELL) == (
        '<bellhop-bell api="/notifications/api/" socket="/ws/notifications/" href="/notifications/"'
        ' preferences="/notifications/preferences/" panel="/static/bellhop/panel.js">'
        '<a href="/notifications/">Notifications</a></bellhop-bell>'
        '<script defer src="/static/bellhop/bellhop.js"></script>'
    )


def test_the_script_is_left_out_or_stands_alone_as_the_template_says(render: Render) -> None:
    assert "<script" not in render("{% bellhop_bell script=False %}")
    alone = render("{% bellhop_script %}")
    assert alone == '<script defer src="/static/bellhop/bellhop.js"></script>'
    assert render("{% bellhop_bell script=False %}{% bellhop_script %}") == render(BELL)


def test_the_count_goes_into_the_title_only_where_that_is_wanted(render: Render) -> None:
    assert "title-count" not in render(BELL)
    assert " title-count" in render("{% bellhop_bell title_count=True %}")


def test_two_bells_are_alike(render: Render) -> None:
    assert render(BELL + BELL) == render(BELL) * 2


# What a page with a bell costs, and what it tells of whoever asks: nothing.


@pytest.mark.django_db
def test_a_page_with_a_bell_asks_no_query_and_reads_no_session(
    browser: Client, project: Any, django_assert_num_queries: Any
) -> None:
    # Where it could look, if it would.
    project.TEMPLATES = [engine(TEMPLATES, "django.template.context_processors.request")]
    with django_assert_num_queries(0):
        answer = browser.get("/")
    assert b"<bellhop-bell" in answer.content
    assert not answer.wsgi_request.session.accessed
    assert not answer.wsgi_request.session.modified
    assert "Vary" not in answer.headers
    assert answer.cookies == {}


@pytest.mark.django_db
def test_a_page_with_a_bell_is_the_same_for_everybody(
    browser: Client, user: User, project: Any
) -> None:
    project.TEMPLATES = [engine(TEMPLATES, "django.template.context_processors.request")]
    page = browser.get("/").content
    assert page == Client().get("/").content
    assert user.username.encode() not in page


def test_it_may_be_kept_by_a_cache_of_fragments(render: Render, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    kept = "{% load cache %}{% cache 500 header %}{% bellhop_bell script=False %}{% endcache %}"
    assert render(kept) == render(kept) == render("{% bellhop_bell script=False %}")


# The addresses.


@pytest.mark.django_db
def test_it_follows_a_script_name(browser: Client, settings: Any) -> None:
    settings.FORCE_SCRIPT_NAME = "/shop"
    with override_script_prefix("/shop/"):
        page = browser.get("/").content.decode()
    assert 'api="/shop/notifications/api/"' in page
    assert page.count('href="/shop/notifications/"') == 2


def test_it_follows_the_static_files_to_another_origin(render: Render, settings: Any) -> None:
    settings.STATIC_URL = "https://cdn.example/s/"
    assert 'src="https://cdn.example/s/bellhop/bellhop.js"' in render(BELL)


@pytest.mark.parametrize("url", ["wss://ws.example/n/", ":8001/ws/notifications/"])
def test_the_socket_is_where_the_setting_says(render: Render, settings: Any, url: str) -> None:
    settings.BELLHOP = {"SOCKET_URL": url}
    assert f'socket="{url}"' in render(BELL)


def test_without_a_word_the_socket_is_where_the_package_serves_it() -> None:
    assert Conf.SOCKET_URL == SOCKET_PATH


def test_the_csrf_header_is_named_only_where_it_is_not_djangos_own(
    render: Render, settings: Any
) -> None:
    assert "csrf-header" not in render(BELL)
    settings.CSRF_HEADER_NAME = "HTTP_X_SHOP_TOKEN"
    assert ' csrf-header="X-SHOP-TOKEN"' in render(BELL)


def test_without_the_addresses_it_says_the_line_to_write(render: Render, settings: Any) -> None:
    settings.ROOT_URLCONF = "rows.checks.no_urls"
    with pytest.raises(ImproperlyConfigured) as error:
        render(BELL)
    assert str(error.value) == (
        "bellhop.urls is not included: write into rows.checks.no_urls:"
        ' path("notifications/", include("bellhop.urls"))'
    )


def test_what_stands_in_the_settings_is_escaped(render: Render, settings: Any) -> None:
    settings.BELLHOP = {"SOCKET_URL": '/"><script>alert(1)</script>'}
    settings.CSRF_HEADER_NAME = 'HTTP_"><B>'
    assert not re.search(r"<script>|<B>", render(BELL))


def test_the_panel_follows_the_static_files_and_the_preferences_the_addresses_of_the_project(
    render: Render, settings: Any
) -> None:
    settings.STATIC_URL = "https://cdn.example/s/"
    assert ' panel="https://cdn.example/s/bellhop/panel.js"' in render(BELL)
    with override_script_prefix("/shop/"):
        assert ' preferences="/shop/notifications/preferences/"' in render(BELL)


def test_a_project_without_the_page_of_preferences_has_a_bell_that_leads_to_none(
    render: Render, settings: Any
) -> None:
    theirs = [*inbox_urlpatterns, path("api/", api_urls)]
    settings.ROOT_URLCONF = (path("notifications/", include((theirs, "bellhop"))),)
    assert "<bellhop-bell " in render(BELL)
    assert "preferences" not in render(BELL)


def test_the_words_come_before_the_script_in_the_language_of_the_page(render: Render) -> None:
    scripts = r'<script defer src="/static/bellhop/([\w.-]+)" nonce="n1"></script>'
    for language, names in (
        ("de", ["words.de.js", "bellhop.js"]),
        ("de-at", ["words.de.js", "bellhop.js"]),
        ("ar", ["words.ar.js", "bellhop.js"]),
        ("en", ["bellhop.js"]),
        ("en-gb", ["bellhop.js"]),
        ("tlh", ["bellhop.js"]),
    ):
        with override(language):
            for tag in (BELL, "{% bellhop_script %}"):
                assert re.findall(scripts, render(tag, {"csp_nonce": "n1"})) == names
            assert "words" not in render("{% bellhop_bell script=False %}")


def test_the_link_speaks_the_language_of_the_page(
    render: Render, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bellhop.http.element.gettext", lambda text: f"<{text} & mehr>")
    with override("de"):
        assert "&lt;Notifications &amp; mehr&gt;</a>" in render(BELL)


# The nonce of a strict policy.


class LazyNonce:
    """As Django's and django-csp's: false until somebody has asked for it, and then the policy names it."""

    asked = False

    def __bool__(self) -> bool:
        return self.asked

    def __str__(self) -> str:
        self.asked = True
        return 'n0"nce'


def test_there_is_no_nonce_where_there_is_none(render: Render) -> None:
    request = RequestFactory().get("/")
    for context in ({}, {"csp_nonce": None}, {"request": request}, {"request": None}):
        assert "nonce" not in render(BELL, context)


@pytest.mark.parametrize("tag", [BELL, "{% bellhop_script %}"])
def test_the_nonce_is_that_of_the_context_processor_or_of_the_request(
    render: Render, tag: str
) -> None:
    for context in (
        {"csp_nonce": LazyNonce()},
        {"request": SimpleNamespace(csp_nonce=LazyNonce())},
        {"csp_nonce": LazyNonce(), "request": SimpleNamespace(csp_nonce="other")},
        {"csp_nonce": None, "request": SimpleNamespace(csp_nonce=LazyNonce())},
    ):
        assert '.js" nonce="n0&quot;nce"></script>' in render(tag, context)


def test_a_given_nonce_counts_more_and_an_empty_one_is_none(render: Render) -> None:
    context = {"csp_nonce": LazyNonce(), "mine": "m1ne"}
    assert ' nonce="m1ne"' in render("{% bellhop_bell nonce=mine %}", context)
    assert "nonce" not in render('{% bellhop_bell nonce="" %}', context)


def test_no_nonce_is_asked_for_where_the_script_is_left_out(render: Render) -> None:
    nonce = LazyNonce()
    render("{% bellhop_bell script=False %}", {"csp_nonce": nonce})
    assert not nonce.asked


@pytest.mark.django_db
def test_the_nonce_in_the_page_is_the_one_in_the_header(settings: Any) -> None:
    csp = pytest.importorskip("django.utils.csp", reason="Django 6")
    settings.SECURE_CSP = {"script-src": [csp.CSP.NONCE, csp.CSP.STRICT_DYNAMIC]}
    settings.MIDDLEWARE = ["django.middleware.csp.ContentSecurityPolicyMiddleware"]
    home = {"home.html": "{% load bellhop %}" + BELL}
    settings.TEMPLATES = [engine(home, "django.template.context_processors.csp")]
    answer = Client().get("/")
    (nonce,) = re.findall(r'nonce="([^"]+)"', answer.content.decode())
    assert f"'nonce-{nonce}'" in answer.headers["Content-Security-Policy"]


def test_a_misspelt_argument_is_refused(render: Render) -> None:
    with pytest.raises(TemplateSyntaxError):
        render("{% bellhop_bell scripts=False %}")
