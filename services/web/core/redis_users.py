"""The users of the stack's own Redis: which service may say what there.

Redis reads them from a file of hashes. Each service has its password in a volume of its own, as for the database.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Final

from redis import Redis
from redis.exceptions import RedisError

from stack import environment
from stack.secrets import credentials
from stack.secrets.credentials import FOLDER, Credentials

# What a connection says of itself, and nothing that touches the server or whoever else uses it: no FLUSHALL, CONFIG,
# KEYS, INFO, SHUTDOWN, MONITOR, CLIENT KILL.
_BOUNDED: Final = "+@connection {} -@admin -@dangerous"
# With the scripts by which Celery binds a queue, gives back a task, and drops what nobody wants any more.
_KEYS: Final = "~* &* -@all " + _BOUNDED.format(
    "+@read +@write +@transaction +@pubsub +time +eval +evalsha +script|load +script|exists"
)
RULES: Final[Mapping[str, str]] = {
    # Celery's queues, the layer, throttles, the worker's sign of life.
    "web": _KEYS,
    "worker": _KEYS,
    # Hears and rings; no key is its to read or to write, so no task is its to send.
    "ws": "resetkeys &* -@all " + _BOUNDED.format("+@pubsub"),
    # Has Redis read the file of its users anew, when it has changed.
    "migrate": "resetkeys resetchannels -@all +acl|load",
    # Of whoever breaks stacks on purpose; there is none in production.
    "tests": "~* &* +@all",
}
"""What each user may do, in the words of Redis's ACL."""

_HEALTH: Final = "user health on nopass resetkeys resetchannels -@all +ping"
"""Whom the container's health check says it is: who can only ask whether Redis answers needs no password."""


def make() -> None:
    """Make the users' file, and the services' passwords, once; have a Redis that runs read what has changed.

    Nothing where REDIS_URL names another Redis, whose users are its administrator's business.
    """
    if environment.text("REDIS_URL") or not (FOLDER / "redis").is_dir():
        return
    path = FOLDER / "redis" / "users.acl"
    users = {service: _password_of(service) for service in RULES if _is_wanted(service)}
    text = "".join(f"{line}\n" for line in _lines(users))
    if not path.exists() or path.read_text() != text:
        credentials.write_whole(path, text)
        _tell(users["migrate"])


def _is_wanted(service: str) -> bool:
    # Its volume is mounted where a stack may be broken, and nowhere else.
    return service != "tests" or (FOLDER / service).is_mount()


def _password_of(service: str) -> Credentials:
    if service == "migrate":
        return credentials.made_once(FOLDER / "redis" / "migrate", service)
    return credentials.made_once(FOLDER / service / "redis", service)


def _lines(users: Mapping[str, Credentials]) -> Iterator[str]:
    yield "user default off"
    yield _HEALTH
    for name, known in users.items():
        digest = sha256(known.password.encode()).hexdigest()
        yield f"user {name} on #{digest} {RULES[name]}"


def _tell(known: Credentials) -> None:
    """Have Redis read the file, if it runs: it starts after this, and reads it anyway, where it is about to."""
    try:
        with Redis(
            "redis", username=known.user, password=known.password, socket_timeout=2
        ) as redis:
            redis.execute_command("ACL LOAD")
    except (RedisError, OSError):
        return
