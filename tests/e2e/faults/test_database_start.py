"""The database's start: what it makes of a password that has changed, and of a volume that is not its own."""

import io
import tarfile
import time
from collections.abc import Iterator
from typing import Any, Final

import pytest
from docker.models.containers import Container
from support import containers, networks
from support.beside import traces

pytestmark = pytest.mark.containers(
    "without them the database has a folder of its own, and no password"
)

STARTED: Final = 60
"""Seconds for a PostgreSQL on an empty volume."""


@pytest.fixture
def volume() -> Iterator[Any]:
    made = containers.engine().volumes.create(
        f"{containers.project()}-start", labels=traces.labels()
    )
    yield made
    made.remove(force=True)


def like_the_stacks(volume: Any, password: str) -> Container:
    """Make a database like the stack's on that volume, with that password; it does not run yet."""
    pattern = containers.container("db")
    found, host = pattern.attrs["Config"], pattern.attrs["HostConfig"]
    made: Container = containers.engine().containers.create(
        found["Image"],
        entrypoint=found["Entrypoint"],
        command=found["Cmd"],
        environment={
            "POSTGRES_USER": "bellhop",
            "POSTGRES_DB": "bellhop",
            "POSTGRES_PASSWORD": password,
        },
        volumes=[
            f"{volume.name}:/var/lib/postgresql:nocopy",
            *(one for one in host["Binds"] if "start-with-password" in one),
        ],
        cap_drop=["ALL"],
        cap_add=host["CapAdd"],
        network=networks.full_name(pattern, networks.DATA),
        labels=traces.labels(),
    )
    return made


def test_the_database_takes_the_password_that_env_says_today(volume: Any) -> None:
    def lets_in(database: Container, password: str) -> bool:
        # As the services come: nobody who comes from the server itself is asked for a password.
        ask = ["psql", f"--host={networks.address(database, networks.DATA)}", "--username=bellhop"]
        return database.exec_run([*ask, "-c", ""], environment={"PGPASSWORD": password})[0] == 0

    def started(password: str) -> Container:
        made = like_the_stacks(volume, password)
        made.start()
        deadline = time.monotonic() + STARTED
        ask = ["pg_isready", "--quiet", "--host=127.0.0.1", "--username=bellhop"]
        while made.exec_run(ask)[0] != 0:
            assert time.monotonic() < deadline, made.logs()
            time.sleep(0.2)
            made.reload()
        return made

    first, second = "change-me", 'it\'s "better" \\ now'
    database = started(first)
    try:
        assert lets_in(database, first)
        database.stop(timeout=20)
        database.remove(force=True)
        database = started(second)
        assert lets_in(database, second)
        assert not lets_in(database, first)
    finally:
        database.remove(force=True, v=True)


@pytest.mark.parametrize("where", ["", "data/", "17/docker/"])
def test_the_database_starts_no_empty_one_beside_data_of_an_older_version(
    volume: Any, where: str
) -> None:
    database = like_the_stacks(volume, "x")
    try:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            entry = tarfile.TarInfo(f"{where}PG_VERSION")
            entry.size = 3
            archive.addfile(entry, io.BytesIO(b"17\n"))
        database.put_archive("/var/lib/postgresql", packed.getvalue())
        database.start()
        assert database.wait(timeout=30)["StatusCode"] == 1
        said = database.logs().decode()
        assert "bellhop: db: its volume holds data of PostgreSQL 17" in said
        assert "./bellhop upgrade" in said
    finally:
        database.remove(force=True, v=True)
