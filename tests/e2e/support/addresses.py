"""Addresses of test clients: throttles count by address, and a hundred users do not share one."""

import ipaddress
import itertools
import json
import subprocess
from functools import cache

COUNT = 48


@cache
def pool() -> "itertools.cycle[str]":
    """Return this machine's client addresses in turn, added to its interface on first use."""
    shown = subprocess.run(
        ["ip", "-json", "-4", "address", "show", "scope", "global"],
        capture_output=True,
        check=True,
        text=True,
    )
    interface = json.loads(shown.stdout)[0]
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
