"""A client that knows no more than the contract's page: it logs in over HTTP and reads one WebSocket."""

import base64
import http.cookiejar
import json
import os
import re
import socket
import struct
import time
import urllib.parse
import urllib.request
from typing import Any


class PlainClient:
    """One person with one session."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self.url = url
        self._jar = http.cookiejar.CookieJar()
        self._http = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))
        page = self._http.open(f"{url}/accounts/login/").read().decode()
        token = re.findall(r'csrfmiddlewaretoken" value="([^"]+)', page)[0]
        fields = {"login": user, "password": password, "csrfmiddlewaretoken": token}
        self.post("/accounts/login/", urllib.parse.urlencode(fields).encode())

    def post(self, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded") -> Any:
        token = next((cookie.value for cookie in self._jar if cookie.name == "csrftoken"), "")
        headers = {"Referer": self.url, "X-CSRFToken": token or "", "Content-Type": kind}
        return self._http.open(urllib.request.Request(self.url + path, body, headers)).read()  # noqa: S310

    def mark_read(self, *ids: str) -> dict[str, Any]:
        body = json.dumps({"ids": ids}).encode()
        answer: dict[str, Any] = json.loads(
            self.post("/api/notifications/read", body, "application/json")
        )
        return answer

    def listed(self) -> list[dict[str, Any]]:
        answer = self._http.open(f"{self.url}/api/notifications/?limit=200").read()
        found: list[dict[str, Any]] = json.loads(answer)["results"]
        return found

    def frames(self, query: str, seconds: float) -> list[dict[str, Any]]:
        """Return what a socket with that query gets within so many seconds."""
        place = urllib.parse.urlsplit(self.url)
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._jar)
        key = base64.b64encode(os.urandom(16)).decode()
        with socket.create_connection((place.hostname, place.port), timeout=10) as line:
            line.sendall(
                (
                    f"GET /ws/notifications/{query} HTTP/1.1\r\nHost: {place.netloc}\r\nOrigin: {self.url}\r\n"
                    f"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    f"Sec-WebSocket-Key: {key}\r\nCookie: {cookies}\r\n\r\n"
                ).encode()
            )
            file = line.makefile("rb")
            assert b" 101 " in file.readline()
            while file.readline().strip():
                pass
            found, until = [], time.monotonic() + seconds
            while (left := until - time.monotonic()) > 0:
                line.settimeout(left)
                try:
                    head = file.read(2)
                    size = head[1] & 127
                    if size == 126:
                        (size,) = struct.unpack(">H", file.read(2))
                    payload = file.read(size)
                except TimeoutError:
                    break
                if head[0] & 15 == 1:
                    found.append(json.loads(payload))
            return found
