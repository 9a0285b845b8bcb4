"""Two projects of somebody else's, each made and migrated once: one with Django's own user, one with a strange one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as live_settings

from rows.checks.project import MIGRATE, Project, database, redis_number

# No is_active and no date_joined of its own, and a text for a key.
TEXT_KEYS = """
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

class Person(AbstractBaseUser):
    handle = models.CharField(max_length=200, primary_key=True)
    email = models.EmailField(unique=True)
    USERNAME_FIELD = "email"
    objects = BaseUserManager()
"""


@pytest.fixture(scope="session")
def redis_url() -> str:
    """One Redis for all projects: they must not hear each other."""
    return redis_number(live_settings.BROKER_URL, 0)


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> Iterator[Project]:
    """A project with Django's own user."""
    yield from _project(tmp_path_factory.mktemp("plain"), "test_bellhop_plain", redis_url)


@pytest.fixture(scope="session")
def text_keys(tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> Iterator[Project]:
    """A project whose users have texts for keys, and neither is_active nor date_joined."""
    yield from _project(
        tmp_path_factory.mktemp("text_keys"),
        "test_bellhop_text_keys",
        redis_url,
        user=TEXT_KEYS,
        more='AUTH_USER_MODEL = "people.Person"',
    )


def _project(folder: Path, name: str, redis_url: str, **more: str) -> Iterator[Project]:
    with database(name):
        project = Project(folder, name, redis_url, **more)
        run = project.run("-c", MIGRATE)
        assert run.code == 0, run.err
        yield project
