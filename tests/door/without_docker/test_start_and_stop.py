"""Up and down: what is started and stopped, in which order, and what an interrupt leaves."""

import fcntl
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from bare import health, interrupts, layout, start_and_stop
from bare import supervisor as bare
from bare.errors import MissingError
from bare.host import system_packages, virtual_environment
from bare.programs import nginx_configuration, postgresql_cluster
from conftest import Supervisor

pytestmark = pytest.mark.usefixtures("all_ready")
ORDER = ["db", "redis", "web", "worker", "ws", "nginx"]


@pytest.fixture(autouse=True)
def nothing_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "missing", lambda programs: [])
    monkeypatch.setattr(virtual_environment, "prepare", lambda folder, tests: None)
    monkeypatch.setattr(postgresql_cluster, "programs", lambda data: Path("/nonexistent"))
    monkeypatch.setattr(postgresql_cluster, "make", lambda data, variables: None)
    monkeypatch.setattr(nginx_configuration, "render", lambda folder, variables: None)
    for name in ("PUBLIC_URL", "DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PORT", str(layout._first_free("127.0.0.1", 18_000)))


@pytest.fixture
def launched(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> Supervisor:
    """A supervisord that is there only once it is launched."""
    there = False

    def launch(folder: Path, environment: Any) -> None:
        nonlocal there
        there = True

    monkeypatch.setattr(bare, "launch", launch)
    monkeypatch.setattr(bare, "running", lambda folder: there)
    return supervisor


def test_services_start_in_order_and_stop_in_reverse(launched: Supervisor) -> None:
    url = start_and_stop.up()
    assert url == f"http://localhost:{layout.address(layout.settings())[1]}"
    assert launched.told == [f"startProcess {service}" for service in ORDER]
    launched.told.clear()
    assert start_and_stop.down() is True
    assert [line for line in launched.told if line.startswith("stop")] == [
        f"stopProcess {service}" for service in ("nginx", "web", "worker", "ws", "db", "redis")
    ]
    assert launched.told[-1] == "shutdown"


def test_down_says_that_nothing_runs_and_makes_no_folder(clone: Path) -> None:
    layout.state().rmdir()
    assert start_and_stop.down() is False
    assert not layout.state().exists()


def test_down_with_volumes_deletes_the_database_of_a_stack_that_runs_no_more(state: Path) -> None:
    (state / "postgres").mkdir()
    assert start_and_stop.down(volumes=True) is False
    assert not (state / "postgres").exists()


def test_an_interrupt_while_it_starts_stops_what_was_started(
    launched: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_ready(service: str, variables: Any) -> bool:
        if service == "web":
            raise KeyboardInterrupt
        return True

    monkeypatch.setattr(health, "is_ready", is_ready)
    with pytest.raises(KeyboardInterrupt):
        start_and_stop.up()
    assert launched.up == set()
    assert launched.told[-1] == "shutdown"


def test_a_service_that_does_not_start_ends_the_start_with_its_last_words(
    launched: Supervisor, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "is_ready", lambda service, variables: service != "nginx")
    launched.given_up.add("nginx")
    (state / "log").mkdir()
    (state / "log/nginx.log").write_text("bind() failed\n")
    with pytest.raises(MissingError, match="nginx does not start; its log ends:\nbind"):
        start_and_stop.up()
    assert launched.up == set()


def test_a_second_up_starts_only_what_is_not_running(launched: Supervisor) -> None:
    first = start_and_stop.up()
    launched.told.clear()
    launched.up.remove("ws")
    assert start_and_stop.up() == first
    assert "stopProcess" not in " ".join(launched.told)
    assert launched.up == set(ORDER)


def test_an_interrupted_second_up_leaves_the_running_stack_alone(
    launched: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_and_stop.up()

    def interrupted(service: str, variables: Any) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(health, "is_ready", interrupted)
    with pytest.raises(KeyboardInterrupt):
        start_and_stop.up()
    assert launched.up == set(ORDER)


def test_an_up_with_another_setting_starts_again_with_it(
    launched: Supervisor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    start_and_stop.up()
    monkeypatch.setattr(
        bare, "launch", lambda folder, environment: launched.told.append("launched")
    )
    monkeypatch.setenv("EMAIL_FROM", "b@example.com")
    start_and_stop.up()
    assert launched.told.index("shutdown") < launched.told.index("launched")
    assert "these have changed: EMAIL_FROM" in capsys.readouterr().out
    assert start_and_stop.variables()["EMAIL_FROM"] == "b@example.com"


def test_a_run_of_the_tests_leaves_a_stack_with_other_settings_as_it_is(
    launched: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = start_and_stop.up()
    monkeypatch.setenv("HTTP_PORT", "1")
    assert start_and_stop.up(tests=True) == url
    assert "shutdown" not in launched.told


def test_a_second_command_waits_until_the_first_has_done(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (state / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = threading.Thread(target=lambda: list(_alone(state)))
        second.start()
        said, deadline = "", time.monotonic() + 30
        while "waiting for another ./bellhop" not in said:
            assert time.monotonic() < deadline, said
            second.join(0.05)
            said += capsys.readouterr().out
        second.join(0.3)
        assert second.is_alive()
    second.join(30)
    assert not second.is_alive()


def _alone(state: Path) -> Any:
    with start_and_stop._alone(state):
        yield


def test_an_interrupt_during_the_way_down_waits_until_it_is_down(
    launched: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_and_stop.up()
    stop = bare.control

    def control(folder: Path, command: str, service: str) -> str:
        if service == "worker":
            signal.raise_signal(signal.SIGINT)
        return stop(folder, command, service)

    monkeypatch.setattr(bare, "control", control)
    interrupts.install()
    with pytest.raises(KeyboardInterrupt):
        start_and_stop.down()
    assert launched.up == set()
    assert launched.told[-1] == "shutdown"
