"""Where PostgreSQL and Redis are, and what this installation calls its own on them.

Nonsense in DATABASE_URL, REDIS_URL or INSTALLATION stops the start with one line: a driver would say so at each
connection, which looks like a server that is away.
"""

import hashlib
import re
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit

import dj_database_url

from stack.environment import refuse, text

_INSTALLATION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
# What Django takes besides the parameters of libpq.
_DJANGO: Final = frozenset({"assume_role"})
_YES_OR_NO: Final = {"true": "true", "1": "true", "false": "false", "0": "false"}
_FILES: Final = ("ssl_ca_certs", "ssl_ca_path", "ssl_certfile", "ssl_keyfile")

Reader = Callable[[str], str | None]
"""Takes an option's value and returns it as all clients spell it, or None where it is none of its values."""


def _is(pattern: str) -> Reader:
    matches = re.compile(pattern).fullmatch
    return lambda value: value if matches(value) else None


# What all of redis-py and kombu take, and spell alike once it has been read.
_TLS: Final[Mapping[str, Reader]] = {
    # Celery's word is CERT_REQUIRED, redis-py's is required.
    "ssl_cert_reqs": lambda value: {name: name for name in ("none", "optional", "required")}.get(
        value.lower().removeprefix("cert_")
    ),
    "ssl_check_hostname": lambda value: _YES_OR_NO.get(value.lower()),
    "ssl_password": _is(r".+"),
    "ssl_ciphers": _is(r"[!-~]+"),
    **dict.fromkeys(_FILES, _is(r".+")),
}
# For layer and cache alone: to Celery a broker's URL says no more than where it is.
_CLIENT: Final[Mapping[str, Reader]] = {
    "client_name": _is(r"[!-~]+"),
    "health_check_interval": _is(r"[0-9]{1,5}"),
    "protocol": _is(r"[23]"),
    "socket_keepalive": lambda value: _YES_OR_NO.get(value.lower()),
}


def installation(database: Mapping[str, Any], origin: str, name: str = "INSTALLATION") -> str:
    """Return the word that begins every key and channel of this installation on its Redis.

    Pub/sub knows no database numbers, so two on one Redis would hear each other. By default it is derived from where
    the database and the pages are, and from no secret: a new one must cut nobody off.
    """
    if given := text(name):
        if not _INSTALLATION.fullmatch(given):
            refuse(name, "must be at most 40 letters, digits, hyphens and underscores")
        return given
    schema = database.get("OPTIONS", {}).get("options", "")
    parts = (database["HOST"], database["PORT"] or 5432, database["NAME"], database["USER"])
    told = "\n".join(map(str, (*parts, schema, origin)))
    return f"bellhop-{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def database(name: str = "DATABASE_URL", *, default_password: str) -> dict[str, Any]:
    """Return Django's settings of the PostgreSQL database, by default the stack's own `db`."""
    given = text(name)
    if not given:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": "db",
            "PORT": 5432,
            "NAME": "bellhop",
            "USER": "bellhop",
            "PASSWORD": default_password,
        }
    why = (
        "must look like postgres://user:password@host:5432/name (percent-encode special characters)"
    )
    try:
        parsed: dict[str, Any] = dict(dj_database_url.parse(given))
    except (ValueError, KeyError):
        refuse(name, why)
    if not parsed["ENGINE"].endswith("postgresql") or not parsed["HOST"] or not parsed["NAME"]:
        refuse(name, why)
    _check_database_options(name, parsed.get("OPTIONS", {}))
    return parsed


def _check_database_options(name: str, options: Mapping[str, Any]) -> None:
    if not options:
        return
    # Imported here: the worker's health check, which asks for Redis alone, begins anew every few seconds.
    import psycopg
    from psycopg.conninfo import make_conninfo

    for option, value in options.items():
        if isinstance(value, list):
            refuse(name, f"says {option} more than once")
        if option in _DJANGO:
            continue
        try:
            make_conninfo("", **{option: value})
        except psycopg.Error:
            refuse(name, f"PostgreSQL has no connection option {_shown(option)}")


def redis_databases(name: str = "REDIS_URL", *, own: str = "") -> tuple[str, str, str]:
    """Return the URLs of broker, channel layer and cache: three database numbers of one server.

    Apart, so that one of them can be looked at, or emptied, without the others. A number in the URL is where counting
    starts. With rediss:// each of them verifies the server's certificate, unless the URL says otherwise to all of them:
    left to themselves Celery would accept any. `own`: who this is on the stack's own Redis: "user:password@".
    """
    given = text(name, f"redis://{own}redis:6379")
    why = "must look like redis://host:6379 or rediss://:password@host:6379/0"
    try:
        parts = urlsplit(given)
        _ = parts.port
        first = int(parts.path.strip("/") or 0)
    except ValueError:
        refuse(name, why)
    if parts.scheme not in ("redis", "rediss") or not parts.hostname or parts.fragment or first < 0:
        refuse(name, why)
    tls, client = _redis_options(name, parts)
    # Celery takes a semicolon for the end of one URL among several.
    parts = parts._replace(netloc=parts.netloc.replace(";", "%3B"))

    def url(number: int, options: Mapping[str, str]) -> str:
        query = urlencode(options, quote_via=quote)
        return parts._replace(path=f"/{first + number}", query=query).geturl()

    return url(0, tls), url(1, tls | client), url(2, tls | client)


def _redis_options(name: str, parts: SplitResult) -> tuple[dict[str, str], dict[str, str]]:
    """Return what the URL says behind its question mark: about TLS, and the rest."""
    tls: dict[str, str] = {"ssl_cert_reqs": "required"} if parts.scheme == "rediss" else {}
    client: dict[str, str] = {}
    seen: set[str] = set()
    for option, value in parse_qsl(parts.query, keep_blank_values=True):
        read = _TLS.get(option) or _CLIENT.get(option)
        if read is None:
            known = ", ".join(sorted([*_TLS, *_CLIENT]))
            refuse(name, f"{_shown(option)} is none of the options that it may have: {known}")
        if option in seen:
            refuse(name, f"says {option} more than once")
        seen.add(option)
        if option in _TLS and parts.scheme != "rediss":
            refuse(name, f"{option} needs rediss://, which is Redis over TLS")
        if (chosen := read(value)) is None:
            refuse(name, f"{option} cannot be {_shown(value)}")
        (tls if option in _TLS else client)[option] = chosen
    _check_files(name, tls)
    return tls, client


def _check_files(name: str, tls: Mapping[str, str]) -> None:
    for option in _FILES:
        if option in tls and not Path(tls[option]).exists():
            refuse(name, f"{option}: there is no {_shown(tls[option])}")
    if "ssl_ca_certs" in tls:
        with suppress(OSError):
            ssl.create_default_context(cafile=tls["ssl_ca_certs"])
            return
        refuse(name, f"ssl_ca_certs: {_shown(tls['ssl_ca_certs'])} holds no certificate")


def _shown(value: str) -> str:
    """Return a value on one line, and no more of it than tells which one it is."""
    return repr(value[:60])
