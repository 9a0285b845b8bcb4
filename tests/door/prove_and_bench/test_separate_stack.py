"""`./bellhop prove` and `bench` start stacks of their own, whatever the clone's `.env` is for."""

import os
import re
import subprocess
import sys

import pytest
from conftest import REPOSITORY
from support import only_local
from verbs import bench_command, prove_command, separate_stack

DOCUMENTED = re.findall(r"^([A-Z_]+)=", (REPOSITORY / ".env.example").read_text(), re.MULTILINE)


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*DOCUMENTED, "PROVE_PORT", "BENCH_PORT"):
        monkeypatch.delenv(name, raising=False)


def proved(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Return the environment that `./bellhop prove` calls Compose with."""
    seen: list[dict[str, str]] = []

    def compose(root: object, environment: dict[str, str], step: list[str]) -> int:
        seen.append(environment)
        return 0

    monkeypatch.setattr(prove_command, "_compose", compose)
    assert prove_command._prove(REPOSITORY, tmp_path_factory.mktemp("report"), []) == 0
    return seen[0]


def test_nothing_of_env_reaches_a_stack_that_is_broken_on_purpose(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = proved(monkeypatch, tmp_path_factory)
    chosen = {"COMPOSE_FILE", "HTTP_PORT", "HTTP_BIND", "SECRET_KEY", "POSTGRES_PASSWORD"}
    assert {name: found[name] for name in DOCUMENTED if name not in chosen} == dict.fromkeys(
        [name for name in DOCUMENTED if name not in chosen], ""
    )
    assert found["COMPOSE_FILE"] == "docker-compose.yml;docker-compose.tests.yml"
    assert found["HTTP_BIND"] == "127.0.0.1"


def test_nothing_of_env_reaches_the_stacks_that_are_measured() -> None:
    found = bench_command._environment()
    chosen = {"COMPOSE_FILE", "HTTP_PORT", "HTTP_BIND", "PUBLIC_URL", "RATE_LIMITS"}
    chosen |= {"SECRET_KEY", "POSTGRES_PASSWORD"}
    assert {found[name] for name in DOCUMENTED if name not in chosen} == {""}
    assert found["PUBLIC_URL"] == "http://localhost:18100"
    assert found["COMPOSE_FILE"] == "docker-compose.yml;bench/docker-compose.yml"


def test_sizes_that_the_shell_sets_count_and_what_it_says_of_servers_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in DOCUMENTED:
        monkeypatch.setenv(name, "from the shell")
    found = separate_stack.environment("p", ["docker-compose.yml"])
    assert found["WEB_THREADS"] == found["SOCKETS_PER_USER"] == "from the shell"
    for name in ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "EMAIL_URL", "SECRET_KEY"):
        assert found[name] == ""


@pytest.mark.parametrize("command", [["tests/run.py"], ["tests/run.py", "js"], ["-m", "prove"]])
def test_tests_and_faults_refuse_a_stack_that_people_use(command: list[str]) -> None:
    done = _run({"PUBLIC_URL": "https://notify.example.com"}, command)
    assert done.returncode != 0
    assert done.stderr.startswith("bellhop: PUBLIC_URL: ")
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("url", "debug", "is_refused"),
    [
        ("https://notify.example.com", "false", True),
        # A private address of production's is where people are, too.
        ("http://192.168.1.5", "false", True),
        ("http://notify.internal", "", True),
        ("http://192.168.1.5", "true", False),
        ("http://localhost:18090", "false", False),
        ("", "false", False),
        ("", "true", False),
    ],
)
def test_a_stack_may_be_in_use_unless_it_is_local_or_in_development(
    url: str, debug: str, is_refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", url)
    monkeypatch.setenv("DEBUG", debug)
    assert bool(only_local.refusal()) == is_refused


def test_beside_a_local_stack_the_tests_run() -> None:
    done = _run({}, ["tests/run.py", "nonsense"])
    assert done.stderr.startswith("unknown stage 'nonsense'")


def _run(variables: dict[str, str], command: list[str]) -> "subprocess.CompletedProcess[str]":
    paths = [REPOSITORY / "tests", REPOSITORY / "tests/e2e", os.environ.get("PYTHONPATH", "")]
    given = {name: value for name, value in os.environ.items() if name != "DEBUG"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=REPOSITORY,
        env={**given, "PYTHONPATH": os.pathsep.join(map(str, paths)), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
