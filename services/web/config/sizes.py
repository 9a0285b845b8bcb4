"""How many requests one web container answers at once; each may hold a connection to the database."""

import multiprocessing
from typing import Final

from stack import environment

WEB_MEMORY: Final = (100, 75, 0.5)
"""MiB that web may need: of its own, for each process and for each thread. Measured on 2026-11-28: see decision 21."""

WS_MEMORY: Final = (160, 0.032)
"""MiB that ws may need: of its own, and for each socket. One that is idle takes 24 kB; the rest is its traffic."""

CONNECTIONS_MAX: Final = 256
"""Of one container. PostgreSQL's own setting (docker-compose.yml) leaves room for more containers beside it."""


def processes() -> int:
    """Return WEB_PROCESSES, gunicorn's worker processes: by default one for each core, at most four."""
    return environment.integer("WEB_PROCESSES", min(multiprocessing.cpu_count(), 4), 1, 64)


def threads() -> int:
    """Return WEB_THREADS, the threads of each process."""
    return environment.integer("WEB_THREADS", 8, 1, 64)


def connections() -> int:
    """Return how many connections one container may open; refuse more than CONNECTIONS_MAX."""
    count = processes() * threads()
    if count > CONNECTIONS_MAX:
        environment.refuse(
            "WEB_PROCESSES",
            f"{processes()} processes of WEB_THREADS={threads()} would open {count} connections to the database;"
            f" at most {CONNECTIONS_MAX} for one web container",
        )
    return count


def check_memory() -> None:
    """Refuse limits of memory that are too small for what fills it: the kernel would end the service amid work."""
    own, each_process, each_thread = WEB_MEMORY
    count = processes()
    needed = own + count * (each_process + threads() * each_thread)
    _refuse_less("WEB_MEMORY", "1g", needed, f"WEB_PROCESSES={count}, WEB_THREADS={threads()}")
    own, each = WS_MEMORY
    sockets = environment.integer("SOCKETS_PER_PROCESS", 10_000, 1, 1_000_000)
    _refuse_less("WS_MEMORY", "512m", own + sockets * each, f"SOCKETS_PER_PROCESS={sockets}")


def _refuse_less(name: str, default: str, needed: float, by: str) -> None:
    if environment.mebibytes(name, default) < needed:
        environment.refuse(
            name, f"{environment.text(name, default)} is too little for {by}: {needed:.0f}m"
        )
