"""The undocumented parts of Django and allauth that are used are there in the installed versions."""

from io import BytesIO
from typing import Any

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from bellhop.sessions.users import AS_DJANGOS
from core.accounts.adapter import AccountAdapter
from core.private_apis import STAGE, Utf8Request, error_behind


def posted(content_type: str) -> Utf8Request:
    body = "name=\N{BELL}".encode()
    environ: dict[str, Any] = RequestFactory().post("/").environ
    return Utf8Request(
        {
            **environ,
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
        }
    )


@pytest.mark.parametrize("parameter", ["", "; charset=utf-16", "; charset=zip", "; charset*=x"])
def test_a_request_is_read_as_utf_8_whatever_its_content_type_says(parameter: str) -> None:
    request = posted("application/x-www-form-urlencoded" + parameter)
    assert request.encoding is None
    assert request.content_type in ("application/x-www-form-urlencoded", "")


def test_a_form_is_read_as_utf_8() -> None:
    request = posted("application/x-www-form-urlencoded; charset=utf-16")
    assert request.POST["name"] == "\N{BELL}"


def interrupted(monkeypatch: pytest.MonkeyPatch, error: Exception) -> SessionInterrupted:
    """Return what Django's own middleware raises where the update of a session ends with that error."""

    def fails(*_: Any, **__: Any) -> Any:
        raise error

    request: Any = RequestFactory().get("/")
    request.session = SessionStore()
    request.session.create()
    request.session["a"] = 1
    monkeypatch.setattr("django.contrib.sessions.base_session.AbstractBaseSession.save", fails)
    with pytest.raises(SessionInterrupted) as raised:
        SessionMiddleware(lambda _: HttpResponse()).process_response(request, HttpResponse())
    return raised.value


@pytest.mark.django_db
def test_the_error_that_interrupted_a_session_can_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    error = OperationalError("gone")
    found = interrupted(monkeypatch, error)
    assert error_behind(found, (OperationalError,)) is error
    assert error_behind(found, (ZeroDivisionError,)) is None


def test_the_step_that_asks_for_a_confirmed_address_is_allauths_and_ours_takes_its_place() -> None:
    ours, allauths = AccountAdapter().get_login_stages(), DefaultAccountAdapter().get_login_stages()
    assert STAGE in allauths
    assert STAGE not in ours
    assert len(ours) == len(allauths)


def test_allauths_backend_finds_a_user_as_djangos_does() -> None:
    """So that the socket service need not load it (bellhop.sessions.users)."""
    assert f"{AuthenticationBackend.__module__}.AuthenticationBackend" in AS_DJANGOS
    for name in ("get_user", "user_can_authenticate"):
        assert getattr(AuthenticationBackend, name) is getattr(ModelBackend, name)
