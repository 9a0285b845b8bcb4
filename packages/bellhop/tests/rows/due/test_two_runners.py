"""Runners that work at once, and die in the middle: each due thing is done once."""

import signal
import subprocess
from functools import partial

import pytest

from rows.checks.project import Project
from rows.due.projects import ALL_DONE_ONCE, HOW_IT_IS, MAKE_DUE, count_due, until

pytestmark = pytest.mark.timeout(300)

WORK = ("-m", "django", "bellhop_work")


def start(project: Project) -> "subprocess.Popen[str]":
    return project.start(*WORK, output=subprocess.DEVNULL)


def test_two_at_once_of_which_one_after_the_other_is_killed_do_each_thing_once(
    project: Project,
) -> None:
    project.told(MAKE_DUE)
    at_work = [start(project), start(project)]
    try:
        for _ in range(4):
            before = count_due(project)
            # Killed wherever it is by then, and another takes its place.
            until(partial(_goes_on, project, before))
            victim = at_work.pop(0)
            victim.send_signal(signal.SIGKILL)
            victim.wait(30)
            at_work.append(start(project))
        until(lambda: count_due(project) == 0)
    finally:
        for process in at_work:
            process.terminate()
        for process in at_work:
            process.wait(60)
    assert project.told(HOW_IT_IS) == ALL_DONE_ONCE


def _goes_on(project: Project, before: int) -> bool:
    now = count_due(project)
    return now < before or now == 0


DIES = """
import os, signal
from bellhop.due import sum_up
from bellhop.due.runner import run_once
from bellhop.models import Removal
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
{where} = die
run_once()
"""


def test_one_that_dies_before_its_commit_has_done_nothing_of_that_batch(project: Project) -> None:
    project.told(MAKE_DUE)
    before = count_due(project)
    for where in ("Removal.note", "sum_up.number", "sum_up._link"):
        run = project.run("-c", "import django; django.setup()\n" + DIES.format(where=where))
        assert run.code == -signal.SIGKILL, run.err
        if where == "Removal.note":
            assert count_due(project) == before
    done = project.manage("bellhop_work", "--once")
    assert done.code == 0, done.err
    assert project.told(HOW_IT_IS) == ALL_DONE_ONCE
