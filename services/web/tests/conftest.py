"""PostgreSQL, Redis, and people with browsers. Nothing rings: there is a worker's queue of the tests' own."""

import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from celery import current_app
from django.conf import settings as live_settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from ports import closed_port, silent_port  # noqa: F401 - fixtures

from core.accounts import last_seen, rate_limit_cache

# The pool's idle connections would keep the test database from being dropped at the end ("is being
# accessed by other users").
database: Any = live_settings.DATABASES["default"]
# Of its own: the parts are tested beside each other.
database.setdefault("TEST", {})["NAME"] = "test_web"
database["OPTIONS"].pop("pool")
# Making and dropping that database may take longer than any request.
database["OPTIONS"].pop("options")
live_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A stack on the same Redis has a worker on the broker's number and throttles in the cache's.
broker = urlsplit(live_settings.BROKER_URL)
conf: Any = current_app.conf
conf.broker_url = broker._replace(path="/13").geturl()
CACHE_URL = broker._replace(path="/14").geturl()
live_settings.CACHES["default"]["LOCATION"] = CACHE_URL


@pytest.fixture(scope="session", autouse=True)
def a_redis_that_is_slow_is_not_lost() -> Iterator[None]:
    """On a busy machine it may need longer than a login would wait for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rate_limit_cache, "TIMEOUT", 20.0)
        yield


@pytest.fixture(autouse=True)
def nobody_was_throttled_before() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("ada", "ada@example.com", "pw")


@pytest.fixture
def other(db: None) -> User:
    return User.objects.create_user("eve", "eve@example.com", "pw")


@pytest.fixture
def browser(user: User) -> Client:
    """Ada's browser, signed in."""
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    # As after a login through the form: the first request writes nothing about it.
    last_seen.noted.note(str(client.session.session_key))
    return client


@pytest.fixture
def unique() -> str:
    return uuid.uuid4().hex
