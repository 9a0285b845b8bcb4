"""The loop in a real Celery worker: from its start, whatever becomes of its broker, and whatever it forks."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as live_settings

from rows.checks.project import Project, redis_number, server_connection
from rows.due.projects import ALL_DONE_ONCE, HOW_IT_IS, MAKE_DUE, PATIENCE, asked, count_due, until

pytestmark = pytest.mark.timeout(300)

APP = """
import os
from celery import Celery
app = Celery("theirs")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

@app.task
def ask():
    from django.contrib.auth.models import User
    User.objects.create(username=f"made by {os.getpid()} {User.objects.count()}")
"""

LOGGED = """
LOGGING = {"version": 1, "disable_existing_loggers": False, "handlers": {"err": {"class": "logging.StreamHandler"}},
           "loggers": {"bellhop": {"handlers": ["err"], "level": "INFO", "propagate": False}}}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
"""


def broker(url: str) -> str:
    return f'CELERY_BROKER_URL = "{url}"\nCELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True\n'


@contextmanager
def worker(
    project: Project, *arguments: str, url: str, log: Path
) -> Iterator["subprocess.Popen[str]"]:
    """Run a worker that is told to stop at the end, and must do so."""
    project.write("their_celery.py", APP)
    with log.open("w") as output:
        process = project.start(
            "-m", "celery", "-A", "their_celery", "worker", "--without-gossip", "--without-mingle", *arguments,
            settings=LOGGED + broker(url), output=output.fileno(),
        )  # fmt: skip
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                assert process.wait(PATIENCE) == 0
            finally:
                process.kill()


@pytest.fixture
def url() -> str:
    return redis_number(live_settings.BROKER_URL, 13)


def test_in_a_prefork_worker_that_makes_child_after_child_the_connection_stays_whole(
    project: Project, url: str, tmp_path: Path
) -> None:
    """A child that closed the socket it has inherited would end its parent's session."""
    project.told(MAKE_DUE)
    log = tmp_path / "log"
    # A new child for each task.
    arguments = ("-P", "prefork", "-c", "2", "--max-tasks-per-child", "1")
    with worker(project, *arguments, url=url, log=log):
        project.told(
            "from their_celery import ask\nfor _ in range(6): ask.delay()\ntell(1)",
            settings=broker(url),
        )
        made = "SELECT count(*) FROM auth_user WHERE username LIKE 'made by %'"
        until(lambda: asked(project, made) == 6)
        children = made.replace("*", "DISTINCT split_part(username, ' ', 3)")
        assert asked(project, children) == 6
        until(lambda: count_due(project) == 0)
        assert project.told(HOW_IT_IS) == ALL_DONE_ONCE
        # After the last fork, too.
        with server_connection(project.database["NAME"]) as server:
            server.execute("UPDATE bellhop_notification SET expires_at = now() WHERE seq = 91")
        until(lambda: count_due(project) == 0)
    said = log.read_text()
    assert said.count("due_started") == said.count("due_stopped") == 1, said
    assert "due_lost_database" not in said
    assert "due_fork_not_waited" not in said


def test_without_its_broker_it_works_all_the_same(
    project: Project, closed_port: int, tmp_path: Path
) -> None:
    project.told(MAKE_DUE)
    arguments = ("-P", "threads", "-c", "1")
    log = tmp_path / "log"
    url = f"redis://127.0.0.1:{closed_port}/0"
    project.write("their_celery.py", APP)
    with log.open("w") as output:
        process = project.start(
            "-m", "celery", "-A", "their_celery", "worker", *arguments,
            settings=LOGGED + broker(url), output=output.fileno(),
        )  # fmt: skip
        try:
            until(lambda: count_due(project) == 0)
        finally:
            # It waits for its broker, which is Celery's business.
            process.kill()
            process.wait(30)
    assert project.told(HOW_IT_IS) == ALL_DONE_ONCE


def test_a_process_that_is_no_worker_runs_nothing(project: Project, url: str) -> None:
    project.write("their_celery.py", APP)
    names = project.told(
        "import threading, time, their_celery, bellhop.tasks\n"
        "their_celery.app.loader.import_default_modules()\n"
        "tell([thread.name for thread in threading.enumerate()])",
        settings=broker(url),
    )
    assert not [name for name in names if "bellhop-due" in name]
