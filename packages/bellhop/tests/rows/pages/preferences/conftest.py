"""Kinds to choose about, a clock that stands, and the page as its parts."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bellhop.kinds import Kind

PAGE = "/notifications/preferences/"
API = "/notifications/api/preferences"
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _kinds(kinds: Any) -> None:
    kinds(
        Kind("order", label="Orders & <returns>"),
        Kind("news", importance="low"),
        Kind("alarm", label="Alarms", can_be_muted=False, importance="high"),
    )


@pytest.fixture(autouse=True)
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """It is noon; `set_clock(moment)` makes it another time."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_to(NOON)
    return set_to


class Page:
    """One rendering of the page, and its forms."""

    def __init__(self, client: Client, url: str = PAGE) -> None:
        self.client = client
        answer = client.get(url)
        assert answer.status_code == 200
        self.html = answer.content.decode()

    def row(self, kind: str) -> str:
        """Return the text of a kind's row."""
        (_, rest) = self.html.split(f'data-kind-row="{kind}"')
        return text(rest.split("data-kind-row=")[0].split("</section>")[0])

    @property
    def said(self) -> str:
        if 'id="bellhop-said"' not in self.html:
            return ""
        (_, rest) = self.html.split('<div id="bellhop-said" tabindex="-1" autofocus>')
        return text(rest.split("<section")[0])

    def fields(self, name: str) -> list[str]:
        """Return the values of the form's fields of that name, as a browser sends them."""
        return [
            value
            for tag, value in re.findall(
                rf'(<input[^>]*name="{name}" value="([^"]*)"[^>]*>)', self.html
            )
            if 'type="checkbox"' not in tag or " checked" in tag
        ]

    def send(self, *, to: str = PAGE, **form: Any) -> "Page":
        """Send a form of this page with its user key; return the page that it leads to."""
        answer = self.client.post(to, {"user_key": self.fields("user_key")[0], **form})
        assert (answer.status_code, answer["Location"]) == (302, PAGE)
        return Page(self.client)

    def switch(self, **changes: bool) -> "Page":
        """Move switches, e.g. `order_toast=False`, and save."""
        on = set(self.fields("on"))
        for name, value in changes.items():
            each = name.replace("_", ":")
            on = on | {each} if value else on - {each}
        return self.send(
            do="channels", shown=self.fields("shown"), was=self.fields("was"), on=sorted(on)
        )


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<option.*?</option>|<[^>]*>", " ", html)).split())
