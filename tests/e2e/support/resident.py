"""A Python with Django that stays beside a service and runs each piece of code in a fork of its own.

What the code sees is a process that has just begun, as `manage.py shell -c` makes it, without the seconds that
Django takes to start: no connection is open, and what waits for the end of the process is done at its end.
"""

import contextlib
import json
import secrets
import socket
import threading
from typing import Any

START_SECONDS = 180

# Runs in `manage.py shell`, of whatever Python the service has. It takes one line of JSON for each call, and ends with
# the connection.
_SERVE = """
import json, os, socket, sys, tempfile
import celery, kombu.transport.redis
from django.core.management import call_command
import bellhop.notify

connection = socket.create_connection(({host!r}, {port}))
calls = connection.makefile("r")
connection.sendall(b"{word}\\n")
for call in calls:
    with tempfile.TemporaryFile() as output:
        child = os.fork()
        if not child:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
            call_command("shell", command=json.loads(call), verbosity=0)
            sys.exit()
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        output.seek(0)
        answer = json.dumps([code, output.read().decode(errors="replace")])
    connection.sendall(answer.encode() + b"\\n")
"""


class Resident:
    """Code for one service; any thread may call it, and as many at a time as like: each has a process of its own."""

    def __init__(self, service: str, host: str, launch: Any) -> None:
        """`host` is where the service reaches the tests; `launch(service, *command)` starts a command beside it."""
        self._service = service
        self._host = host
        self._launch = launch
        self._lock = threading.Lock()
        self._idle: list[_Process] = []

    def run(self, code: str) -> tuple[int, str]:
        """Run code; return its exit status and all that it wrote, -1 if the service went away under it."""
        process = self._take()
        status, output = process.call(code)
        if status is None:
            return -1, f"{self._service} went away: {code}"
        with self._lock:
            self._idle.append(process)
        return status, output

    def _take(self) -> "_Process":
        while True:
            with self._lock:
                if not self._idle:
                    break
                process = self._idle.pop()
            # It went with its container, or the service is another one by now.
            if process.is_there():
                return process
        return _Process(self._service, self._host, self._launch)


class _Process:
    def __init__(self, service: str, host: str, launch: Any) -> None:
        word = secrets.token_hex(16)
        with socket.create_server((host, 0)) as server:
            code = _SERVE.format(host=host, port=server.getsockname()[1], word=word)
            launch(service, "python", "manage.py", "shell", "--verbosity", "0", "-c", code)
            server.settimeout(START_SECONDS)
            self._connection = server.accept()[0]
        self._connection.settimeout(None)
        self._answers = self._connection.makefile("r")
        assert self._answers.readline().strip() == word

    def is_there(self) -> bool:
        """Return whether it waits for a call; what is said between two calls is that it has gone."""
        self._connection.setblocking(False)
        try:
            gone = self._connection.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            gone = False
        except OSError:
            gone = True
        self._connection.setblocking(True)
        if gone:
            self._connection.close()
        return not gone

    def call(self, code: str) -> tuple[int | None, str]:
        """Run code; return exit status and output, None if the process went away."""
        line = ""
        with contextlib.suppress(OSError):
            self._connection.sendall(json.dumps(code).encode() + b"\n")
            line = self._answers.readline()
        if not line:
            self._connection.close()
            return None, ""
        status, output = json.loads(line)
        return status, output
