"""Behind a second proxy: whoever TRUSTED_PROXIES names is believed about its visitors, nobody else about anything."""

import re
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from support import people
from support.clients import addresses
from support.clients.visitor import Visitor
from support.edge.nginx import Edge, nginx
from support.gateway import PUBLIC_HOST
from support.stack import logged

A, B, LIAR = "203.0.113.7", "198.51.100.20", "192.0.2.66"
SECURE = "https://notify.example.com"


@pytest.fixture(scope="module")
def proxy() -> str:
    """The address of this machine that is the trusted proxy; all others are strangers."""
    return addresses.next_address()


@pytest.fixture(scope="module")
def edge(proxy: str) -> Iterator[Edge]:
    with nginx(TRUSTED_PROXIES=f"{proxy}, 2001:db8::/32") as found:
        yield found


def through(edge: Edge, proxy: str, visitor: str, username: str = "") -> Visitor:
    """Return someone who comes through the proxy, and has claimed before it to be somebody else."""
    led = Visitor(username, edge.address, address=proxy)
    led.http.headers["X-Forwarded-For"] = f"{LIAR}, {visitor}"
    return led


async def test_ten_wrong_passwords_from_one_visitor_leave_anothers_login_alone(
    edge: Edge, proxy: str
) -> None:
    victim, accomplice, owner = people.make(3)
    async with through(edge, proxy, A, victim) as attacker:
        for number in range(10):
            answer = await attacker.login(f"wrong {number}")
            assert answer.status_code != httpx.codes.FOUND
        # From there nobody gets in any more, not even with the right password.
        attacker.username = accomplice
        assert (await attacker.login()).status_code != httpx.codes.FOUND
    async with through(edge, proxy, B, owner) as visitor:
        assert (await visitor.login()).status_code == httpx.codes.FOUND
        # The notification's words, the list of devices and the log have the visitor's address.
        (row,) = (await visitor.http.get("/api/notifications/")).json()["results"]
        assert row["data"]["address"] == B
        assert B in row["body"] + row["message"]
        devices = (await visitor.http.get("/accounts/sessions/")).text
        assert B in devices
        assert proxy not in devices
    lines = await logged(edge.log, "method=POST", "status=302")
    assert [re.findall(r"address=(\S+)", line) for line in lines] == [[B]]


async def test_a_forged_header_from_elsewhere_changes_nothing(edge: Edge, proxy: str) -> None:
    stranger = addresses.next_address()
    assert stranger != proxy
    async with through(edge, stranger, B, people.make()[0]) as visitor:
        assert (await visitor.login()).status_code == httpx.codes.FOUND
        (row,) = (await visitor.http.get("/api/notifications/")).json()["results"]
        assert row["data"]["address"] == stranger
    await logged(edge.log, f"address={stranger} ", "method=POST", "status=302")


async def test_past_a_chain_of_trusted_proxies_it_is_the_visitor_who_counts(
    edge: Edge, proxy: str
) -> None:
    chain = f"{LIAR}, {B}, 2001:db8::7, 2001:db8::8"
    ask(edge, proxy, "/chained", X_Forwarded_For=chain)
    lines = await logged(edge.log, 'path="/chained"')
    assert [re.findall(r"address=(\S+)", line) for line in lines] == [[B]]


# With TLS in front


@pytest.fixture(scope="module", params=[SECURE, "HTTPS://Notify.Example.com/"])
def secure(proxy: str, request: Any) -> Iterator[Edge]:
    with nginx(TRUSTED_PROXIES=proxy, PUBLIC_URL=request.param) as found:
        yield found


def ask(edge: Edge, source: str, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    transport = httpx.HTTPTransport(local_address=source)
    with httpx.Client(transport=transport, timeout=20) as client:
        return client.request(
            method,
            f"http://{edge.address}{path}",
            headers={"Host": PUBLIC_HOST} | {k.replace("_", "-"): v for k, v in headers.items()},
        )


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("claim", ["https", "http", ""])
def test_what_came_in_plain_is_redirected_and_gets_no_cookie_whatever_it_claims(
    secure: Edge, method: str, claim: str
) -> None:
    path = "/accounts/login/?next=/%C3%A9"
    answer = ask(secure, addresses.next_address(), path, method, X_Forwarded_Proto=claim)
    assert answer.status_code == httpx.codes.PERMANENT_REDIRECT
    assert answer.headers["location"].lower() == f"{SECURE}{path}".lower()
    assert "set-cookie" not in answer.headers
    # Said in plain it would count for nothing (RFC 6797, section 7.2).
    assert "strict-transport-security" not in answer.headers


def test_a_proxy_that_says_http_is_redirected_too(secure: Edge, proxy: str) -> None:
    assert ask(secure, proxy, "/", X_Forwarded_Proto="http").status_code == 308
    assert ask(secure, proxy, "/").status_code == 308


def test_over_tls_every_answer_says_that_it_shall_stay_so(secure: Edge, proxy: str) -> None:
    # Web, which has another PUBLIC_URL, refuses the name or not: it is nginx that is asked here.
    for path in ("/accounts/login/", "/static/bellhop/bellhop.js", "/api/x", "/ws/notifications/"):
        answer = ask(secure, proxy, path, X_Forwarded_Proto="HTTPS")
        assert answer.status_code != 308
        assert answer.headers["strict-transport-security"] == "max-age=31536000", path


def test_health_is_asked_in_plain(secure: Edge) -> None:
    assert ask(secure, addresses.next_address(), "/healthz").status_code == httpx.codes.OK
    assert ask(secure, addresses.next_address(), "/readyz").status_code != 308


@pytest.mark.containers("the line is the container's")
def test_without_trusted_proxies_nginx_says_at_its_start_that_nobody_gets_in() -> None:
    with nginx(PUBLIC_URL=SECURE, TRUSTED_PROXIES="") as edge:
        assert (
            ask(edge, addresses.next_address(), "/", X_Forwarded_Proto="https").status_code == 308
        )
        deadline = time.monotonic() + 30
        while not (ready := [line for line in edge.log() if "Bellhop is ready" in line]):
            assert time.monotonic() < deadline
        assert "TRUSTED_PROXIES is empty" in ready[0]
