"""Strict readers of environment variables: nonsense stops the start with one line that names the variable."""

import ipaddress
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn
from urllib.parse import urlsplit

_TRUE: Final = frozenset({"true", "on", "yes", "1"})
_FALSE: Final = frozenset({"false", "off", "no", "0"})
# A name or an IPv4 address, or an IPv6 address in brackets: no wildcard, which would allow every host.
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
# Names that no public resolver answers: of one's own network, of this machine, and for trying things out.
_PRIVATE_SUFFIXES: Final = (".localhost", ".local", ".internal", ".home.arpa", ".lan", ".test")


def refuse(name: str, why: str) -> NoReturn:
    """Stop the process with exit status 1 and one line on stderr that names the variable."""
    raise SystemExit(f"bellhop: {name}: {why}")


FROM_FILES: Final = frozenset({"SECRET_KEY", "POSTGRES_PASSWORD", "EMAIL_URL"})
"""Variables that may be the first line of a file instead, which the variable of that name and _FILE names."""


def text(name: str, default: str = "") -> str:
    """Return the variable without surrounding blanks; unset and empty both give `default`."""
    given = os.environ.get(name, "").strip()
    if name in FROM_FILES and (lines := file_lines(name)):
        if given:
            refuse(name, f"is set, and so is {name}_FILE: leave one of them empty")
        return lines[0]
    return given or default


def file_lines(name: str) -> list[str]:
    """Return the lines of the file that `name`_FILE names, without empty ones; none where it names none."""
    path = os.environ.get(f"{name}_FILE", "").strip()
    if not path:
        return []
    try:
        content = Path(path).read_text()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "is no text"
        refuse(f"{name}_FILE", f"{why}: the file must be one that everybody may read (chmod 644)")
    lines = [line.strip() for line in content.splitlines() if line.strip()]
    return lines or refuse(f"{name}_FILE", "the file is empty")


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


def mebibytes(name: str, default: str) -> int:
    """Return an amount of memory in MiB, as Compose takes it: 512m, 1.5g; refuse anything else, and less than 64."""
    given = text(name, default).lower()
    amount = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)([mg])i?b?", given)
    found = int(float(amount[1]) * {"m": 1, "g": 1024}[amount[2]]) if amount else 0
    if found < 64:
        refuse(name, "must be an amount of memory like 512m or 1g, and at least 64m")
    return found


def port(name: str, default: int) -> int:
    """Return a TCP port; refuse anything else, and say where an address before it belongs."""
    if ":" in text(name):
        refuse(name, "must be a port alone; the address to publish it on goes into HTTP_BIND")
    return integer(name, default, 1, 65535)


def address(name: str) -> str:
    """Return an IP address of this machine, an IPv6 one without brackets, or the empty text where none is set."""
    given = text(name)
    try:
        return str(ipaddress.ip_address(given)) if given else ""
    except ValueError:
        refuse(name, "must be an IP address of this machine, like 127.0.0.1, 0.0.0.0 or ::1")


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
        """Whether only this machine can mean it: who comes in by it is at this machine."""
        if address := self._address:
            return address.is_loopback
        return self.host == "localhost" or self.host.endswith(".localhost")

    @property
    def is_private(self) -> bool:
        """Whether nobody on the Internet can mean it: this machine, private networks, names without a domain."""
        if address := self._address:
            return not address.is_global
        return "." not in self.host or self.host.endswith(_PRIVATE_SUFFIXES)

    @property
    def _address(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        try:
            address = ipaddress.ip_address(self.host.strip("[]"))
        except ValueError:
            return None
        # Which Python calls private, whatever it maps.
        return getattr(address, "ipv4_mapped", None) or address

    def with_host(self, host: str) -> str:
        """Return the same scheme and port for another host."""
        port = f":{self.port}" if self.port else ""
        return f"{self.scheme}://{host}{port}"


def _is_address_or_name(host: str) -> bool:
    """Return whether browsers take a host for what it looks like: 2130706433 and 0x7f.1 are addresses to them."""
    if not re.fullmatch(r"(.*\.)?([0-9]+|0x[0-9a-f]*)|\[.*\]", host):
        return True
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def public_url(name: str = "PUBLIC_URL") -> PublicUrl:
    """Return PUBLIC_URL, by default http://localhost with HTTP_PORT where that is not 80."""
    http_port = port("HTTP_PORT", 80)
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
    if not _HOST.fullmatch(host) or port == 0 or not _is_address_or_name(host):
        return None
    default_port = {"http": 80, "https": 443}[parts.scheme]
    return PublicUrl(parts.scheme, host, None if port == default_port else port)
