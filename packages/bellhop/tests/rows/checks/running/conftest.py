"""A project with a user, and a socket server of its own, for all tests of the parts that run."""

from collections.abc import Iterator

import pytest

from rows.checks.project import Project
from rows.checks.running.answers import answering
from rows.checks.running.socket_server import socket_server


@pytest.fixture(scope="session")
def ada(plain: Project) -> str:
    """The name of a user; one who is not active is called gone."""
    plain.told(
        "from django.contrib.auth.models import User\n"
        'User.objects.create_user("ada")\nUser.objects.create_user("gone", is_active=False)\ntell(1)'
    )
    return "ada"


@pytest.fixture(scope="session")
def ws(plain: Project) -> Iterator[str]:
    """The URL of that project's socket server."""
    with socket_server(plain) as url:
        yield url


@pytest.fixture
def server() -> Iterator[str]:
    """The URL of a web server that gives to everything the answer of `Answers`."""
    with answering() as url:
        yield url
