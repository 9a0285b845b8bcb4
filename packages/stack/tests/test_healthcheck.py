"""`python -m stack.healthcheck URL`: silent when healthy, else one line with the reason."""

import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from stack import healthcheck


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
def server() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_200_is_healthy(server: str) -> None:
    assert healthcheck.reason(f"{server}/healthz") == ""


def test_anything_else_is_unhealthy_with_status_and_body(server: str) -> None:
    url = f"{server}/elsewhere"
    assert healthcheck.reason(url) == f'{url}: 503 {{"reason": "redis: no answer"}}'


def test_what_speaks_no_http_is_unhealthy(server: str) -> None:
    assert healthcheck.reason(f"{server}/garbage").startswith(f"{server}/garbage: ")


def test_a_closed_port_is_unhealthy(closed_port: int) -> None:
    assert "refused" in healthcheck.reason(f"http://127.0.0.1:{closed_port}/healthz")


def test_a_server_that_does_not_answer_is_unhealthy_in_time(
    silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(healthcheck, "TIMEOUT", 0.2)
    assert "timed out" in healthcheck.reason(f"http://127.0.0.1:{silent_port}/healthz")


@pytest.mark.parametrize(("path", "status"), [("/healthz", 0), ("/elsewhere", 1)])
def test_the_command_exits_0_in_silence_or_1_with_one_line(
    server: str, path: str, status: int
) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "stack.healthcheck", server + path],
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert run.returncode == status
    assert len(run.stderr.splitlines()) == status
