"""People on the inbox page of the pages project, under its strict policy, in tabs as hidden as a person's are."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from projects.chromium.own_browsers import OwnBrowser, own_browser
from projects.harness.browsers import Browser
from projects.harness.fronts import Place

INBOX = "/notifications/"

OwnBrowsers = Callable[..., Awaitable[OwnBrowser]]


@pytest_asyncio.fixture(loop_scope="session")
async def own(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OwnBrowsers]:
    """`await own(place)`: a browser of its own in which somebody new is signed in; with `login`, that person.

    At the end, no tab of any may have complained.
    """
    opened: list[OwnBrowser] = []
    async with AsyncExitStack() as stack:

        async def get(place: Place, login: str = "") -> OwnBrowser:
            person = Browser(place.installation, place.web, login or place.installation.person())
            await stack.enter_async_context(person)
            await person.log_in()
            folder = tmp_path_factory.mktemp("profile")
            opened.append(await stack.enter_async_context(own_browser(person, folder)))
            return opened[-1]

        yield get
        windows = [window for browser in opened for window in browser.windows]
        complaints = [line for window in windows for line in window.unforgiven]
    assert complaints == []
