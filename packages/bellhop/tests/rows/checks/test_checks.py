"""The checks of sessions, users, apps and middleware."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.backends import cached_db
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.cache.backends.locmem import LocMemCache
from django.core.checks import registry

from bellhop.checks import users
from bellhop.checks.carefully import TAG
from rows.checks.found import ids, messages

BACKENDS = "django.contrib.sessions.backends"
CACHES = "django.core.cache.backends"


class TheirSessionMiddleware(SessionMiddleware):
    pass


class TheirAuthenticationMiddleware(AuthenticationMiddleware):
    pass


class SessionStore(cached_db.SessionStore):
    """A session store of a project's own; Django finds it by this name."""


class TheirCache(LocMemCache):
    pass


@pytest.fixture(autouse=True)
def _plain(settings: Any) -> None:
    settings.BELLHOP = {"REDIS_URL": "redis://127.0.0.1:1/0"}


def test_a_project_that_is_well_hears_nothing() -> None:
    assert ids() == set()


def test_each_check_is_found_by_its_tag() -> None:
    ours = [check for check in registry.registry.get_checks() if TAG in getattr(check, "tags", ())]
    assert len(ours) >= 10
    assert all(check.__module__.startswith("bellhop.checks") for check in ours)


@pytest.mark.parametrize("engine", ["db", "cached_db"])
def test_sessions_that_a_server_can_look_up_are_well(settings: Any, engine: str) -> None:
    settings.SESSION_ENGINE = f"{BACKENDS}.{engine}"
    settings.CACHES = {
        "default": {"BACKEND": f"{CACHES}.redis.RedisCache", "LOCATION": "redis://x"}
    }
    assert ids() == set()


@pytest.mark.parametrize(
    "engine", [f"{BACKENDS}.file", f"{BACKENDS}.signed_cookies", "nowhere", "json"]
)
def test_sessions_that_a_server_cannot_look_up_are_refused(settings: Any, engine: str) -> None:
    settings.SESSION_ENGINE = engine
    assert ids() == {"bellhop.E021"}
    assert "SESSION_ENGINE = " in str(messages()["bellhop.E021"].hint)


def test_a_session_store_made_of_djangos_is_well(settings: Any) -> None:
    settings.SESSION_ENGINE = __name__
    settings.CACHES = {
        "default": {"BACKEND": f"{CACHES}.redis.RedisCache", "LOCATION": "redis://x"}
    }
    assert ids() == set()


@pytest.mark.parametrize(
    "backend",
    [f"{CACHES}.locmem.LocMemCache", f"{CACHES}.dummy.DummyCache", f"{__name__}.TheirCache"],
)
def test_sessions_in_a_cache_of_one_process_are_refused(settings: Any, backend: str) -> None:
    settings.SESSION_ENGINE = f"{BACKENDS}.cache"
    settings.CACHES = {
        "default": {"BACKEND": f"{CACHES}.redis.RedisCache"},
        "mine": {"BACKEND": backend},
    }
    assert ids() == set()
    settings.SESSION_CACHE_ALIAS = "mine"
    assert ids() == {"bellhop.E022"}
    assert '"mine"' in str(messages()["bellhop.E022"].hint)


def test_a_copy_of_sessions_in_each_process_is_a_warning_only(settings: Any) -> None:
    settings.SESSION_ENGINE = f"{BACKENDS}.cached_db"
    settings.CACHES = {"default": {"BACKEND": f"{CACHES}.locmem.LocMemCache"}}
    assert ids() == {"bellhop.W021"}


def test_a_cache_that_keeps_nothing_does_no_harm_before_a_database(settings: Any) -> None:
    settings.SESSION_ENGINE = f"{BACKENDS}.cached_db"
    settings.CACHES = {"default": {"BACKEND": f"{CACHES}.dummy.DummyCache"}}
    assert ids() == set()


@pytest.mark.parametrize("caches", [{}, {"default": {}}, {"default": {"BACKEND": "nowhere.Cache"}}])
def test_a_cache_that_cannot_be_had_raises_nothing(settings: Any, caches: object) -> None:
    settings.SESSION_ENGINE = f"{BACKENDS}.cache"
    settings.CACHES = caches
    assert ids() == set()


def test_pages_without_sessions_or_users_are_refused_and_unmounted_ones_warned_of(
    settings: Any,
) -> None:
    settings.ROOT_URLCONF = "rows.checks.no_urls"
    settings.MIDDLEWARE = ["nowhere.Middleware", "django.middleware.common.CommonMiddleware"]
    assert ids() == {"bellhop.E012", "bellhop.E013", "bellhop.W011"}


def test_middleware_made_of_djangos_is_well(settings: Any) -> None:
    settings.ROOT_URLCONF = "rows.checks.no_urls"
    settings.MIDDLEWARE = [
        f"{__name__}.TheirSessionMiddleware", f"{__name__}.TheirAuthenticationMiddleware",
    ]  # fmt: skip
    assert ids() == {"bellhop.W011"}


def test_a_process_without_pages_needs_no_middleware(settings: Any) -> None:
    settings.MIDDLEWARE = []
    assert ids() == set()


def test_urls_that_cannot_be_loaded_are_left_to_django(settings: Any) -> None:
    settings.ROOT_URLCONF = "nowhere.urls"
    settings.MIDDLEWARE = [
        f"{__name__}.TheirSessionMiddleware",
        f"{__name__}.TheirAuthenticationMiddleware",
    ]
    assert ids() == set()


def test_a_user_model_that_is_no_user_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Person:
        _meta = SimpleNamespace(pk=None)

    monkeypatch.setattr(users, "get_user_model", lambda: Person)
    assert ids() == {"bellhop.E031"}


def test_a_user_model_that_is_not_installed_is_left_to_django(settings: Any) -> None:
    settings.AUTH_USER_MODEL = "nobody.User"
    assert ids() == set()
