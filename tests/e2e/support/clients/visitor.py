"""A person without a browser: plain HTTP with cookies, and a socket that keeps every frame it was sent."""

import asyncio
import json
import re
import ssl
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
import websockets
from websockets.asyncio.client import ClientConnection, connect

from support.clients.addresses import next_address
from support.gateway import GATEWAY, PUBLIC_URL

PASSWORD = "correct horse battery"
Frame = dict[str, Any]
OWN = "the page's own"


class Socket:
    """One WebSocket and everything that came over it."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.frames: list[Frame] = []
        self.arrivals: list[float] = []
        self.closed_with: int | None = None
        self.closed_at = 0.0
        self._news = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        try:
            async for text in self.connection:
                self.arrivals.append(time.time())
                self.frames.append(json.loads(text))
                self._news.set()
        except websockets.ConnectionClosed:
            pass
        self.closed_at = time.monotonic()
        self.closed_with = self.connection.close_code
        self._news.set()

    def of_type(self, kind: str) -> list[Frame]:
        return [frame for frame in self.frames if frame["type"] == kind]

    @property
    def notifications(self) -> list[Frame]:
        return self.of_type("notification")

    @property
    def messages(self) -> list[str]:
        return [frame["message"] for frame in self.notifications]

    async def until(self, condition: Any, timeout: float, what: str = "") -> None:
        """Wait until `condition(self)` holds; AssertionError with all frames after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while not condition(self):
            self._news.clear()
            left = deadline - time.monotonic()
            try:
                await asyncio.wait_for(self._news.wait(), max(left, 0.001))
            except TimeoutError:
                raise AssertionError(
                    f"not within {timeout} s: {what or condition}; frames {self.frames}, closed {self.closed_with}"
                ) from None

    async def until_notifications(self, count: int, timeout: float) -> list[Frame]:
        """Wait until that many notifications came; return them."""
        await self.until(
            lambda socket: len(socket.notifications) >= count, timeout, f"{count} notifications"
        )
        return self.notifications

    async def until_closed(self, timeout: float) -> int | None:
        """Wait until the server closed; return the close code."""
        await self.until(lambda socket: socket.closed_with is not None, timeout, "closed")
        return self.closed_with

    async def send(self, data: str | bytes | Frame) -> None:
        await self.connection.send(json.dumps(data) if isinstance(data, dict) else data)

    async def close(self) -> None:
        await self.connection.close()
        await self._reader


class Visitor:
    """One browser's worth of cookies, from an address of its own.

    `gateway` is where it is led to, `public_url` what it believes to open, `tls` whom it trusts where that is https.
    """

    def __init__(
        self,
        username: str = "",
        gateway: str = GATEWAY,
        *,
        public_url: str = PUBLIC_URL,
        address: str = "",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.username = username
        self.address = address or next_address()
        self.public_url = public_url
        self._gateway = gateway
        self._tls = tls
        self._sockets: list[Socket] = []
        parts = urlsplit(public_url)

        async def name_host(request: httpx.Request) -> None:
            request.extensions["sni_hostname"] = parts.hostname

        self.http = httpx.AsyncClient(
            base_url=f"{parts.scheme}://{gateway}",
            transport=httpx.AsyncHTTPTransport(local_address=self.address, verify=tls or True),
            event_hooks={"request": [name_host]} if tls else {},
            headers={
                "Host": parts.netloc,
                "User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0",
            },
            timeout=30,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for socket in self._sockets:
            await socket.close()
        await self.http.aclose()

    @property
    def cookie(self) -> str:
        return self.http.cookies.get("sessionid") or ""

    async def submit(self, path: str, **fields: str) -> httpx.Response:
        """Load a page's form and send it, as a browser would; AssertionError if there is none."""
        page = await self.http.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token, f"{page.status_code}: {page.text}"
        return await self.http.post(
            path,
            data={"csrfmiddlewaretoken": token[1], **fields},
            headers={"Origin": self.public_url, "Referer": f"{self.public_url}{path}"},
        )

    async def login(self, password: str = PASSWORD) -> httpx.Response:
        """Sign in with the form, and load the page it leads to; return the form's answer."""
        answer = await self.submit("/accounts/login/", login=self.username, password=password)
        if answer.status_code == httpx.codes.FOUND:
            page = await self.http.get(answer.headers["Location"])
            assert page.status_code == httpx.codes.OK
        return answer

    async def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        """POST JSON with session and CSRF token."""
        token = self.http.cookies.get("csrftoken") or ""
        return await self.http.post(
            path, json=body, headers={"X-CSRFToken": token, "Origin": self.public_url, **headers}
        )

    async def socket(
        self,
        query: str = "",
        *,
        path: str = "/ws/notifications/",
        cookie: str | None = None,
        origin: str | None = OWN,
        at: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Socket:
        """Open the socket with this visitor's cookie; `at` names another server than the gateway.

        `origin` is by default the page's own; None sends none.
        """
        host, _, port = (at or self._gateway).partition(":")
        session = self.cookie if cookie is None else cookie
        cookies = {"Cookie": f"sessionid={session}"} if session else {}
        origin = self.public_url if origin == OWN else origin
        connection = await connect(
            f"{self.public_url.replace('http', 'ws', 1)}{path}{query}",
            host=host,
            port=int(port or 80),
            local_addr=(self.address, 0),
            ssl=self._tls,
            origin=websockets.Origin(origin) if origin is not None else None,
            additional_headers={**cookies, **(headers or {})},
            open_timeout=30,
            proxy=None,
        )
        socket = Socket(connection)
        self._sockets.append(socket)
        return socket


async def ready(visitor: Visitor) -> Socket:
    """Open a visitor's socket; return it once their login's notification has come over it."""
    socket = await visitor.socket()
    await socket.until_notifications(1, timeout=30)
    return socket
