"""`manage.py bellhop_work`: a loop that ends when it is told to, and --once for cron."""

import signal
import time
from pathlib import Path

import pytest

from rows.checks.project import Project, server_connection
from rows.due.projects import ALL_DONE_ONCE, HOW_IT_IS, MAKE_DUE, PEOPLE, count_due, until

# Programs start one after the other, and the first test waits for the project to be made.
pytestmark = pytest.mark.timeout(300)

LOGGED = """
LOGGING = {"version": 1, "handlers": {"err": {"class": "logging.StreamHandler"}},
           "loggers": {"bellhop": {"handlers": ["err"], "level": "INFO", "propagate": False}}}
"""


def test_once_does_all_that_is_due_says_how_much_and_ends(project: Project) -> None:
    project.told(MAKE_DUE)
    run = project.manage("bellhop_work", "--once")
    assert (run.code, run.err) == (0, "")
    (line,) = run.lines
    assert line.startswith(f"expired {PEOPLE * 50:,}; summed up {PEOPLE * 40:,}; pruned")
    assert project.told(HOW_IT_IS) == ALL_DONE_ONCE
    again = project.manage("bellhop_work", "--once")
    assert again.out.startswith("expired 0; summed up 0")


@pytest.mark.parametrize(
    ("number", "logged"), [(signal.SIGTERM, LOGGED), (signal.SIGINT, "")], ids=["logged", "plain"]
)
def test_the_loop_ends_after_the_batch_that_is_under_way_and_says_so(
    project: Project, number: signal.Signals, logged: str
) -> None:
    project.told(MAKE_DUE)
    before = count_due(project)
    work = project.start("-m", "django", "bellhop_work", settings=logged)
    until(lambda: count_due(project) < before)
    began = time.monotonic()
    work.send_signal(number)
    out, err = work.communicate(timeout=60)
    assert time.monotonic() - began < 30
    # Once: in the logs, or where those show no infos on stdout.
    begin, end = "bellhop_work: looking for what is due every 0.1 s", "bellhop_work: stopped"
    assert (work.returncode, out.splitlines()) == (0, [] if logged else [begin, end])
    assert ("due_started" in err, "due_stopped" in err) == (bool(logged), bool(logged))
    assert "Traceback" not in err
    assert project.manage("bellhop_work", "--once").code == 0
    assert project.told(HOW_IT_IS) == ALL_DONE_ONCE


def test_a_database_that_is_away_for_a_while_is_two_lines_and_the_work_goes_on(
    project: Project, tmp_path: Path
) -> None:
    name, log = project.database["NAME"], tmp_path / "log"
    with log.open("w") as output:
        work = project.start(
            "-m", "django", "bellhop_work", settings=LOGGED, output=output.fileno()
        )
        try:
            until(lambda: "due_started" in log.read_text())
            with server_connection() as server:
                server.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
                try:
                    server.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                        [name],
                    )
                    until(lambda: "due_lost_database" in log.read_text())
                    # As long as for ten more attempts, each of which might have its line.
                    time.sleep(1)
                    assert work.poll() is None
                finally:
                    server.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
            until(lambda: "due_found_database" in log.read_text())
            project.told(MAKE_DUE)
            until(lambda: count_due(project) == 0)
        finally:
            work.terminate()
            work.wait(60)
    said = log.read_text()
    events = [line.split()[0] for line in said.splitlines() if line.startswith("due_")]
    assert [event for event in events if event != "due_done"] == [
        "due_started", "due_lost_database", "due_found_database", "due_stopped",
    ]  # fmt: skip
    assert "Traceback" not in said
    assert project.told(HOW_IT_IS) == ALL_DONE_ONCE


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ('DATABASES["default"]["PORT"] = "1"', "the database does not answer"),
        ('DATABASES["default"]["NAME"] = "postgres"', "run python manage.py migrate"),
    ],
)
def test_once_says_in_a_line_why_it_cannot(project: Project, changed: str, said: str) -> None:
    run = project.manage("bellhop_work", "--once", settings=changed)
    assert run.code == 1
    assert run.err.startswith("CommandError: ")
    assert said in run.err
    assert "Traceback" not in run.err
