"""How many requests one web container answers at once; each may hold a connection to the database."""

import multiprocessing
from typing import Final

from stack import environment

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
