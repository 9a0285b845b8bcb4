"""A project with a user, and a socket server of its own, for all tests of the parts that run; and the tool for them."""

from collections.abc import Iterator

import pytest

from rows.checks.project import Project, Run
from rows.checks.running.answers import answering
from rows.checks.running.socket_server import socket_server

RARE_BEAT = 'BELLHOP["BEAT_SECONDS"] = 60\n'
"""Of a server: what is closed before was rung, however busy the machine is."""

# As little is what is there taken for missing.
PATIENTLY = """
import sys
import django; django.setup()
from django.core.management import execute_from_command_line
from bellhop.checks.running import findings, redis, script
from bellhop.checks.running.sockets import handshake, round_trip, site, socket_server
from bellhop.conf import conf
from bellhop.management.commands import bellhop_check
bellhop_check.tried = lambda name, part, *, seconds, advice: findings.tried(
    name, part, seconds=seconds + 30, advice=advice
)
for module in (handshake, round_trip, script, site, socket_server):
    assert module.PATIENCE < 30
    module.PATIENCE = 30
redis.HEARD_WITHIN = 30
if conf.RING != "off":
    round_trip.AT_ONCE = 20
execute_from_command_line(["manage.py", "bellhop_check", *sys.argv[1:]])
"""


def checked(project: Project, *arguments: str, settings: str = "") -> Run:
    """Run `bellhop_check`, with more time for each part than it gives by itself."""
    return project.run("-c", PATIENTLY, *arguments, settings=settings)


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
    with socket_server(plain, settings=RARE_BEAT) as url:
        yield url


@pytest.fixture
def server() -> Iterator[str]:
    """The URL of a web server that gives to everything the answer of `Answers`."""
    with answering() as url:
        yield url
