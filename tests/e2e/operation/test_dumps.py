"""Dumps of the running stack's database: whole while it is written to, and known for broken wherever they are cut."""

import re
import threading
from collections.abc import Iterator
from typing import Final

import pytest
from support import containers, people
from verbs.database import backup, restore
from verbs.database.dump_file import NEEDED

pytestmark = pytest.mark.containers("the verbs are for Docker")

COPY: Final = "bellhop_copy_of_tests"
FILE: Final = "/dev/shm/tests.dump"  # noqa: S108 - in the database's container, gone with it
CUTS: Final = 40
LOAD: Final = """
from django.contrib.auth.models import User
from bellhop.notify import notify
from bellhop.ring import publish_thread

who, count = json.loads(sys.argv[1])
user = User.objects.get(username=who)
keys = [str(notify(user, f"number {number}").pk) for number in range(count)]
# Its thread has lines to log, too.
publish_thread.flush()
print(json.dumps(keys))
"""


def ask(*command: str) -> str:
    """Run a program of PostgreSQL's in its container; AssertionError with what it says where it fails."""
    status, said = containers.attempt("db", *command)
    assert status == 0, said
    return said.strip()


def sql(statement: str, database: str) -> str:
    return ask(
        "psql", "--username=bellhop", f"--dbname={database}", "-XqAt", f"--command={statement}"
    )


def rows(database: str) -> dict[str, str]:
    """Return a digest of every notification's row."""
    said = sql("SELECT id || ' ' || md5(t::text) FROM bellhop_notification AS t", database)
    return dict(line.split(" ") for line in said.splitlines())


@pytest.fixture
def owner() -> Iterator[str]:
    """Somebody of whom nobody else knows."""
    (name,) = people.make()
    yield name
    drop = ("dropdb", "--username=bellhop", "--if-exists", "--force", COPY)
    containers.attempt("db", *drop)
    containers.attempt("db", "rm", "-f", FILE)


def test_a_dump_under_load_restores_each_row_that_was_there_when_it_began(owner: str) -> None:
    sure = containers.ask_python("web", LOAD, [owner, 30])
    meanwhile: list[str] = []

    def go_on() -> None:
        meanwhile.extend(containers.ask_python("worker", LOAD, [owner, 60]))

    load = threading.Thread(target=go_on)
    load.start()
    try:
        ask(*backup.PG_DUMP, f"--file={FILE}")
    finally:
        load.join()
    ask("createdb", "--username=bellhop", "--template=template0", COPY)
    ask(*restore.PG_RESTORE, f"--dbname={COPY}", FILE)
    user = f"(SELECT id FROM auth_user WHERE username = '{owner}')"
    mine = f"SELECT id FROM bellhop_notification WHERE recipient_id = {user} ORDER BY seq"
    found = sql(mine, COPY).split()
    assert found[: len(sure)] == sure
    assert found == (sure + meanwhile)[: len(found)], "not of one moment"
    counted = f"SELECT last_seq FROM bellhop_inbox WHERE user_id = {user}"
    assert sql(counted, COPY) == str(len(found)), "not of one moment"
    there, here = rows(COPY), rows("bellhop")
    assert {key: there[key] for key in found} == {key: here[key] for key in found}


def test_a_cut_dump_cannot_be_read_wherever_it_is_cut(owner: str) -> None:
    ask(*backup.PG_DUMP, f"--file={FILE}")
    listed = ask("pg_restore", "--list", FILE)
    assert all(re.search(rf"TABLE DATA \S+ {table} ", listed) for table in NEEDED)
    script = f"""
        size=$(stat -c %s {FILE})
        try() {{ head -c "$1" {FILE} | pg_restore --file=/dev/null 2>/dev/null && echo "read: $1 of $size"; }}
        try "$size"
        for part in $(seq 0 {CUTS - 1}); do try $((size * part / {CUTS})); done
        for less in 1 2 4 5 6 13 40; do try $((size - less)); done
        true
    """
    said = ask("bash", "-c", script).splitlines()
    assert len(said) == 1, said
    size = said[0].split()[-1]
    assert said == [f"read: {size} of {size}"]
    assert int(size) > 10_000
