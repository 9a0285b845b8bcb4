"""Whatever bytes come with a handshake, it is answered by a code of the contract: never by a traceback or a 500."""

import asyncio
from typing import Any

import pytest
from daphne.utils import INVALID_HEADER_VALUE_BYTES
from django.conf import settings as live_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bellhop.contract import SOCKET_PATH
from bellhop.sessions.cookie_to_user import session_key
from bellhop.sockets.admission import session_and_sockets_per_user
from bellhop.sockets.open_sockets import registry
from sockets.connection.test_broken_clients import shake
from sockets.support import ORIGIN, PATIENCE, Visitor, application

CODES = {4400, 4401, 4404}

SESSION = live_settings.SESSION_COOKIE_NAME.encode()
WORDS = st.sampled_from(
    [
        *(b"", SESSION, SESSION + b"=", b"=", b";", b'"', b"\\", b"\\000", b"\\377", b"\\0", b"\0", b"%00", b"a" * 32),
        *(b"\xff", "é".encode(), "Å".encode(), b"\x85", b"\x1c", b"\x1f", b"\x0b", b"\r", b"\n", b": "),
        b"Daphne-Root-Path: /x",
        *(b"after", b"after=1", b"&", b"%", b"%ff", b"9" * 30, b"http://", b"[", b"]", b":99999999", b"@", b"/", b"//"),
        *(b"?", b"#", b"localhost", b"ws/notifications/", b"permessage-deflate", b","),
    ]
)  # fmt: skip
BYTES = st.lists(st.one_of(WORDS, st.binary(max_size=8)), max_size=8).map(b"".join)
COOKIES = st.one_of(BYTES, BYTES.map(lambda value: SESSION + b'="' + value + b'"'))


async def knock(
    cookies: list[bytes],
    query: bytes = b"",
    origin: bytes | None = ORIGIN.encode(),
    path: str = SOCKET_PATH,
) -> tuple[bool, int | None]:
    """Return whether the application accepted, and the code it closed with. What it raises is raised."""
    headers = [(b"cookie", cookie) for cookie in cookies]
    if origin is not None:
        headers.append((b"origin", origin))
    scope = {
        "type": "websocket",
        "path": path,
        "raw_path": path.encode("utf-8", "surrogatepass"),
        "query_string": query,
        "headers": headers,
        "subprotocols": [],
        "extensions": {},
    }
    heard: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = [
        {"type": "websocket.connect"},
        {"type": "websocket.disconnect", "code": 1001},
    ]

    async def receive() -> dict[str, Any]:
        if not events:
            await asyncio.Event().wait()
        return events.pop(0)

    async def send(message: dict[str, Any]) -> None:
        heard.append(message)

    await asyncio.wait_for(application(scope, receive, send), PATIENCE)
    accepted = any(message["type"] == "websocket.accept" for message in heard)
    codes = [message.get("code") for message in heard if message["type"] == "websocket.close"]
    return accepted, codes[0] if codes else None


class Nobody:
    """Stands for the question whose sessions those are; nobody's, without a database."""

    async def ask(self, key: str) -> None:
        assert key.isascii()
        assert key.isalnum()


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_and_sockets_per_user, "_logins", Nobody())


FUZZ = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@FUZZ
@given(cookies=st.lists(COOKIES, max_size=3), query=BYTES)
def test_whatever_cookies_and_query_hold_a_stranger_is_signed_out(
    nobody: None, cookies: list[bytes], query: bytes
) -> None:
    assert asyncio.run(knock(cookies, query)) == (True, 4401)
    assert registry.places_taken == 0


@FUZZ
@given(origin=st.one_of(st.none(), BYTES, BYTES.map(lambda more: ORIGIN.encode() + more)))
def test_whatever_the_origin_is_it_is_ours_or_refused_before_anything_else(
    nobody: None, origin: bytes | None
) -> None:
    answer = asyncio.run(knock([], origin=origin))
    assert answer in (
        {(True, 4401)} if origin == ORIGIN.encode() else {(False, None), (True, 4401)}
    )
    if answer[0]:
        assert origin is not None
        assert origin.lower().rstrip(b"?#").strip(b"\0\t\r\n ") == ORIGIN.encode()


@FUZZ
@given(path=st.one_of(st.text(max_size=20), BYTES.map(lambda path: "/" + path.decode("latin-1"))))
def test_whatever_the_path_is_it_is_the_sockets_or_unknown(nobody: None, path: str) -> None:
    expected = 4401 if path.lstrip("/") == SOCKET_PATH.lstrip("/") else 4404
    assert asyncio.run(knock([], path=path)) == (True, expected)


@pytest.mark.parametrize(
    "cookie",
    [
        rb'sessionid="\000"',
        rb'sessionid="\000\000\000"',
        b"sessionid=\xc3\xa9",
        b"sessionid=\xff",
        b'sessionid="' + b"\\141" * 31 + b'\\000"',
        "sessionid=é".encode("latin-1"),
    ],
)
async def test_a_session_cookie_that_is_none_means_signed_out(
    owner: Visitor, cookie: bytes
) -> None:
    """With the database that the other tests leave out."""
    assert await knock([cookie]) == (True, 4401)


@pytest.mark.parametrize("query", [b"after=%00", b"after=\xff", b"after=%ff", b"after=1&after=1"])
async def test_an_after_of_strange_bytes_is_4400_for_who_is_signed_in(
    owner: Visitor, query: bytes
) -> None:
    cookie = b"sessionid=" + owner.key.encode()
    assert await knock([cookie], query) == (True, 4400)


HEADERS = [
    *("Cookie", "Origin", "X_Request_Id", "Daphne_Root_Path", "Host", "User_Agent"),
    *("Upgrade", "Connection", "Sec_WebSocket_Protocol", "Sec_WebSocket_Key", "Sec_WebSocket_Extensions"),
]  # fmt: skip


@FUZZ
@given(
    name=st.sampled_from(HEADERS),
    # Without what daphne's HTTP side refuses.
    value=BYTES.filter(lambda value: not INVALID_HEADER_VALUE_BYTES.intersection(value)),
)
def test_whatever_a_header_holds_the_application_is_started_with_it_or_the_answer_is_a_400(
    name: str, value: bytes
) -> None:
    asyncio.run(start(name, value))


async def start(name: str, value: bytes) -> None:
    server, _, wire = shake(**{name: value})
    if not server.scopes:
        assert wire.value().startswith(b"HTTP/1.1 400 ")
        return
    (scope,) = server.scopes
    assert scope["root_path"] == ""
    plain = dict(shake()[0].scopes[0]["headers"])
    if name in ("Daphne_Root_Path", "Sec_WebSocket_Protocol"):
        assert dict(scope["headers"]) == plain
    else:
        assert dict(scope["headers"]).keys() == {*plain, name.replace("_", "-").lower().encode()}


async def test_another_applications_cookie_with_a_letter_that_ends_lines_hides_no_session() -> None:
    """Among the bytes of "Å" is 0x85, at which Python ends a line."""
    server, _, _ = shake(Cookie=b"city=" + "Århus: Å".encode() + b"; sessionid=" + b"a" * 32)
    assert session_key(server.scopes[0]) == "a" * 32
