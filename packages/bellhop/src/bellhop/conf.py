"""The package's settings: what a project writes into `BELLHOP`, and what holds where it writes nothing.

Read at each use, so that a test may override them. `checks/` refuses a name or a value that cannot be.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

from django.conf import settings


class Conf:
    """`conf.NAME` is the value in settings.BELLHOP, or else the default below. AttributeError for an unknown name."""

    REDIS_URL: str = ""
    """Of the Redis that carries rings, e.g. ``redis://redis:6379/0``. Empty: none, and the beat alone delivers."""

    PREFIX: str = ""
    """Begins every channel on that Redis. Empty: made of the project's SECRET_KEY and database, so that two projects
    on one Redis do not hear each other. Web, workers and ws must have the same."""

    RING: Literal["direct", "celery", "off"] = "direct"
    """What happens after the commit: a thread of this process publishes, a Celery task does, or nothing."""

    TASKS: str = "bellhop.tasks"
    """Begins the names of the Celery tasks that ring."""

    KIND_TASKS: Mapping[str, str] = {}
    """Celery tasks that ring for single kinds instead, by the kind's name. Each is called with a notification's id."""

    LOGIN_NOTIFIES: str | Callable[..., bool] | None = None
    """For bellhop.contrib.auth and .allauth: a function, or its dotted path, of (request, user) that says whether this
    login becomes a notification; an impersonation should not. None: each does."""

    UNDECLARED_KINDS: Literal["allow", "error"] = "allow"
    """"error": notify() refuses a kind that no `bellhop_kinds.py` declares."""

    LANGUAGE: str | Callable[..., str] | None = None
    """In which language a person reads: a function of the user, its dotted path, or the name of an attribute of theirs.
    None: LANGUAGE_CODE."""

    KEEP_DAYS: int | None = None
    """How long notifications are kept whose kind does not say it. None: for ever."""

    KEEP_NEWEST: int | None = None
    """How many notifications of one person are kept. None: all."""

    WORK_SECONDS: float = 1
    """Between two looks for what is due: expiries, summaries; and now and then for what is kept no longer."""

    ORIGINS: Sequence[str] | None = None
    """Origins whose pages may open sockets, e.g. ``https://example.com``. None: that of the host which the request
    names, and those of CSRF_TRUSTED_ORIGINS."""

    ORIGIN_HINT: str = "name it in BELLHOP['ORIGINS']"
    """What the log proposes where an Origin is refused."""

    SOCKET_URL: str = "/ws/notifications/"
    """Where pages open sockets: a path; `:8001/ws/notifications/`, another port of the page's host, for development
    without a proxy; or a whole address, ``wss://…``."""

    ROUTING: str = "bellhop.routing"
    """The module whose `websocket_urlpatterns` the socket server serves."""

    RATE_LIMITS: bool = True
    """False: no limit of sockets a user and frames a second; for load tests."""

    SOCKETS_PER_PROCESS: int = 10_000
    """Open sockets, handshakes included; more are refused with 4503. An idle one takes 24 kB."""

    SOCKETS_PER_USER: int = 50
    """Of one process; more are refused with 4429."""

    SOCKET_FRAME_BYTES: int = 4096
    """Of a frame that a client sends; a longer one closes its socket with 4400."""

    SOCKET_FRAMES_PER_SECOND: int = 20
    """That a client may send; more close its socket with 4429."""

    SOCKET_UNSENT_BYTES: int = 65_536
    """That may wait for one socket's reader before nothing more is written to it."""

    SLOW_READER_SECONDS: float = 20
    """That it may stay like that; then it is closed with 4408."""

    BEAT_SECONDS: float = 5
    """Between two looks at the database for all sockets of a process at once."""

    DATABASE_CONNECTIONS: int = 10
    """Of one socket server to PostgreSQL; at least 7."""

    DATABASE_POOLER: Literal["none", "transaction"] = "none"
    """"transaction": a PgBouncer that gives each transaction another session stands in front of PostgreSQL."""

    def __getattribute__(self, name: str) -> Any:
        if name.isupper():
            return getattr(settings, "BELLHOP", _NOTHING).get(name, getattr(Conf, name))
        return super().__getattribute__(name)


_NOTHING: Final[Mapping[str, Any]] = {}

NAMES: Final = frozenset(name for name in vars(Conf) if name.isupper())
"""What BELLHOP may hold."""

conf: Final = Conf()


def prefix() -> str:
    """Return what every channel of this installation begins with on Redis."""
    return conf.PREFIX or _own_prefix()


def _own_prefix() -> str:
    database = settings.DATABASES.get("default", {})
    told = [
        settings.SECRET_KEY,
        *(str(database.get(name, "")) for name in ("HOST", "PORT", "NAME")),
    ]
    return f"bellhop-{hashlib.sha256('\n'.join(told).encode()).hexdigest()[:12]}."
