"""What `bellhop_check` says of the workers that ring."""

import subprocess
from time import monotonic

import pytest

from rows.checks.project import Project, Run, redis_number
from rows.checks.running.conftest import checked

pytestmark = pytest.mark.timeout(300)


def with_celery(broker: str) -> str:
    return f"""
BELLHOP["RING"] = "celery"
from celery import Celery
app = Celery("theirs", broker={broker!r}, set_as_current=True)
app.conf.broker_connection_retry_on_startup = True
"""


def test_nobody_and_nowhere_are_named(plain: Project, redis_url: str, closed_port: int) -> None:
    run = checked(plain, settings=with_celery(redis_number(redis_url, 11)))
    assert run.code == 1
    assert "celery -A" in run.line("missing Celery worker: nobody has answered")
    run = checked(plain, settings=with_celery(f"redis://127.0.0.1:{closed_port}/0"))
    assert run.code == 1
    assert "broker" in run.line("missing Celery worker: ")
    assert "Traceback" not in run.out + run.err


def test_tasks_that_run_in_their_caller_need_no_worker(plain: Project, redis_url: str) -> None:
    settings = with_celery(redis_url) + "app.conf.task_always_eager = True\n"
    run = checked(plain, settings=settings)
    run.line("note Celery: its tasks run in their caller")


def asked(project: Project, settings: str) -> Run:
    """Run the tool until a worker has answered, 80 s at most: one that has just been started takes its time."""
    deadline = monotonic() + 80
    while True:
        run = checked(project, settings=settings)
        if "nobody has answered" not in run.out or monotonic() > deadline:
            return run


def test_a_worker_is_asked_whether_it_knows_the_tasks(plain: Project, redis_url: str) -> None:
    settings = with_celery(redis_number(redis_url, 10)) + "CELERY_APP = app\n"
    plain.write(
        "their_worker.py",
        "import django\ndjango.setup()\nfrom django.conf import settings\n"
        "app = settings.CELERY_APP\napp.autodiscover_tasks()\n",
    )
    worker = plain.start(
        *[
            "-m",
            "celery",
            "-A",
            "their_worker",
            "worker",
            "-P",
            "solo",
            "--without-gossip",
            "--without-mingle",
        ],
        settings=settings,
        output=subprocess.DEVNULL,
    )
    try:
        asked(plain, settings).line("ok Celery worker: 1 of 1 know bellhop.tasks.ring")
        other_names = settings + 'BELLHOP["TASKS"] = "their.tasks"\n'
        line = asked(plain, other_names).line(
            "missing Celery worker: 1 answer, none knows their.tasks.ring"
        )
        assert "app.autodiscover_tasks()" in line
    finally:
        worker.kill()
        worker.wait()
