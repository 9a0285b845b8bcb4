"""Strict readers of environment variables: nonsense stops the start with one line that names the variable."""

import ipaddress
import os
import re
from dataclasses import dataclass
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

import dj_database_url

# What .env.example holds, what tutorials hold, and what people type while trying something out.
PLACEHOLDERS = frozenset(
    {"bellhop", "change-me", "changeme", "development", "example", "password", "postgres", "secret"}
)
_TRUE: Final = frozenset({"true", "on", "yes", "1"})
_FALSE: Final = frozenset({"false", "off", "no", "0"})
# A name or an IPv4 address, or an IPv6 address in brackets: no wildcard, which would allow every host.
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
# Shorter keys can be guessed; `secrets.token_urlsafe(50)` gives 67 characters.
SECRET_KEY_MIN_LENGTH = 32


def refuse(name: str, why: str) -> NoReturn:
    """Stop the process with exit status 1 and one line on stderr that names the variable."""
    raise SystemExit(f"bellhop: {name}: {why}")


def text(name: str, default: str = "") -> str:
    """Return the variable without surrounding blanks; unset and empty both give `default`."""
    return os.environ.get(name, "").strip() or default


def boolean(name: str, default: bool) -> bool:
    """Return true/false, on/off, yes/no, 1/0 as a bool; refuse anything else."""
    given = text(name).lower()
    if given in _TRUE:
        return True
    if given in _FALSE:
        return False
    return refuse(name, "must be true or false") if given else default


def integer(name: str, default: int, minimum: int, maximum: int) -> int:
    """Return a whole number from `minimum` to `maximum`; refuse anything else."""
    given = text(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", given) or not minimum <= int(given) <= maximum:
        refuse(name, f"must be a whole number from {minimum} to {maximum}")
    return int(given)


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """Return one of `allowed`; refuse anything else."""
    chosen = text(name, default)
    if chosen not in allowed:
        refuse(name, f"must be one of {', '.join(allowed)}")
    return chosen


def networks(name: str) -> list[str]:
    """Return addresses and networks, separated by commas or blanks; refuse what nginx would not take for one."""
    given = re.split(r"[,\s]+", text(name))
    found = [one for one in given if one]
    for one in found:
        try:
            ipaddress.ip_network(one, strict=False)
        except ValueError:
            refuse(name, f"{one} is not an address or a network, like 172.18.0.5 or 172.18.0.0/16")
        # Python knows more spellings: 10.0.0.0/255.0.0.0, fe80::1%eth0.
        if not re.fullmatch(r"[0-9A-Fa-f:.]+(/[0-9]+)?", one):
            refuse(name, f"{one} must be an address or address/bits")
    return found


def secret(name: str, *, development: bool, default: str, min_length: int = 1) -> str:
    """Return a secret. Development may leave it out; production refuses a missing or well-known one."""
    given = text(name)
    if development:
        return given or default
    if not given:
        refuse(name, "is missing; production needs a secret of its own (see .env.example)")
    if given == default or given.lower() in PLACEHOLDERS or given.startswith("django-insecure-"):
        refuse(name, "is a placeholder; production needs a secret of its own (see .env.example)")
    if len(given) < min_length:
        refuse(name, f"is too short; use at least {min_length} characters (see .env.example)")
    return given


@dataclass(frozen=True)
class PublicUrl:
    """The one address people type: scheme://host[:port], without a path."""

    scheme: str
    host: str
    port: int | None

    @property
    def origin(self) -> str:
        """The value a browser sends as Origin."""
        return self.with_host(self.host)

    @property
    def is_local(self) -> bool:
        """Whether only this machine can mean it."""
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return self.host == "localhost" or self.host.endswith(".localhost")

    def with_host(self, host: str) -> str:
        """Return the same scheme and port for another host."""
        port = f":{self.port}" if self.port else ""
        return f"{self.scheme}://{host}{port}"


def public_url(name: str = "PUBLIC_URL") -> PublicUrl:
    """Return PUBLIC_URL, by default http://localhost with HTTP_PORT where that is not 80."""
    http_port = integer("HTTP_PORT", 80, 1, 65535)
    given = text(name)
    if not given:
        return PublicUrl("http", "localhost", None if http_port == 80 else http_port)
    why = "must look like https://notify.example.com or http://localhost:8080, without a path"
    return parse_public_url(given) or refuse(name, why)


def parse_public_url(given: str) -> PublicUrl | None:
    """Return what PUBLIC_URL may be, or None for what the start would refuse."""
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        return None
    bare = parts.path in ("", "/") and not parts.query and not parts.fragment
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in given or not bare:
        return None
    if any(character.isspace() or character in "<>\"'\\;$" for character in given):
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if not _HOST.fullmatch(host) or port == 0:
        return None
    default_port = {"http": 80, "https": 443}[parts.scheme]
    return PublicUrl(parts.scheme, host, None if port == default_port else port)


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
    return parsed


def redis_databases(name: str = "REDIS_URL") -> tuple[str, str, str]:
    """Return the URLs of broker, channel layer and cache: three database numbers of one server.

    Apart, because Django's ``cache.clear()`` is FLUSHDB. A number in the URL is where counting starts.
    """
    given = text(name, "redis://redis:6379")
    why = "must look like redis://host:6379 or rediss://:password@host:6379/0"
    try:
        parts = urlsplit(given)
        _ = parts.port
        first = int(parts.path.strip("/") or 0)
    except ValueError:
        refuse(name, why)
    if parts.scheme not in ("redis", "rediss") or not parts.hostname or parts.fragment or first < 0:
        refuse(name, why)
    broker, layer, cache = (
        parts._replace(path=f"/{first + number}").geturl() for number in range(3)
    )
    return broker, layer, cache
