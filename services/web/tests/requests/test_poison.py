"""Whatever bytes arrive, in a path, a query, a form, a cookie or a header of any address: an answer, and no 500."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from django.conf import settings as live_settings
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.wsgi import application
from core.requests.storable_text import is_storable
from tests.addresses import templates
from tests.forms import Form, forms_of
from tests.rows import add

pytestmark = pytest.mark.django_db
POISONS = [
    b"\0", b"a\0b", b"\xff", b"\xed\xa0\x80", b"\xf0\x9f\x94\x94", b"9" * 30, b"-1", b"1e999", b"NaN",
    b"", b"'", b"%", b"_00", b"../..", b"\r\nX: y", b"\x1f", "\u202e".encode(), b"x" * 3000,
]  # fmt: skip
PATH_POISONS = [b"\0", b"\xed\xa0\x80", b"9" * 30, b"_00", b"%", b"../..", b"x" * 3000]
QUERY_POISONS = [b"\0", b"\xed\xa0\x80", b"9" * 30, b"1e999", b"-1", b"", b"'"]
FORM_POISONS = [b"\0", b"\xff", b"9" * 30, b"'"]
COOKIE_POISONS = [b"\0", b"\0" * 8, b"\xff", b"\xed\xa0\x80", b"", b"x" * 3000]
HEADER_POISONS = [b"\0", b"a\0b", b"\xff", b"", b"x" * 3000]
QUERIES = [
    "before", "after", "limit", "unread", "archived", "next", "email", "login", "process",
    "q", "o", "p", "e", "all", "_popup", "_to_field", "_facets", "_changelist_filters",
    "id__exact", "kind__exact", "created__gte", "created__date", "recipient__username", "seq__in",
    "user__id__exact", "is_staff__exact", "groups__id__exact", "read_at__isnull",
    "term", "app_label", "model_name", "field_name",
]  # fmt: skip
FIELDS = [
    "action", "id", "through", "next", "user_key", "email", "login", "password", "username",
    "password1", "password2", "oldpassword", "action_add", "action_send", "action_primary",
    "action_remove", "remember", "csrfmiddlewaretoken", "_selected_action", "index",
    "select_across", "post", "_save", "date_joined_0",
]  # fmt: skip
COOKIES = ["sessionid", "csrftoken", "messages", "theme", "django_language"]
HEADERS = [
    "User-Agent", "X-Forwarded-For", "X-Request-ID", "Referer", "Origin", "Accept", "Accept-Language",
    "X-CSRFToken", "X-Requested-With", "X-Forwarded-Proto", "If-Modified-Since",
]  # fmt: skip
CHARSETS = [
    "utf-7",
    "utf-16",
    "unicode_escape",
    "raw_unicode_escape",
    "zip",
    "rot13",
    "idna",
    "none",
]
EVERYWHERE = sorted(set(templates()))


@pytest.fixture(autouse=True)
def cached_templates(settings: Any) -> None:
    """As in production: thousands of pages are rendered here."""
    (engine,) = settings.TEMPLATES
    loaders = [("django.template.loaders.cached.Loader", engine["OPTIONS"]["loaders"])]
    settings.TEMPLATES = [{**engine, "OPTIONS": {**engine["OPTIONS"], "loaders": loaders}}]


@pytest.fixture
def boss(user: User) -> Client:
    """An administrator with something in the inbox, who sees answers instead of exceptions."""
    add(user, 2)
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    client = Client(raise_request_exception=False)
    client.force_login(user, live_settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.fixture
def stranger() -> Client:
    return Client(raise_request_exception=False)


def quoted(poison: bytes) -> str:
    return quote_from_bytes(poison, safe="")


def failed(answers: Iterator[tuple[str, Any]]) -> list[str]:
    return [what for what, answer in answers if answer.status_code >= 500]


def test_the_site_has_more_than_its_own_addresses() -> None:
    assert {
        "/",
        "/api/notifications/read",
        "/accounts/confirm-email/{}/",
        "/admin/auth/user/{}/change/",
    } <= {*EVERYWHERE}
    assert "/accounts/password/reset/key/{}-{}/" in EVERYWHERE


@pytest.mark.parametrize("poison", PATH_POISONS, ids=repr)
def test_in_a_path(boss: Client, stranger: Client, poison: bytes) -> None:
    paths = {path.replace("{}", quoted(poison)) for path in EVERYWHERE if "{}" in path}
    paths |= {f"{path}{quoted(poison)}" for path in ("/", "/api/", "/accounts/", "/static/")}

    def ask() -> Iterator[tuple[str, Any]]:
        for path in sorted(paths):
            for client in (boss, stranger):
                yield f"GET {path}", client.get(path)
            yield f"POST {path}", boss.post(path, {"post": "yes"})

    assert failed(ask()) == []


LISTS = [path for path in EVERYWHERE if "{}" not in path and "logout" not in path]


@pytest.mark.parametrize("poison", QUERY_POISONS, ids=repr)
def test_in_a_query(boss: Client, stranger: Client, poison: bytes) -> None:
    def ask() -> Iterator[tuple[str, Any]]:
        for path in LISTS:
            whole = "&".join(f"{name}={quoted(poison)}" for name in QUERIES)
            yield f"{path}?(all)", stranger.get(f"{path}?{whole}")
            yield f"{path}?next", boss.get(f"{path}?next={quoted(poison)}")
        yield "/?(name)", boss.get(f"/?{quoted(poison)}=1")
        # Each filter alone: one that is refused hides the others.
        for name in QUERIES:
            url = f"/admin/bellhop/notification/?{name}={quoted(poison)}"
            yield url, boss.get(url)

    assert failed(ask()) == []


def forms_with_fields(client: Client) -> dict[tuple[str, str], Form]:
    """Every form of the site that this person is shown, by its address and one of its fields."""
    found = {}
    for path in LISTS:
        page = client.get(path)
        if page.status_code == 200 and "text/html" in page.headers["Content-Type"]:
            for form in forms_of(page.content.decode(), path):
                if form.method == "post" and "logout" not in form.action:
                    found.update({(form.action, name): form for name in form.fields})
    return found


@pytest.mark.parametrize("poison", FORM_POISONS, ids=repr)
def test_in_a_form(boss: Client, stranger: Client, poison: bytes) -> None:
    def ask() -> Iterator[tuple[str, Any]]:
        for client in (stranger, boss):
            for (action, name), form in forms_with_fields(client).items():
                fields = {**form.fields, **(form.buttons or [{}])[0]}
                yield f"{action} {name}", send(client, action, {**fields, name: poison})
            for path in ("/notifications/mark/", "/accounts/login/", "/accounts/email/"):
                for name in FIELDS:
                    fields = {"action": "read", "through": "1", "email": "a@b.example"}
                    yield f"{path} {name}", send(client, path, {**fields, name: poison})

    assert failed(ask()) == []


def send(client: Client, path: str, fields: dict[str, Any]) -> Any:
    """Post a form with bytes in it."""
    body = "&".join(
        f"{name}={quoted(value if isinstance(value, bytes) else value.encode())}"
        for name, value in fields.items()
    )
    return client.post(path, body, content_type="application/x-www-form-urlencoded")


TYPES = [f"{{}}; charset={charset}" for charset in CHARSETS] + [
    "{}; charset*=x",
    "{}; a*=b'c",
    "\xff",
    "",
]


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"]
)
def test_in_a_content_type(boss: Client, type_: str, kind: str) -> None:
    """By the application itself, whose requests are not those of Django's test client."""
    parts = '--b\r\nContent-Disposition: form-data; name="email"\r\n\r\n\\ud800a@b.example+2AA-\r\n'
    body = parts + parts.replace('"email"', '"action_send"') + "--b--\r\n"
    if "urlencoded" in kind:
        body = "email=%5Cud800a%40b.example&action_send="
    for path in ("/accounts/email/", "/admin/bellhop/notification/"):
        for method in ("GET", "POST"):
            environ: dict[str, Any] = RequestFactory().generic(method, path, body.encode()).environ
            environ["CONTENT_TYPE"] = type_.format(kind)
            environ["QUERY_STRING"] = "q=%5Cud800"
            environ["HTTP_COOKIE"] = f"sessionid={boss.cookies['sessionid'].value}"
            answer = application.get_response(application.request_class(environ))
            assert answer.status_code < 500


def in_a_cookie(poison: bytes) -> Iterator[str]:
    """As it is, and as Python's own quoting of cookies writes it."""
    yield poison.decode("latin-1")
    yield '"' + "".join(f"\\{byte:03o}" for byte in poison) + '"'


@pytest.mark.parametrize("poison", COOKIE_POISONS, ids=repr)
@pytest.mark.parametrize("path", ["/api/notifications/", "/accounts/login/"])
def test_in_a_cookie(user: User, poison: bytes, path: str) -> None:
    client = Client(raise_request_exception=False)

    def ask() -> Iterator[tuple[str, Any]]:
        for name in COOKIES:
            for value in in_a_cookie(poison):
                headers = {"cookie": f"{name}={value}"}
                yield f"GET {name}={value!r}", client.get(path, headers=headers)
                form = {"login": "ada", "password": "pw"}
                yield f"POST {name}={value!r}", client.post(path, form, headers=headers)

    assert failed(ask()) == []


@pytest.mark.parametrize("poison", HEADER_POISONS, ids=repr)
def test_in_a_header(user: User, poison: bytes) -> None:
    def ask() -> Iterator[tuple[str, Any]]:
        for name in HEADERS:
            client = Client(raise_request_exception=False, headers={name: poison.decode("latin-1")})
            for path in ("/", "/api/notifications/", "/api/nothing"):
                yield f"GET {path} {name}", client.get(path)
            form = {"login": "ada", "password": "pw"}
            yield f"login {name}", client.post("/accounts/login/", form)
            yield f"GET / {name}, signed in", client.get("/accounts/sessions/")

    assert failed(ask()) == []


@pytest.mark.parametrize("text", ["\0", "a\0", "\ud800", "é\udc80"])
def test_what_postgresql_does_not_take_is_known(text: str) -> None:
    assert not is_storable(text)


@pytest.mark.parametrize(
    "text", ["", "a", "é", "🔔", "\u202e", "\x1f", "\uffff", "\ud7ff", "\ue000"]
)
def test_everything_else_is_taken(text: str) -> None:
    assert is_storable(text)


def test_a_session_cookie_of_nonsense_is_nobody_signed_in(user: User) -> None:
    for value in (
        '"\\000\\000\\000\\000\\000\\000\\000\\000"',
        "A" * 32,
        "a" * 31,
        "a" * 33,
        "é" * 32,
    ):
        client = Client(headers={"cookie": f"sessionid={value}"})
        assert client.get("/").status_code == 200
        assert client.get("/api/notifications/").json()["error"]["code"] == "no_session"
        assert client.get("/accounts/sessions/").headers["Location"].startswith("/accounts/login/")


def test_nul_in_a_filter_of_the_admin_is_a_plain_400(boss: Client) -> None:
    answer = boss.get("/admin/bellhop/notification/?kind__exact=%00")
    assert answer.status_code == 400
    assert "This request was not understood" in answer.content.decode()


ANY_BYTES = st.binary(max_size=12) | st.sampled_from(POISONS)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    path=st.sampled_from(EVERYWHERE).filter(lambda path: "logout" not in path),
    part=ANY_BYTES,
    query=st.dictionaries(st.sampled_from(QUERIES), ANY_BYTES, max_size=3),
    fields=st.dictionaries(st.sampled_from(FIELDS), ANY_BYTES, max_size=3),
    is_post=st.booleans(),
)
def test_anywhere_at_once(
    boss: Client, path: str, part: bytes, query: Any, fields: Any, is_post: bool
) -> None:
    # Django's own admin answers an empty one with 500, to staff alone.
    if query.get("_to_field") == b"":
        del query["_to_field"]
    url = path.replace("{}", quoted(part)) + "?"
    url += "&".join(f"{name}={quoted(value)}" for name, value in query.items())
    if is_post:
        body = "&".join(f"{name}={quoted(value)}" for name, value in fields.items())
        answer = boss.post(url, body, content_type="application/x-www-form-urlencoded")
    else:
        answer = boss.get(url)
    assert answer.status_code < 500
