"""`healthcheck HOST PORT PATH`, the command in the images: silent when healthy, else one line with the reason."""

import http.server
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "deploy/healthcheck.sh"


def check(port: int, path: str, seconds: int = 20) -> tuple[int, str]:
    """Run the command; return its exit code and what it says."""
    run = subprocess.run(
        ["bash", str(SCRIPT), "127.0.0.1", str(port), path],
        env={**os.environ, "HEALTHCHECK_SECONDS": str(seconds)},
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert run.stdout == ""
    return run.returncode, run.stderr


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/garbage":
            self.wfile.write(b"this is no HTTP\r\n\r\n")
            return
        self.send_response(200 if self.path == "/healthz" else 503)
        self.end_headers()
        self.wfile.write(b'{"reason": "redis: no answer"}\n')

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_a_200_is_healthy_and_nothing_is_said(port: int) -> None:
    assert check(port, "/healthz") == (0, "")


def test_anything_else_is_unhealthy_with_status_and_body_on_one_line(port: int) -> None:
    url = f"http://127.0.0.1:{port}/elsewhere"
    code, said = check(port, "/elsewhere")
    assert code == 1
    assert said.rstrip() == f'{url}: 503 {{"reason": "redis: no answer"}}'
    assert len(said.splitlines()) == 1


def test_what_speaks_no_http_is_unhealthy(port: int) -> None:
    code, said = check(port, "/garbage")
    assert code == 1
    assert said.startswith(f"http://127.0.0.1:{port}/garbage: ")
    assert len(said.splitlines()) == 1


def test_a_closed_port_is_unhealthy(closed_port: int) -> None:
    code, said = check(closed_port, "/healthz")
    assert code == 1
    assert "refused" in said
    assert len(said.splitlines()) == 1


def test_a_server_that_does_not_answer_is_unhealthy_in_time(silent_port: int) -> None:
    started = time.monotonic()
    code, said = check(silent_port, "/healthz", seconds=1)
    assert (code, "timed out" in said) == (1, True)
    assert time.monotonic() - started < 10
    assert len(said.splitlines()) == 1


def test_it_gives_up_before_docker_does() -> None:
    """Compose gives a check 5 s: past them nobody reads the reason."""
    assert "patience=${HEALTHCHECK_SECONDS:-4}" in SCRIPT.read_text()


@pytest.mark.parametrize("image", ["web", "ws", "worker"])
def test_no_images_check_starts_a_python(image: str) -> None:
    dockerfile = (SCRIPT.parents[1] / "services" / image / "Dockerfile").read_text()
    _, command = dockerfile.split("HEALTHCHECK", 1)
    assert 'CMD ["bash", ' in command
    assert "python" not in command
