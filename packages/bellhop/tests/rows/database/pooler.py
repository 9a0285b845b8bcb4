"""A PgBouncer in transaction mode in front of the tests' database."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from ports import held_port

# Debian keeps it off the PATH of users.
PROGRAM = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")
SESSIONS = 2
"""Fewer than the tests have clients, so that they do share them."""

_CONFIGURATION = """
[databases]
* = host={HOST} port={PORT} user={USER} password={PASSWORD}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {sessions}
logfile =
"""


@contextmanager
def pgbouncer(database: dict[str, Any]) -> Iterator[int]:
    """Run it in front of a database, given as Django's settings; yield its port."""
    assert PROGRAM is not None
    # It refuses to be root, and must read this as somebody else.
    as_root = ["--user=nobody"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as folder, held_port() as port:
        file = Path(folder) / "pgbouncer.ini"
        file.write_text(_CONFIGURATION.format(**database, port=port, sessions=SESSIONS))
        Path(folder).chmod(0o755)
        process = subprocess.Popen(
            [PROGRAM, "--quiet", *as_root, str(file)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(30)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 30
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 30):
            return
        assert process.poll() is None, "pgbouncer did not start"
        assert time.monotonic() < deadline, "pgbouncer does not listen"
        time.sleep(0.02)


def refused(options: dict[str, Any]) -> str:
    """Return why a connection is refused, or the empty string."""
    try:
        psycopg.connect(**options).close()
    except psycopg.OperationalError as error:
        return str(error)
    return ""
