"""Who may do what to Redis, asked from each service's container as it runs, with what that service has."""

from typing import Any, Final

import pytest
from support import containers, stack

pytestmark = [
    pytest.mark.containers("local processes share a Redis that asks nobody who they are"),
    pytest.mark.redis("its users are those of a Redis that runs"),
]

NOBODYS: Final = (
    "FLUSHALL",
    "FLUSHDB",
    "CONFIG GET maxmemory",
    "CONFIG SET maxmemory 1",
    "KEYS *",
    "MONITOR",
    "SHUTDOWN NOSAVE",
    "ACL LIST",
    "CLIENT KILL TYPE normal",
    "SCRIPT FLUSH",
    "SLAVEOF NO ONE",
)

ASK: Final = """
from django.conf import settings
from redis import Redis
from redis.exceptions import NoPermissionError

client = Redis.from_url(settings.BROKER_URL)

def ask(command):
    try:
        client.execute_command(*command.split(" "))
    except NoPermissionError:
        return "refused"
    except Exception as error:
        return repr(error)
    return "done"

print(json.dumps({one: ask(one) for one in json.loads(sys.argv[1])}))
"""


def ask(service: str, *commands: str) -> Any:
    return containers.ask_python(service, ASK, commands)


@pytest.mark.parametrize("service", ["web", "worker", "ws"])
def test_no_service_empties_redis_or_changes_how_it_works(service: str) -> None:
    assert ask(service, *NOBODYS) == dict.fromkeys(NOBODYS, "refused")


def test_ws_sends_no_task_and_reads_no_key() -> None:
    queue = f"{stack.installation()}.rings"
    commands = (f"LPUSH {queue} task", f"LRANGE {queue} 0 -1", "SET taken 1", "GET taken", "DEL x")
    assert ask("ws", *commands) == dict.fromkeys(commands, "refused")
    assert ask("ws", "PUBLISH nobody-listens hi") == {"PUBLISH nobody-listens hi": "done"}


@pytest.mark.parametrize("known", [(), ("--user", "default"), ("--user", "ws", "--pass", "guess")])
def test_whoever_has_no_password_is_not_let_in(known: tuple[str, ...]) -> None:
    _, said = containers.attempt("redis", "redis-cli", "--no-auth-warning", *known, "PING")
    assert "PONG" not in said
    assert "NOAUTH" in said or "WRONGPASS" in said


def test_the_user_of_the_health_check_can_do_nothing_else() -> None:
    health = ("redis-cli", "--no-auth-warning", "--user", "health", "--pass", "none")
    assert containers.attempt("redis", *health, "PING")[1].strip() == "PONG"
    for command in (("GET", "x"), ("PUBLISH", "x", "y"), ("INFO",), ("ACL", "WHOAMI")):
        assert "NOPERM" in containers.attempt("redis", *health, *command)[1]


def test_redis_gives_up_no_memory_of_others() -> None:
    limit = int(stack.redis("CONFIG", "GET", "maxmemory").split()[-1])
    assert 0 < limit < containers.container("redis").attrs["HostConfig"]["Memory"]
    assert stack.redis("CONFIG", "GET", "maxmemory-policy").split()[-1] == "noeviction"


@pytest.mark.parametrize("service", ["web", "worker", "ws"])
def test_no_password_is_in_an_environment_or_a_log(service: str) -> None:
    _, listed = containers.attempt(service, "sh", "-c", f"cat /credentials/{service}/*")
    passwords = [line.partition(":")[2] for line in listed.split()]
    assert len(passwords) == 2
    environment = "\n".join(containers.container(service).attrs["Config"]["Env"])
    written = "\n".join(containers.logs(service))
    for password in passwords:
        assert password
        assert password not in environment
        assert password not in written
