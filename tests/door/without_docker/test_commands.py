"""The commands of `./bellhop` without Docker, as the person who types them sees them."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from bare import commands, interrupts, layout, request_story, start_and_stop
from bare.errors import MissingError
from conftest import REPOSITORY, Supervisor

ID = "5c1f0a1e5c1f0a1e"
NGINX = f"timestamp=2026-11-23T10:00:01.500Z service=nginx request_id={ID} took=1.500 status=302"
WEB = f"timestamp=2026-11-23T10:00:00.100000Z service=web request_id={ID} event=notification_saved"
WS = f"timestamp=2026-11-23T10:00:02.000000Z service=ws request_id={ID} event=notification_sent"


def test_a_requests_story_is_told_from_its_beginning() -> None:
    lines = [WS, WEB, NGINX, WS.replace(ID, "another-request")]
    assert request_story.tell(ID, lines) == [NGINX, WEB, WS]


@pytest.mark.parametrize("nonsense", ["x", "a" * 65, "../../etc", ".*......"])
def test_what_cannot_be_a_request_id_is_refused(nonsense: str) -> None:
    with pytest.raises(MissingError, match="a request id has"):
        request_story.tell(nonsense, [])


def logs(state: Path, request_id: str) -> int:
    (state / "log").mkdir()
    for line in (NGINX, WEB, WS):
        service = line.partition("service=")[2].split()[0]
        (state / "log" / f"{service}.log").write_text(f"{line}\n")
    return commands.main(argparse.Namespace(command="logs", id=request_id))


def test_logs_with_an_id_print_that_story(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert logs(state, ID) == 0
    assert capsys.readouterr().out.splitlines() == [NGINX, WEB, WS]


def test_logs_with_an_id_that_no_line_has_say_so(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert logs(state, "0000000000") == 1
    assert capsys.readouterr().out == "no line with 0000000000\n"


def refused(capsys: pytest.CaptureFixture[str], **arguments: Any) -> str:
    """Run a command that is refused; return its one line."""
    assert commands.main(argparse.Namespace(**arguments)) == 1
    said = capsys.readouterr().err
    assert said.startswith("bellhop: ")
    assert len(said.splitlines()) == 1
    return said


def test_logs_before_the_first_start_say_what_to_type(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "./bellhop up" in refused(capsys, command="logs", id=None)


def test_manage_needs_a_stack_that_runs(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "./bellhop up" in refused(capsys, command="manage", arguments=["check"])


def test_a_folder_that_may_not_be_written_is_one_line(
    clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def denied(tests: bool = False) -> str:
        raise PermissionError(13, "Permission denied", ".bellhop")

    monkeypatch.setattr(start_and_stop, "up", denied)
    assert "Permission denied: '.bellhop'" in refused(capsys, command="up")


@pytest.fixture
def managed(
    clone: Path, state: Path, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A running stack whose manage.py notes what it is told and ends with 3."""
    (state / "bin").mkdir()
    (state / "bin/python").symlink_to(sys.executable)
    web = clone / "services/web"
    web.mkdir(parents=True)
    (web / "manage.py").write_text(
        "import os, sys\n"
        "open('told', 'w').write(f\"{sys.argv[1:]} {os.environ['OURS']} {os.environ['TERM']}\")\n"
        "sys.exit(3)\n"
    )
    layout.save(state, {"BIN": str(state / "bin"), "OURS": "yes", "TERM": "then"})
    monkeypatch.setenv("TERM", "now")
    return web / "told"


def test_manage_runs_in_the_web_service_with_the_stacks_environment_and_this_terminal(
    managed: Path,
) -> None:
    arguments = ["notify", "demo", "Lunch is ready", "--key", "k"]
    status = commands.main(argparse.Namespace(command="manage", arguments=arguments))
    assert status == 3
    assert managed.read_text() == f"{arguments} yes now"


def test_a_program_on_the_terminal_may_end_by_itself_when_it_is_interrupted(tmp_path: Path) -> None:
    child = (
        "import signal, sys, time\n"
        "def end(*_): time.sleep(0.6); open('ended', 'w').close(); sys.exit(0)\n"
        "signal.signal(signal.SIGINT, end); open('began', 'w').close(); time.sleep(60)\n"
    )
    parent = (
        "import os, sys; from pathlib import Path; from bare import commands, interrupts\n"
        "interrupts.install()\n"
        "try: commands._attached([sys.executable, '-c', os.environ['CHILD']], Path(), os.environ)\n"
        "except KeyboardInterrupt: sys.exit(130)\n"
    )
    environment = {**os.environ, "CHILD": child, "PYTHONPATH": str(REPOSITORY / "deploy")}
    with subprocess.Popen(
        [sys.executable, "-c", parent], cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL
    ) as process:
        deadline = time.monotonic() + 30
        while not (tmp_path / "began").exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 130
    assert (tmp_path / "ended").exists()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The script and what it needs, in a clone of its own, whose stack has never run."""
    shutil.copy(REPOSITORY / "bellhop", tmp_path)
    shutil.copytree(REPOSITORY / "deploy", tmp_path / "deploy")
    return tmp_path


def test_the_script_works_without_docker_and_without_anything_installed(copy: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", copy / "bellhop", "down"],
        env={"PATH": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "nothing is running\n")


def test_an_interrupted_command_ends_with_130_and_without_a_traceback(
    clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(tests: bool = False) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(start_and_stop, "up", interrupted)
    assert commands.main(argparse.Namespace(command="up")) == 130
    assert capsys.readouterr().err == ""


@pytest.fixture(autouse=True)
def signals() -> Any:
    numbers = interrupts._SIGNALS
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
