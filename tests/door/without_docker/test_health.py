"""A service is ready when it says so itself, asked directly."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from bare import health


class Service(HTTPServer):
    """Answers every path but the health check's with 404, and that with `status`."""

    status = 200


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Service)
        self.send_response(self.server.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[Service]:
    with Service(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("name", "port"), [("web", "WEB_PORT"), ("ws", "WS_PORT"), ("nginx", "HTTP_PORT")]
)
def test_a_service_is_ready_when_its_health_check_is_200(
    name: str, port: str, service: Service
) -> None:
    variables = {port: str(service.server_port)}
    assert health.is_ready(name, variables)
    service.status = 503
    assert not health.is_ready(name, variables)


def test_a_proxy_that_the_shell_names_is_not_asked(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert health.is_ready("web", {"WEB_PORT": str(service.server_port)})


@pytest.mark.parametrize("name", ["web", "redis"])
def test_where_nobody_listens_nothing_is_ready(name: str) -> None:
    assert not health.is_ready(name, {"WEB_PORT": "9", "REDIS_PORT": "9"})


def test_what_answers_something_else_is_no_redis(service: Service) -> None:
    assert not health.is_ready("redis", {"REDIS_PORT": str(service.server_port)})
