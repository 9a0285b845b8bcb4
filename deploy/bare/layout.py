"""Where this clone's stack keeps its things, and the environment that its services share."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import pwd
import random
import re
import socket
from collections.abc import Mapping
from pathlib import Path

import published_address

from bare.errors import MissingError
from bare.host import dotenv_file, system_packages

ROOT = Path(__file__).resolve().parent.parent.parent
INNER = ("WEB_PORT", "WS_PORT", "DB_PORT", "REDIS_PORT")

# What a caller's shell may have set for other programs, and would change what ours do.
_FOREIGN = re.compile(
    r"PYTHON(PATH|HOME|STARTUP)|VIRTUAL_ENV|DJANGO_SETTINGS_MODULE|GUNICORN_CMD_ARGS|PG[A-Z]+"
)


def state() -> Path:
    """Return the folder of everything this clone's stack keeps: environment, database, logs.

    PostgreSQL refuses to run as root, and another user may not reach a clone in root's home: then it is
    outside of the clone.
    """
    if os.geteuid() != 0:
        return ROOT / ".bellhop"
    return Path("/var/lib/bellhop") / hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]


def make_state() -> Path:
    """Return that folder, which exists now; refuse a path that the programs could not be told."""
    for path in (ROOT, state()):
        # Blanks and quotes mean something in the process file and to nginx; a socket's path is short.
        if re.search(r"[\s\"'\\;,{}$%#]", str(path)) or len(str(path)) > 80:
            raise MissingError(
                f"move this clone to a path of at most 70 plain characters, without blanks: {path}"
            )
    folder = state()
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        # PostgreSQL, which is somebody else then, passes through, whatever root's umask is.
        for passed in (folder, folder.parent):
            passed.chmod(0o711)
    return folder


def settings() -> dict[str, str]:
    """Return what was set by `.env` and, before it, by the caller's environment."""
    file = ROOT / ".env"
    from_file = dotenv_file.parse(file.read_text(), os.environ) if file.exists() else {}
    merged = {**from_file, **os.environ}
    return {name: value for name, value in merged.items() if not _FOREIGN.fullmatch(name)}


def address(given: Mapping[str, str]) -> tuple[str, int]:
    """Return the address and port nginx is to answer on; by default only this machine reaches it."""
    try:
        port = published_address.port(given.get("HTTP_PORT", ""))
        return published_address.bind(given.get("HTTP_BIND", ""), "127.0.0.1"), port
    except ValueError as error:
        raise MissingError(str(error)) from None


def refuse_production(given: Mapping[str, str]) -> None:
    """Refuse a `.env` that is production's: without Docker there is development only."""
    files = given.get("COMPOSE_FILE", "")
    if files and "override" not in files:
        raise MissingError(
            "COMPOSE_FILE: this .env is production's, which needs Docker; without it there is development only"
        )


def claim(bind: str, port: int) -> None:
    """Refuse a port that nginx could not listen on, and name one that it could."""
    try:
        _listen(bind, port)
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise MissingError(f"HTTP_BIND: {bind} is not an address of this machine") from None
        why = "needs root" if isinstance(error, PermissionError) else "is taken by another program"
        other = _first_free(bind, 8080)
        raise MissingError(
            f"HTTP_PORT: port {port} {why}; choose one that is free, e.g. HTTP_PORT={other} ./bellhop up"
        ) from None


def _listen(bind: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    socket.create_server((bind, port), family=family).close()


def _first_free(bind: str, port: int) -> int:
    while True:
        try:
            _listen(bind, port)
        except OSError:
            port += 1
        else:
            return port


def inner_ports() -> dict[str, str]:
    """Return free ports for the services behind nginx.

    From below those that outgoing connections are given, one of which could hold it while a service restarts.
    """
    found: list[int] = []
    while len(found) < len(INNER):
        port = random.randint(20_000, 32_000)  # noqa: S311 - no secret
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        found += [port] if port not in found else []
    return dict(zip(INNER, map(str, found)))


def variables(given: Mapping[str, str], folder: Path, ports: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of all services: what was set, and what a bare host decides."""
    bind, port = address(given)
    root = os.geteuid() == 0
    binaries = folder / "venv/bin"
    return {
        **given,
        **ports,
        "DEBUG": "true",
        "HTTP_BIND": bind,
        "HTTP_PORT": str(port),
        "PUBLIC_URL": published_address.origin(given.get("PUBLIC_URL", ""), port),
        "DATABASE_URL": given.get("DATABASE_URL")
        or f"postgres://bellhop:development@127.0.0.1:{ports['DB_PORT']}/bellhop",
        "REDIS_URL": given.get("REDIS_URL") or f"redis://127.0.0.1:{ports['REDIS_PORT']}",
        "WS_URL": f"http://127.0.0.1:{ports['WS_PORT']}",
        "HEARTBEAT_FILE": str(folder / "worker-heartbeat"),
        "PATH": f"{binaries}:{folder / 'tools/bin'}:{given.get('PATH', os.defpath)}",
        "STATE": str(folder),
        "ROOT": str(ROOT),
        "BIN": str(binaries),
        "PGDATA": str(folder / "postgres"),
        "DB_USER": "postgres" if root else pwd.getpwuid(os.geteuid()).pw_name,
        "REDIS_SERVER": str(system_packages.find("redis-server")),
        # Not NGINX: that name is nginx's own, for the sockets it is to inherit.
        "NGINX_PROGRAM": str(system_packages.find("nginx")),
        # Workers as whoever started it: the clone may be readable for nobody else.
        "NGINX_USER": "user root;" if root else "",
    }


def save(folder: Path, chosen: Mapping[str, str]) -> None:
    """Keep the services' environment, which may hold secrets, for the commands that come later."""
    descriptor = os.open(folder / "variables.json", os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(dict(chosen), file)


def saved(folder: Path) -> dict[str, str]:
    """Return the environment of the services as they were started last."""
    found: dict[str, str] = json.loads((folder / "variables.json").read_text())
    return found


def changed(running: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    """Return the names of the documented variables that a running stack was given otherwise."""
    names = dotenv_file.parse((ROOT / ".env.example").read_text(), {})
    return [name for name in names if running.get(name, "") != wanted.get(name, "")]
