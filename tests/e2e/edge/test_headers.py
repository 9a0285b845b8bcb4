"""Every class of answer has every header, whoever gives it: web, ws or nginx itself."""

import json
import os
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from support.clients import addresses
from support.edge import answers, observatory
from support.edge.nginx import Edge, nginx
from support.gateway import GATEWAY_HOST, GATEWAY_PORT, PUBLIC_HOST

NOWHERE = "upstream web { server 127.0.0.1:9; } upstream ws { server 127.0.0.1:9; }"
DEVELOPMENT = os.environ.get("DEBUG") == "true"
SECURE = "https://notify.example.com"


def send(data: bytes, host: str, port: int, source: str) -> httpx.Response:
    with socket.create_connection((host, port), 20, (source, 0)) as connection:
        connection.sendall(data)
        received = b""
        try:
            while piece := connection.recv(65536):
                is_first = not received
                received += piece
                if is_first:
                    # Nothing more comes: it need not wait for the rest of a body that it refused. Said once: where
                    # it has closed since that is an error, and more of the answer may be waiting.
                    connection.shutdown(socket.SHUT_WR)
        except OSError:
            # Reset, or closed, after the answer: what it refused to read had been sent.
            pass
    return answers.parse(received)


def ask(name: str, *headers: str, at: str = "", source: str = "") -> httpx.Response:
    host, _, port = at.partition(":")
    return send(
        answers.request(name, PUBLIC_HOST, *headers),
        host or GATEWAY_HOST,
        int(port or GATEWAY_PORT),
        source or addresses.next_address(),
    )


@pytest.mark.parametrize("name", answers.CLASSES)
def test_an_answer_has_every_header_once(name: str) -> None:
    answer = ask(name)
    # Django's page for developers has its style inside; in production it is ours (test_behind_caddy.py).
    is_djangos = DEVELOPMENT and name.startswith("unknown")
    faults = [fault for fault in answers.faults(answer) if not (is_djangos and "unsafe" in fault)]
    assert faults == [], answer.headers
    if "(" in name:
        assert f"({answer.status_code})" in name
    is_error = answer.status_code >= 400
    if is_error or name.startswith("API"):
        assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("name", [name for name in answers.CLASSES if "API" in name])
def test_a_program_that_is_refused_gets_json(name: str) -> None:
    answer = ask(name)
    assert answer.headers["content-type"].startswith("application/json")
    # It may be in pieces; what counts is between the outermost braces.
    text = answer.text[answer.text.index("{") : answer.text.rindex("}") + 1]
    assert set(json.loads(text)["error"]) == {"code", "field", "message"}


@pytest.fixture(scope="module")
def deserted() -> Iterator[Edge]:
    """nginx with nobody behind it."""
    with nginx(upstreams=NOWHERE) as edge:
        yield edge


@pytest.mark.parametrize("name", ["page", "API, signed out (401)", "health", "static file"])
def test_a_503_has_them_too(deserted: Edge, name: str) -> None:
    answer = ask(name, at=deserted.address)
    assert answers.faults(answer) == []
    if name == "static file" and answer.status_code == httpx.codes.OK:
        # In production it is on nginx's own disk.
        return
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert (answer.headers["retry-after"], answer.headers["cache-control"]) == ("5", "no-store")


@pytest.fixture(scope="module")
def proxy() -> str:
    return addresses.next_address()


@pytest.fixture(scope="module")
def secure(proxy: str) -> Iterator[Edge]:
    """nginx behind a proxy that ends TLS; web and ws behind it are development's."""
    with nginx(PUBLIC_URL=SECURE, TRUSTED_PROXIES=proxy) as edge:
        yield edge


def test_what_nginx_says_over_tls_is_an_a_plus_by_the_observatorys_rules(
    secure: Edge, proxy: str, capsys: Any
) -> None:
    found = {
        name: ask(name, "X-Forwarded-Proto: https", at=secure.address, source=proxy)
        for name in answers.CLASSES
        if name.startswith("nginx")
    }
    graded = {name: observatory.score(answer) for name, answer in found.items()}
    print(graded)
    assert all(observatory.grade(answer) == "A+" for name, answer in found.items()), graded


def test_the_redirect_from_plain_has_them_and_sets_nothing(secure: Edge) -> None:
    answer = ask("form", at=secure.address)
    assert answer.status_code == httpx.codes.PERMANENT_REDIRECT
    assert answers.faults(answer) == []
    assert "set-cookie" not in answer.headers


# The scoring itself


def perfect(**other: str) -> httpx.Response:
    headers = {
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "strict-transport-security": "max-age=31536000",
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "set-cookie": "sessionid=x; Secure; HttpOnly; SameSite=Lax",
    }
    changed = {name.replace("_", "-"): value for name, value in other.items()}
    return httpx.Response(200, headers={**headers, **changed})


def test_the_observatory_gives_an_a_plus_for_everything() -> None:
    assert (observatory.score(perfect()), observatory.grade(perfect())) == (135, "A+")


@pytest.mark.parametrize(
    ("header", "value", "grade"),
    [
        ("content_security_policy", "", "C"),
        ("content_security_policy", "script-src 'self' 'unsafe-inline'", "C+"),
        ("content_security_policy", "default-src 'none'; script-src 'unsafe-eval'", "B"),
        ("strict_transport_security", "", "B+"),
        ("strict_transport_security", "max-age=60", "A+"),
        ("set_cookie", "sessionid=x; HttpOnly", "C+"),
        ("set_cookie", "sessionid=x; Secure; SameSite=Lax", "B"),
        ("set_cookie", "csrftoken=x; Secure", "B+"),
        ("x_content_type_options", "", "A+"),
    ],
)
def test_the_observatory_takes_points_off(header: str, value: str, grade: str) -> None:
    answer = perfect(**{header: value})
    assert observatory.score(answer) < observatory.score(perfect())
    assert observatory.grade(answer) == grade
