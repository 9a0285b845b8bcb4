"""A `manage.py bellhop_ws` of a small project, in a process of its own."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from time import monotonic, sleep

from rows.checks.project import Project


@contextmanager
def socket_server(project: Project, *, settings: str = "") -> Iterator[str]:
    """Start one, and yield its URL when it answers. TimeoutError after 20 s, with what it wrote."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = project.start(
        "-m", "django", "bellhop_ws", "--host", "127.0.0.1", "--port", str(port), settings=settings,
        output=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _until_it_answers(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _until_it_answers(process: subprocess.Popen[str], port: int) -> None:
    deadline = monotonic() + 20
    while monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        sleep(0.1)
    raise TimeoutError(f"bellhop_ws does not answer; it has ended with {process.poll()}")
