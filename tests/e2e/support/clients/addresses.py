"""Addresses of test clients: throttles count by address, and a hundred users do not share one."""

import ipaddress
import itertools
import json
import socket
import subprocess
from functools import cache
from typing import Any

from support.gateway import BARE, GATEWAY_HOST

COUNT = 120
"""More than are used in the minutes for which a throttle remembers one."""


@cache
def _interface() -> Any:
    """Return what `ip` says about this container's interface to nginx."""
    (route,) = _ask_ip("route", "get", socket.gethostbyname(GATEWAY_HOST))
    (interface,) = _ask_ip("-4", "address", "show", "dev", route["dev"])
    return interface


def _ask_ip(*question: str) -> Any:
    shown = subprocess.run(["ip", "-json", *question], capture_output=True, check=True, text=True)
    return json.loads(shown.stdout)


def own_address() -> str:
    """Return the address of this machine at which the stack's nginx reaches it."""
    return "127.0.0.1" if BARE else str(_interface()["addr_info"][0]["local"])


@cache
def pool() -> "itertools.cycle[str]":
    """Return this machine's client addresses in turn; in a container they are added to its interface."""
    if BARE:
        # The whole of 127/8 is this machine.
        return itertools.cycle([f"127.0.1.{number}" for number in range(1, COUNT + 1)])
    interface = _interface()
    own = interface["addr_info"][0]
    network = ipaddress.ip_network(f"{own['local']}/{own['prefixlen']}", strict=False)
    # From the far end of the network, where Docker does not get to.
    last = int(network.broadcast_address) - 1
    addresses = [str(ipaddress.ip_address(last - number)) for number in range(COUNT)]
    for address in addresses:
        subprocess.run(
            [
                "ip",
                "address",
                "replace",
                f"{address}/{own['prefixlen']}",
                "dev",
                interface["ifname"],
            ],
            check=True,
        )
    return itertools.cycle(addresses)


def next_address() -> str:
    """Return the next client address."""
    return next(pool())
