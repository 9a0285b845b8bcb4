"""A PostgreSQL of the tests' own whose volume can be filled to the last byte, and given space again."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from docker.models.containers import Container

from support import containers, networks

SIZE = "160m"
_PASSWORD = secrets.token_hex(12)
_DATA = "/var/lib/postgresql"
_BALLAST = f"{_DATA}/ballast"


@dataclass(frozen=True)
class SmallDatabase:
    """`url`: its DATABASE_URL. `holder` keeps the volume mounted: what is in a tmpfs goes with its last user."""

    url: str
    server: Container
    holder: Container

    def fill(self) -> None:
        """Leave no byte of the volume free."""
        # It ends with "no space left", which is what it is for.
        self._run(f"dd if=/dev/zero of={_BALLAST} bs=4k")

    def free(self) -> None:
        """Give back what `fill` took, and wait until the server answers."""
        self._run(f"rm -f {_BALLAST}")
        self.wait_ready()

    def wait_ready(self, timeout: float = 180) -> None:
        """Wait until the server takes connections over TCP."""
        deadline = time.monotonic() + timeout
        ask = ["pg_isready", "--quiet", "--host=127.0.0.1", "--username=bellhop"]
        while not self._answers(ask):
            assert time.monotonic() < deadline, self.server.logs(tail=20).decode()
            time.sleep(0.3)

    def _answers(self, ask: list[str]) -> bool:
        # A server that has just panicked is restarted by Docker: until then there is nothing to run it in.
        self.server.reload()
        return self.server.status == "running" and self.server.exec_run(ask)[0] == 0

    def _run(self, command: str) -> None:
        self.holder.exec_run(["sh", "-c", command], user="root")


@contextmanager
def small_database() -> Iterator[SmallDatabase]:
    """Run a PostgreSQL on a tmpfs volume of SIZE, in the stack's network."""
    engine, own = containers.engine(), containers.container("db")
    name = f"{containers.project()}-full-disk"
    options = {"type": "tmpfs", "device": "tmpfs", "o": f"size={SIZE}"}
    volume = engine.volumes.create(name, driver="local", driver_opts=options)
    started: list[Container] = []

    def start(role: str, **how: Any) -> Container:
        container: Container = engine.containers.create(
            own.attrs["Config"]["Image"],
            # In the network a container answers to its name.
            name=f"{name}-{role}",
            network=networks.full_name(own, networks.DATA),
            volumes={name: {"bind": _DATA, "mode": "rw"}},
            **how,
        )
        started.append(container)
        container.start()
        return container

    try:
        holder = start("holder", entrypoint=["sleep", "3600"])
        server = start(
            "db",
            command=["postgres", "-c", "max_wal_size=32MB", "-c", "min_wal_size=16MB"],
            # A server that cannot write its log panics.
            restart_policy={"Name": "always"},
            environment={
                "POSTGRES_USER": "bellhop",
                "POSTGRES_DB": "bellhop",
                "POSTGRES_PASSWORD": _PASSWORD,
                # Small files of the log: its space, too, is soon gone.
                "POSTGRES_INITDB_ARGS": "--encoding=UTF8 --locale=C.UTF-8 --wal-segsize=1",
            },
        )
        url = f"postgres://bellhop:{_PASSWORD}@{server.name}:5432/bellhop"
        database = SmallDatabase(url, server, holder)
        database.wait_ready()
        yield database
    finally:
        for container in started:
            container.remove(force=True)
        volume.remove(force=True)
