"""PostgreSQL, and a layer on the real Redis whose prefix nobody else uses."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as live_settings
from django.contrib.auth.models import User
from ports import closed_port  # noqa: F401 - a fixture

from bellhop.ring import channel_layer, renew_redis_subscription
from bellhop.ring.redis_client import redis_client
from core import life

# On a bare host the variable names the file of the worker that runs there.
os.environ["HEARTBEAT_FILE"] = str(Path(tempfile.mkdtemp()) / "heartbeat")

# The pool's idle connections would keep the test database from being dropped at the end ("is being
# accessed by other users").
database: Any = live_settings.DATABASES["default"]
# Of its own: the parts are tested beside each other.
database.setdefault("TEST", {})["NAME"] = "test_worker"
database["OPTIONS"].pop("pool")
# Making and dropping that database may take longer than any request, and so may connecting on a busy machine.
database["OPTIONS"].pop("options")
database["OPTIONS"]["connect_timeout"] = 30
# Pub/sub knows no database numbers: a stack on the same Redis must not hear these tests.
live_settings.REDIS_PREFIX = live_settings.BELLHOP["PREFIX"] = f"ut-{uuid.uuid4().hex}."
# A database of their own, so that it can be told what these tests do there from what a stack does.
DATABASE = 11
url = urlsplit(live_settings.BROKER_URL)._replace(path=f"/{DATABASE}").geturl()
live_settings.BROKER_URL = live_settings.BELLHOP["REDIS_URL"] = url


@pytest.fixture(scope="session", autouse=True)
def a_redis_that_is_slow_is_not_lost() -> Iterator[None]:
    """On a busy machine it may need longer than a worker would wait for it."""
    patient = redis_client(live_settings.BROKER_URL, timeout=20.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(channel_layer, "TIMEOUT", 20.0)
        patch.setattr(renew_redis_subscription, "TIMEOUT", 20.0)
        patch.setattr(life, "client", lambda: patient)
        yield


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create(username="ada")


@pytest.fixture
def other(db: None) -> User:
    return User.objects.create(username="eve")
