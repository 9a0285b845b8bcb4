"""Error answers: a page that asks nobody anything, and JSON under /api/."""

from typing import Any

import pytest
from allauth.core.ratelimit import respond_429
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.management import call_command
from django.db import OperationalError, ProgrammingError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import include, path

from config import urls
from core.pages import errors

pytestmark = pytest.mark.django_db


def broken(request: HttpRequest, kind: str) -> HttpResponse:
    raise {
        "400": BadRequest("secret"),
        "403": PermissionDenied("secret"),
        "404": Http404("secret"),
        "500": ProgrammingError("secret"),
        "503": OperationalError("secret"),
    }[kind]


class Broken:
    """The site's own URLs and handlers, and views that fail."""

    urlpatterns = [
        path("broken/<kind>", broken),
        path("api/broken/<kind>", broken),
        path("", include(urls)),
    ]
    handler400, handler403, handler404, handler500 = (
        urls.handler400,
        urls.handler403,
        urls.handler404,
        urls.handler500,
    )


@pytest.fixture
def visitor(settings: Any, user: User) -> Client:
    """Signed in, and sees answers instead of exceptions."""
    settings.ROOT_URLCONF = Broken
    client = Client(raise_request_exception=False)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch, visitor: Client) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", away)


@pytest.mark.parametrize("kind", ["400", "403", "404", "500", "503"])
@pytest.mark.usefixtures("no_database")
def test_an_error_page_needs_no_database_and_tells_no_detail(visitor: Client, kind: str) -> None:
    visitor.cookies.clear()
    answer = visitor.get(f"/broken/{kind}")
    assert answer.status_code == int(kind)
    page = answer.content.decode()
    assert f'<p class="error-code">{kind}</p>' in page
    assert "secret" not in page


@pytest.mark.parametrize("kind", ["400", "403", "404", "500", "503"])
@pytest.mark.usefixtures("no_database")
def test_an_error_under_api_is_json_and_tells_no_detail(visitor: Client, kind: str) -> None:
    visitor.cookies.clear()
    answer = visitor.get(f"/api/broken/{kind}")
    assert answer.status_code == int(kind)
    assert set(answer.json()["error"]) == {"code", "field", "message"}
    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize("path", ["/", "/accounts/email/", "/admin/", "/broken/404"])
@pytest.mark.usefixtures("no_database")
def test_without_a_database_a_signed_in_person_sees_the_503_page(
    visitor: Client, path: str
) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    page = answer.content.decode()
    assert "Back in a moment" in page
    assert "connection refused" not in page


@pytest.mark.usefixtures("no_database")
def test_without_a_database_the_api_says_503_in_json(visitor: Client) -> None:
    answer = visitor.get("/api/notifications/summary")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.json() == {
        "error": {"code": "unavailable", "field": None, "message": "try again in a few seconds"}
    }


@pytest.fixture
def no_context(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: HttpRequest) -> None:
        raise RuntimeError("what every page needs is broken")

    monkeypatch.setattr("bellhop.http.context_processors.key_of", fails)


@pytest.mark.parametrize("kind", ["400", "403", "404"])
@pytest.mark.usefixtures("no_context")
def test_an_error_page_needs_nothing_that_other_pages_need(visitor: Client, kind: str) -> None:
    assert visitor.get("/accounts/email/").status_code == 500
    assert visitor.get(f"/broken/{kind}").status_code == int(kind)


@pytest.mark.usefixtures("no_context")
def test_an_expired_form_and_a_throttle_need_nothing_of_that_either(user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    answer = client.post("/accounts/email/")
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()
    request = RequestFactory().get("/")
    request.user = user
    assert respond_429(request).status_code == 429


def test_an_error_page_tells_nothing_of_the_person(visitor: Client, user: User) -> None:
    assert user.username not in visitor.get("/broken/404").content.decode()


@pytest.mark.parametrize("debug", [True, False])
def test_an_unknown_address_under_api_is_the_contracts_404(
    client: Client, settings: Any, debug: bool
) -> None:
    settings.DEBUG = debug
    for call in (client.get, client.post, client.delete):
        answer = call("/api/nothing/here")
        assert answer.status_code == 404
        assert answer.json() == {
            "error": {"code": "not_found", "field": None, "message": "there is nothing here"}
        }


def test_the_list_without_its_slash_is_still_led_to_it(client: Client) -> None:
    answer = client.get("/api/notifications?limit=1")
    assert answer.headers["Location"] == "/api/notifications/?limit=1"


def test_a_form_without_its_token_gets_the_page_that_says_so(user: User) -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "ada"})
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()


def test_too_many_attempts_get_the_page_that_says_so(client: Client) -> None:
    form = {"email": "nobody@example.com"}
    answers = [client.post("/accounts/password/reset/", form) for _ in range(21)]
    assert answers[0].status_code == 302
    assert answers[-1].status_code == 429
    assert '<p class="error-code">429</p>' in answers[-1].content.decode()


@pytest.mark.parametrize("code", ["400", "403", "404", "429", "500", "503"])
def test_an_error_page_loads_only_files_that_are_there(code: str) -> None:
    page = render_to_string(f"errors/{code}.html")
    for found in [part.partition('"')[0] for part in page.split('"/static/')[1:]]:
        assert finders.find(found), found


def test_every_static_file_that_a_page_names_can_be_collected(settings: Any, tmp_path: Any) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "core.pages.static_storage.StaticStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    for name in ("/", "/accounts/login/"):
        page = Client().get(name).content.decode()
        assert "/static/site/site." in page
        assert "/static/site/site.css" not in page


def test_the_icon_is_found_where_old_browsers_look(client: Client) -> None:
    assert client.get("/favicon.ico").headers["Location"] == "/static/site/favicon.ico"


def test_words_of_an_error_that_has_none_of_its_own_are_the_standards() -> None:
    request = HttpRequest()
    request.path = "/api/x"
    answer = errors.too_many_requests(request)
    assert answer.status_code == 429
    assert b'"too_many_requests"' in answer.content


@pytest.mark.parametrize(
    "path",
    [
        "notifications/",
        "notifications/summary",
        "nowhere",
        *(f"broken/{kind}" for kind in (400, 403, 404, 500, 503)),
    ],
)
def test_nobody_keeps_what_the_api_says(visitor: Client, path: str) -> None:
    for client in (visitor, Client(raise_request_exception=False)):
        assert client.get(f"/api/{path}").headers["Cache-Control"] == "no-store"
    foreign = visitor.get(f"/api/{path}", headers={"host": "evil.example"})
    assert foreign.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("debug", [True, False])
def test_only_developments_own_pages_may_have_their_style_inside(
    visitor: Client, settings: Any, debug: bool
) -> None:
    settings.DEBUG = debug
    for where in ("/nowhere", "/broken/400", "/broken/500"):
        policy = visitor.get(where).headers["Content-Security-Policy"]
        assert ("unsafe-inline" in policy) is debug, where
    assert "unsafe" not in visitor.get("/").headers["Content-Security-Policy"]
