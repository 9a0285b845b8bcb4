"""A web server that gives to everything the same answer, and what a part of the tool says, as lines."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


class Answers(BaseHTTPRequestHandler):
    """To be changed by the test's monkeypatch."""

    protocol_version = "HTTP/1.1"
    status, body = 200, b""
    headers_sent: dict[str, str] = {}

    def do_GET(self) -> None:
        self.send_response(self.status)
        for name, value in {**self.headers_sent, "Content-Length": str(len(self.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def answering() -> Iterator[str]:
    """Yield the URL of such a server."""
    httpd = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()


def said(part: Iterable[object]) -> list[str]:
    """Return the lines of a part."""
    return [str(finding) for finding in part]
