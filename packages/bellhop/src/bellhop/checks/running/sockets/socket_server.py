"""Tries the socket server's health checks, as whoever watches over it would."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

from redis.exceptions import RedisError

from bellhop.checks.running.findings import Finding, missing, note, ok, words
from bellhop.checks.running.redis import count_listening
from bellhop.conf import conf, prefix

PATIENCE: Final = 4.0
"""Seconds for one answer: the server itself takes 3 at most."""


def try_socket_server(url: str) -> Iterator[Finding]:
    """Yield what the socket server at `url` says of itself."""
    status = 0
    for path, healthy in (
        ("/healthz", "it can serve sockets"),
        ("/readyz", "all that it needs is there"),
    ):
        try:
            status, said = _get(url, path)
        except (OSError, HTTPException, ValueError) as error:
            yield missing(
                f"socket server at {url}: {words(error)}. Start it: python manage.py bellhop_ws; or say where it is"
                " with --ws http://host:port"
            )
            return
        if status == 200:
            yield ok(f"socket server: {path} says that {healthy}")
        elif status == 503:
            yield missing(f"socket server: {path} says {said or '503'}; its log says why")
        else:
            yield note(
                f"socket server: {path} answers {status}, so this is no bellhop_ws. Where bellhop.routing is mounted in"
                " an application of your own, only --user can tell"
            )
            return
    if status == 200 and conf.REDIS_URL:
        yield _heard_by()


def _heard_by() -> Finding:
    """Say how many processes listen, now that the socket server has been asked: it begins with its first socket."""
    try:
        listening = count_listening()
    except (RedisError, OSError) as error:
        return missing(
            f"socket server: whether it listens only Redis can tell, which does not answer: {words(error)}."
            ' Start it, or correct BELLHOP["REDIS_URL"]'
        )
    if listening:
        return ok(f"socket server: {listening} process(es) listen on Redis to {prefix()!r}")
    return missing(
        f"socket server: nobody listens on Redis to {prefix()!r}. Give it and this process the same SECRET_KEY,"
        ' database and BELLHOP["REDIS_URL"], or name one BELLHOP["PREFIX"] for both'
    )


def _get(url: str, path: str) -> tuple[int, str]:
    """Return the status of an answer, and what it says. Raises OSError, HTTPException, or ValueError for a bad URL."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("this is no http://host:port")
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=PATIENCE)
    try:
        connection.request("GET", parts.path.rstrip("/") + path)
        answer = connection.getresponse()
        content = answer.read(65_536)
    finally:
        connection.close()
    try:
        said = json.loads(content)
        return answer.status, " ".join([said["status"], *said.get("parts", [])])
    except (ValueError, KeyError, TypeError, AttributeError):
        return answer.status, ""
