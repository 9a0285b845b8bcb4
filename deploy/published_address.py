"""Where a stack is published: which address and port of this machine, and what people type.

Python's standard library only, 3.9 or newer, as all of the door. A ValueError is one line that names the variable.
"""

import ipaddress
import re
import socket
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


def port(given: str) -> int:
    """Return HTTP_PORT, 80 where nothing is set; ValueError for anything but a port."""
    text = given.strip() or "80"
    if ":" in text:
        raise ValueError(
            "HTTP_PORT: must be a port alone; the address to publish it on goes into HTTP_BIND"
        )
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise ValueError("HTTP_PORT: must be a whole number from 1 to 65535")
    return int(text)


def bind(given: str, default: str) -> str:
    """Return HTTP_BIND, an IP address of this machine; ValueError for anything else."""
    text = given.strip() or default
    try:
        return str(ipaddress.ip_address(text)) if text else ""
    except ValueError:
        raise ValueError(
            "HTTP_BIND: must be an IP address of this machine, like 127.0.0.1, 0.0.0.0 or ::1"
        ) from None


def origin(given: str, http_port: int) -> str:
    """Return PUBLIC_URL as a browser spells it, by default http://localhost with HTTP_PORT where that is not 80."""
    text = given.strip()
    if not text:
        return "http://localhost" + ("" if http_port == 80 else f":{http_port}")
    try:
        parts = urlsplit(text)
        number = parts.port
    except ValueError:
        return text  # web refuses it, and says why
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    is_default = number in (None, _DEFAULT_PORTS.get(parts.scheme))
    return f"{parts.scheme}://{host}" + ("" if is_default else f":{number}")


def is_everywhere(address: str) -> bool:
    """Return whether HTTP_BIND means every address of this machine."""
    return not address or ipaddress.ip_address(address).is_unspecified


def is_this_machine_only(address: str) -> bool:
    """Return whether nobody but this machine reaches what is bound to that address."""
    return bool(address) and ipaddress.ip_address(address).is_loopback


def reachable(address: str) -> str:
    """Return the address by which this machine reaches what is bound to HTTP_BIND."""
    if is_everywhere(address):
        return "::1" if ":" in address else "127.0.0.1"
    return address


def with_port(address: str, number: int) -> str:
    """Return address:port as URLs and nginx write it, an IPv6 address in brackets."""
    return f"[{address}]:{number}" if ":" in address else f"{address}:{number}"


def is_taken(address: str, number: int) -> bool:
    """Return whether something on this machine answers there."""
    try:
        socket.create_connection((reachable(address), number), timeout=1).close()
    except OSError:
        return False
    return True


def reach(address: str, url: str, *, is_production: bool) -> str:
    """Return in one line who reaches the stack."""
    if is_everywhere(address):
        return "published on every address of this machine; HTTP_BIND restricts it"
    if not is_this_machine_only(address):
        return f"published on {address}"
    if is_production:
        return "only this machine reaches it, such as a proxy on it that ends TLS"
    line = "only this machine reaches it; for a phone on the same network put HTTP_BIND=0.0.0.0"
    host = urlsplit(url).hostname or ""
    is_local = host == "localhost" or host.endswith(".localhost") or host.startswith("127.")
    return f"{line} and PUBLIC_URL into .env" if is_local or host == "::1" else f"{line} into .env"
