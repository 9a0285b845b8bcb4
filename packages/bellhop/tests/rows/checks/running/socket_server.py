"""A `manage.py bellhop_ws` of a small project, in a process of its own."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from time import monotonic, sleep

from ports import held_port

from rows.checks.project import Project, Run


@dataclass
class Server:
    """One that runs, in a process of its own."""

    url: str
    process: subprocess.Popen[str]

    def end(self) -> Run:
        """Ask it to end, as a supervisor would, and return what it wrote; killed after 45 s."""
        self.process.terminate()
        try:
            out, err = self.process.communicate(timeout=45)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
        return Run(self.process.returncode, out, err)


@contextmanager
def socket_server(project: Project, *, settings: str = "") -> Iterator[str]:
    """Start one, and yield its URL when it answers. TimeoutError after 60 s."""
    with running(project, settings=settings, output=subprocess.DEVNULL) as server:
        yield server.url


@contextmanager
def running(
    project: Project, *, settings: str = "", output: int = subprocess.PIPE, status: int = 200
) -> Iterator[Server]:
    """Start one, and yield it when /healthz answers with that status. TimeoutError after 60 s."""
    with held_port() as port:
        process = project.start(
            "-m", "django", "bellhop_ws", "--host", "127.0.0.1", "--port", str(port), settings=settings,
            output=output,
        )  # fmt: skip
        server = Server(f"http://127.0.0.1:{port}", process)
        try:
            _until_it_answers(process, port, status)
            yield server
        finally:
            if process.returncode is None:
                server.end()


def _until_it_answers(process: subprocess.Popen[str], port: int, status: int) -> None:
    deadline = monotonic() + 60
    while monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == status:
                return
        except OSError:
            pass
        finally:
            connection.close()
        sleep(0.1)
    raise TimeoutError(f"bellhop_ws does not answer; it has ended with {process.poll()}")
