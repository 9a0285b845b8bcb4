"""Two projects that declare kinds of their own, and how each of them sends one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from projects.chromium.bell.conftest import in_development, with_whitenoise
from projects.harness.browsers import Browser
from projects.harness.fronts import Place
from projects.harness.installations import Installation

PAGE = "/notifications/preferences/"
INBOX = "/notifications/"


@dataclass(frozen=True)
class Kinds:
    """What a project's own kinds are called, what they say, and how they are sent."""

    name: str
    label: str
    first: str
    """What the notification says at first."""
    then: str
    """What it says after it was updated."""
    send: tuple[str, dict[str, str]]
    update: tuple[str, dict[str, str]]
    withdraw: tuple[str, dict[str, str]]
    alarm: tuple[str, dict[str, str]]
    """Of a kind that cannot be muted, of high importance."""
    alarm_label: str
    alarm_text: str

    async def do(self, what: str, by: Browser, to: str) -> dict[str, Any]:
        """Have somebody send it, update it, withdraw it, or send an alarm; return what the project answers."""
        path, fields = getattr(self, what)
        answer = await by.submit(path, to=to, **fields)
        assert answer.status_code == 200, answer.text
        answered: dict[str, Any] = answer.json()
        return answered


def _order(state: str) -> tuple[str, dict[str, str]]:
    return "/order/", {"number": "7", "state": state}


def _shift(time: str, **more: str) -> tuple[str, dict[str, str]]:
    return "/shift/", {"day": "Monday", "time": time, **more}


SHOP = Kinds(
    "order",
    "Orders",
    "Order 7 is placed",
    "Order 7 is sent",
    send=_order("placed"),
    update=_order("sent"),
    withdraw=_order("forgotten"),
    alarm=("/recall/", {"product": "the kettle"}),
    alarm_label="Product recalls",
    alarm_text="Please bring back the kettle",
)
CREW = Kinds(
    "shift",
    "Shifts",
    "Your shift on Monday begins at 8:00",
    "Your shift on Monday begins at 9:30",
    send=_shift("8:00"),
    update=_shift("9:30", instead="yes"),
    withdraw=_shift(""),
    alarm=("/drill/", {"time": "noon"}),
    alarm_label="Safety drills",
    alarm_text="Everybody on deck at noon",
)


@pytest.fixture(
    params=[
        pytest.param((in_development, SHOP), id="uuid"),
        pytest.param((with_whitenoise, CREW), id="cookie"),
    ]
)
def adopter(request: pytest.FixtureRequest) -> tuple[Place, Kinds]:
    serve: Callable[[Callable[[str], Installation]], Place]
    serve, kinds = request.param
    return serve(request.getfixturevalue), kinds


@pytest.fixture
def shop(request: pytest.FixtureRequest) -> Place:
    return in_development(request.getfixturevalue)


@pytest.fixture
def crew(request: pytest.FixtureRequest) -> Place:
    return with_whitenoise(request.getfixturevalue)
