"""What the package does to a process that uses it."""

import os
import subprocess
import sys
import time


def test_a_short_lived_process_ends_at_once_and_without_complaint() -> None:
    code = (
        "import django; django.setup()\n"
        "from bellhop.models import Inbox\n"
        "Inbox._meta; from django.db import connection\n"
        "connection.cursor().execute('SELECT 1')\n"
        "print('done', flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "stack.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == "done\n"
    done = time.monotonic()
    assert process.stderr.read() == ""
    assert process.wait(timeout=60) == 0
    # Not by the threads of a pool, which complain after 5 s.
    assert time.monotonic() - done < 12
