"""People's browsers: they log in over the project's own page, post its forms and open sockets."""

import re
from contextlib import AsyncExitStack
from functools import partial
from http.cookiejar import CookieJar
from typing import Any, Final, Self

import httpx
from websockets.asyncio.client import connect

from projects.harness.installations import Installation
from projects.harness.prepare import PASSWORD
from projects.harness.processes import Program
from projects.harness.tabs import Tab, socket

_TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Browser:
    """One device: its cookies, and its tabs, which are closed with it."""

    def __init__(
        self, installation: Installation, web: int, login: str, *, prefix: str = ""
    ) -> None:
        self.login = login
        self.installation = installation
        self._host = f"127.0.0.1:{web}"
        self.origin = f"http://{self._host}"
        self._client = httpx.AsyncClient(base_url=self.origin + prefix, timeout=60, trust_env=False)
        self._tokens: dict[str, str] = {}
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._open.enter_async_context(self._client)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def log_in(self) -> None:
        """Log in as a person does: open the page, fill in the form."""
        fields = {self.installation.project.login_field: self.login, "password": PASSWORD}
        answer = await self.submit("/accounts/login/", on="/accounts/login/", **fields)
        assert answer.status_code == 302, answer.text

    async def log_out(self) -> None:
        answer = await self.submit("/accounts/logout/")
        assert answer.status_code == 302, answer.text

    async def submit(self, path: str, *, on: str = "/", **fields: str) -> httpx.Response:
        """Post a form of the page `on`, which stays open from the first time on, with that page's token."""
        if on not in self._tokens:
            page = await self.page(on)
            token = _TOKEN.search(page.text)
            assert token, f"{page.status_code}: {page.text}"
            self._tokens[on] = token[1]
        headers = {"Origin": self.origin, "Referer": self.origin + on}
        return await self._client.post(
            path, data={"csrfmiddlewaretoken": self._tokens[on], **fields}, headers=headers
        )

    async def page(self, path: str) -> httpx.Response:
        return await self._client.get(path)

    async def tell(self, to: str, text: str, *, by: str = "/tell/", **more: str) -> None:
        """Have a view of the project notify somebody; `more` are further fields of its form."""
        answer = await self.submit(by, to=to, text=text, **more)
        assert answer.status_code == 200, answer.text

    async def inbox(self) -> list[dict[str, Any]]:
        """Return everything in the inbox, oldest first, by the project's own URLs."""
        answer = await self.page("/notifications/api/?after=0&limit=200")
        assert answer.status_code == 200, answer.text
        results: list[dict[str, Any]] = answer.json()["results"]
        return results

    async def tab(self, ws: int, *, again: bool = False) -> Tab:
        """Open a socket as a page of this device does, through a proxy that hands it on to the port `ws`.

        `again`: it comes back after each loss, with what it has seen.
        """
        tab = Tab(partial(self.socket, ws), prefix=self.installation.prefix, again=again)
        return await self._open.enter_async_context(tab)

    def socket(self, ws: int, path: str) -> connect:
        """Return the handshake of any socket of the project's."""
        return socket(ws, self._host, self.cookies, path, origin=self.origin)

    def program(self, port: int) -> Program:
        """Return the program of the project's that listens on that port."""
        return self.installation.program(port)

    @property
    def cookie_jar(self) -> CookieJar:
        return self._client.cookies.jar

    @property
    def cookies(self) -> str:
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookie_jar)
