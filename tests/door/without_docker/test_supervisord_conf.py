"""The process file says what Compose's files say, and no service outlives its supervisor."""

import configparser
import json
import re
import shlex

import pytest
from bare import start_and_stop
from conftest import REPOSITORY

parsed = configparser.RawConfigParser(inline_comment_prefixes=(" ;",))
parsed.read(REPOSITORY / "deploy/bare/supervisord.conf")
PROGRAMS = {
    section.partition(":")[2]: parsed[section]
    for section in parsed.sections()
    if section.startswith("program:")
}
OVERRIDE = (REPOSITORY / "docker-compose.override.yml").read_text()


def test_every_service_is_a_program_and_every_program_a_service() -> None:
    assert {service for step in start_and_stop.STEPS for service in step} == set(PROGRAMS)


@pytest.mark.parametrize("service", PROGRAMS)
def test_a_service_ends_when_its_supervisor_dies(service: str) -> None:
    command = PROGRAMS[service]["command"]
    assert command.startswith("setpriv --pdeathsig ")
    # What a reloader runs ends with the reloader.
    for inner in re.findall(r'"([^"]*%\(ENV_BIN\)s[^"]*)"', command):
        assert inner.startswith("setpriv --pdeathsig ")


@pytest.mark.parametrize("service", ["web", "worker", "ws"])
def test_a_service_runs_and_is_reloaded_as_in_development_with_docker(service: str) -> None:
    (block,) = re.findall(rf"^  {service}:\n(.*?)^  \w", OVERRIDE, re.MULTILINE | re.DOTALL)
    (listed,) = re.findall(r"command: (\[.*?\])", block, re.DOTALL)
    watch, program = split(shlex.join(json.loads(listed)))
    assert split(PROGRAMS[service]["command"]) == (watch, program)


def split(command: str) -> tuple[list[str], list[str]]:
    """Return a reloader's options and the program it runs, without what differs between hosts."""
    words = shlex.split(
        command.replace("setpriv --pdeathsig TERM ", "").replace("%(ENV_BIN)s/", "")
    )
    (program,) = (word for word in words if " " in word)
    options = words[: words.index(program)]
    # Its address: here all services share one.
    addresses = r" --(?:bind|host|port) \S+"
    return options, re.sub(addresses, "", program).split()


def test_redis_keeps_nothing_here_either() -> None:
    compose = (REPOSITORY / "docker-compose.yml").read_text()
    for option in ('--save ""', "--appendonly no", "--maxmemory-policy noeviction"):
        assert option in PROGRAMS["redis"]["command"]
        # There it stands within a shell's words.
        assert option.replace('"', "'") in compose


@pytest.mark.parametrize("service", ["web", "worker", "ws"])
def test_a_service_is_given_as_long_to_stop_as_with_docker(service: str) -> None:
    compose = (REPOSITORY / "docker-compose.yml").read_text()
    (block,) = re.findall(rf"^  {service}:\n(.*?)^  \w", compose, re.MULTILINE | re.DOTALL)
    (seconds,) = re.findall(r"stop_grace_period: (\d+)s", block)
    assert PROGRAMS[service]["stopwaitsecs"] == seconds


@pytest.mark.parametrize("service", PROGRAMS)
def test_a_log_is_bounded_here_too(service: str) -> None:
    assert PROGRAMS[service]["stdout_logfile_maxbytes"] == "20MB"
    assert PROGRAMS[service]["stdout_logfile_backups"] == "4"


def test_the_database_lets_in_as_many_as_with_docker() -> None:
    compose = (REPOSITORY / "docker-compose.yml").read_text()
    (connections,) = re.findall(r"max_connections=(\d+)", compose)
    assert f"max_connections={connections} " in PROGRAMS["db"]["command"]
