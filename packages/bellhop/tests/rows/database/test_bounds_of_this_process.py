"""A socket server's bounds on top of any DATABASES: tried in processes of their own, as a project would start one."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from bellhop.database.timeouts import POOL_WAIT

SCRIPT = """
import json, sys, time
import django
from django.conf import settings
given = json.loads(sys.argv[1])
from stack import settings as stack
database = {**stack.DATABASES["default"], "ENGINE": "django.db.backends.postgresql", "OPTIONS": {}, **given["database"]}
module = type(sys)("own_engine"); base = type(sys)("own_engine.base")
from django.db.backends.postgresql import base as djangos
class DatabaseWrapper(djangos.DatabaseWrapper):
    mine = True
base.DatabaseWrapper = DatabaseWrapper
module.base = base; module.__path__ = []
sys.modules.update({"own_engine": module, "own_engine.base": base})
settings.configure(
    SECRET_KEY="x" * 50, DATABASES={"default": database, "untouched": dict(database)}, USE_TZ=True,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "bellhop"],
    BELLHOP=given["bellhop"],
)
django.setup()
from django.db import OperationalError, connection, connections
if given.get("asked_before"):
    connection.ensure_connection()
from bellhop.database.bounds_of_this_process import bound_this_process
bound_this_process({"default"})
said = {}
with connection.cursor() as cursor:
    cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
    said["bounds"] = cursor.fetchone()
    started = time.monotonic()
    try:
        cursor.execute("SELECT pg_sleep(20)")
    except OperationalError:
        said["gave_up_after"] = time.monotonic() - started
said["mine"] = getattr(connection, "mine", False)
said["pool"] = connection.pool.max_size if connection.pool else None
said["age"] = connection.settings_dict["CONN_MAX_AGE"]
with connections["untouched"].cursor() as cursor:
    cursor.execute("SELECT current_setting('statement_timeout')")
    said["untouched"] = cursor.fetchone()[0]
connection.close()
from bellhop.database.timeouts import availability
availability.failed("gone")
started = time.monotonic()
try:
    connection.ensure_connection()
except OperationalError as error:
    said["refused"] = [str(error), time.monotonic() - started]
print(json.dumps(said))
connections.close_all()
connection.close_pool()
"""


def try_with(
    database: dict[str, Any] | None = None, bellhop: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    given = {"database": database or {}, "bellhop": bellhop or {}, **more}
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(given)],
        env={name: text for name, text in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    "database",
    [
        {},
        {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True},
        {"ENGINE": "own_engine"},
        {"OPTIONS": {"pool": {"min_size": 1, "max_size": 3}, "options": "-c search_path=public"}},
        {"ATOMIC_REQUESTS": True},
    ],
    ids=str,
)
def test_whatever_a_project_says_its_socket_server_gives_up_and_its_other_databases_stay_as_they_are(
    database: dict[str, Any],
) -> None:
    said = try_with(database)
    assert said["bounds"] == ["1500ms", "1s"]
    assert 1 < said["gave_up_after"] < 6
    assert (said["pool"], said["age"], said["untouched"]) == (10, 0, "0")
    assert said["mine"] is ("ENGINE" in database)
    # While it is known to be away nobody waits for it, not even for the pool.
    why, after = said["refused"]
    assert "the database is away: gone" in why
    assert after < POOL_WAIT


def test_a_connection_that_was_made_before_is_replaced() -> None:
    said = try_with(asked_before=True)
    assert (said["bounds"], said["pool"]) == (["1500ms", "1s"], 10)


def test_the_project_chooses_how_many_connections() -> None:
    assert try_with(bellhop={"DATABASE_CONNECTIONS": 7})["pool"] == 7
