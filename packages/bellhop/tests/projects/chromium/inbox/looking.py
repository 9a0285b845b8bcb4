"""What a person finds on the inbox page: what it lists, what a screen reader says, and how it looks."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, Self

from playwright.async_api import CDPSession, FloatRect, Locator, ViewportSize, expect

from projects.chromium.axe import violations
from projects.harness.chromium import Window
from projects.harness.tabs import PATIENCE

PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
DESK: Final[ViewportSize] = {"width": 1120, "height": 800}
ENLARGED: Final[ViewportSize] = {"width": 320, "height": 256}
"""1280 by 1024, at four times the size."""

LOOKS: Final = (
    ("phone", PHONE, "dark", "none"),
    ("desk", DESK, "light", "active"),
    ("desk", DESK, "light", "none"),
)

LIVE: Final = {"status", "alert", "log"}

Node = dict[str, Any]


async def until_it_is[T](read: Callable[[], Awaitable[T]], wanted: T) -> None:
    """Wait until that is what is read."""
    deadline = time.monotonic() + PATIENCE
    while (found := await read()) != wanted:
        assert time.monotonic() < deadline, f"{found!r}, and not {wanted!r}"
        await asyncio.sleep(0.02)


async def shows(window: Window, *texts: str) -> None:
    """Wait until the list says these, from the newest on, and nothing else."""
    await expect(window.page.locator("[data-items] [data-message]:visible")).to_have_text(
        list(texts)
    )


def button(window: Window, verb: str, text: str) -> Locator:
    """Return the button of a row, by the whole name that a screen reader says."""
    name = re.compile(rf"^{re.escape(verb)} {re.escape(text)}$")
    return window.page.locator("[data-items]").get_by_role("button", name=name)


async def leave(window: Window) -> None:
    """Neither the pointer nor the focus is in the list."""
    await window.page.mouse.move(0, 0)
    await window.page.evaluate("document.activeElement.blur()")


async def box(locator: Locator) -> FloatRect:
    found = await locator.bounding_box()
    assert found is not None
    return found


_LISTEN: Final = """() => {
    const region = document.querySelector("bellhop-announcer").shadowRoot.querySelector("[role=status]");
    const told = [...region.children].map((line) => line.textContent);
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) for (const line of addedNodes) told.push(line.textContent);
    }).observe(region, { childList: true });
    document.told = told;
}"""


class Reader:
    """A screen reader on a page: what the browser's accessibility tree has, and what came into its live region."""

    def __init__(self, window: Window, tools: CDPSession) -> None:
        self._window = window
        self._tools = tools

    @classmethod
    async def of(cls, window: Window) -> Self:
        await window.page.evaluate(_LISTEN)
        return cls(window, await window.page.context.new_cdp_session(window.page))

    async def nodes(self) -> list[Node]:
        tree = await self._tools.send("Accessibility.getFullAXTree")
        return [node for node in tree["nodes"] if not node["ignored"]]

    async def named(self, role: str) -> list[str]:
        """Return the names of all that have that role."""
        return [_name(node) for node in await self.nodes() if _role(node) == role]

    async def finds(self, line: str) -> None:
        """Wait until the tree has that line in the one live region of the page."""

        async def is_there() -> bool:
            nodes = {node["nodeId"]: node for node in await self.nodes()}
            regions = [node for node in nodes.values() if _role(node) in LIVE]
            assert len(regions) == 1, [(_role(node), _name(node)) for node in regions]
            return line in [_text(nodes, each) for each in _children(nodes, regions[0])]

        await until_it_is(is_there, wanted=True)

    async def said(self) -> list[str]:
        """Return what it was told since it began."""
        told: list[str] = await self._window.page.evaluate("document.told")
        return told

    async def hears(self, *lines: str) -> None:
        """Wait until it was told these, in this order, after what it was told before, and nothing twice."""
        await until_it_is(self.said, list(lines))

    async def hears_now(self, line: str) -> None:
        """Wait until that is what it was told last."""

        async def last() -> str:
            return ([""] + await self.said())[-1]

        await until_it_is(last, line)


def _role(node: Node) -> str:
    return str(node["role"]["value"])


def _name(node: Node) -> str:
    return str(node.get("name", {}).get("value", ""))


def _children(nodes: dict[str, Node], node: Node) -> list[Node]:
    return [nodes[key] for key in node.get("childIds", []) if key in nodes]


def _text(nodes: dict[str, Node], node: Node) -> str:
    if _role(node) == "StaticText":
        return _name(node)
    return "".join(_text(nodes, child) for child in _children(nodes, node))


async def fits(window: Window) -> None:
    """Nothing makes the page wider than its window."""
    sticks_out = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    wide = """() => [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility() &&
        (one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1)
    ).map(({ outerHTML }) => outerHTML.slice(0, 120))"""
    assert await window.page.evaluate(sticks_out) <= 0, await window.page.evaluate(wide)


async def looked_at(window: Window, name: str) -> None:
    """Look at a page as it stands: axe in every scheme, pictures of desk and phone by day and by night."""
    page, found = window.page, []
    for device, size, scheme, forced in LOOKS:
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme=scheme, forced_colors=forced)  # type: ignore[arg-type]
        await fits(window)
        look = f"{device}-{scheme}" if forced == "none" else "forced"
        await window.picture(f"inbox-{name}-{look}")
        found += [f"{look}: {line}" for line in await violations(page)]
    await page.emulate_media(color_scheme="light", forced_colors="none")
    assert found == [], f"{name}: {found}"
