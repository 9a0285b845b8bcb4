"""What is connected in a web process, asked of one that has started as gunicorn starts it.

Nothing of it is imported here: a test that imports the receivers connects them itself.
"""

import json
import subprocess
import sys

import pytest

CODE = """
import json
from config.wsgi import application
from allauth.account.signals import user_logged_in
from bellhop.models.signals import inbox_changed
from django.contrib.auth.signals import user_logged_out
from django.contrib.sessions.models import Session
from django.db.models.signals import post_delete, post_save
from django.contrib.auth.models import User

def connected(signal, sender=None):
    receivers, _ = signal._live_receivers(sender)
    return [f"{one.__module__}.{one.__name__}" for one in receivers]

print(json.dumps({
    "logged in": connected(user_logged_in),
    "changed": connected(inbox_changed),
    "all": [
        *connected(user_logged_out), *connected(post_delete, Session), *connected(post_save, User),
    ],
}))
"""


@pytest.fixture(scope="module")
def receivers() -> dict[str, list[str]]:
    """Names of the receivers of some signals, as modules and functions."""
    run = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=True, timeout=50
    )
    found: dict[str, list[str]] = json.loads(run.stdout.splitlines()[-1])
    return found


def test_a_login_is_told_to_the_receiver(receivers: dict[str, list[str]]) -> None:
    assert receivers["logged in"].count("core.signals.user_logged_in_receiver") == 1


def test_a_changed_inbox_is_rung(receivers: dict[str, list[str]]) -> None:
    assert receivers["changed"] == ["bellhop.ring.inbox_changes.ring_changes"]


def test_the_end_of_a_session_is_told_to_the_room_of_sessions(
    receivers: dict[str, list[str]],
) -> None:
    assert any(name.startswith("bellhop.sessions.") for name in receivers["all"])


def test_loading_the_code_starts_no_thread_and_opens_no_connection() -> None:
    # gunicorn loads it once and then forks: a thread would be missing in every child, a connection shared by all.
    code = (
        "import os, threading\n"
        "from config.wsgi import application\n"
        "from django.db import connection\n"
        "found = [os.readlink(f'/proc/self/fd/{one}') for one in os.listdir('/proc/self/fd')\n"
        "         if os.path.exists(f'/proc/self/fd/{one}') or os.path.islink(f'/proc/self/fd/{one}')]\n"
        "print(threading.active_count(), sum(one.startswith('socket:') for one in found), connection.connection)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=50
    )
    assert run.stdout.splitlines()[-1] == "1 0 None"
