"""One Chromium for all tests of this folder, devices in it, and the places whose pages they open."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser as Chromium

from projects.chromium.libraries import libraries, react_page
from projects.conftest import install
from projects.harness.browsers import Browser
from projects.harness.chromium import Profile, chromium
from projects.harness.foreign_projects import PAGES_PROJECT
from projects.harness.fronts import Front, Place, nginx
from projects.harness.installations import FAST_BEAT_SECONDS, Installation

Devices = Callable[..., Awaitable[Profile]]


@pytest_asyncio.fixture(scope="session", loop_scope="session", name="chromium")
async def one_chromium() -> AsyncIterator[Chromium]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def device(chromium: Chromium) -> AsyncIterator[Devices]:
    """`await device(place)`: a browser profile in which somebody new is signed in; with `login`, that person.

    `signed_in=False`: nobody is. Further options are Playwright's. At the end, no tab of any may have complained.
    """
    opened: list[Profile] = []
    async with AsyncExitStack() as stack:

        async def get(
            place: Place, login: str = "", *, signed_in: bool = True, **options: Any
        ) -> Profile:
            context = await chromium.new_context(
                base_url=f"http://127.0.0.1:{place.web}", **options
            )
            stack.push_async_callback(context.close)
            person = Browser(
                place.installation,
                place.web,
                login or place.installation.person(),
                prefix=place.prefix,
            )
            profile = Profile(context, await stack.enter_async_context(person))
            opened.append(profile)
            if signed_in:
                await profile.person.log_in()
                await profile.carry_cookies()
            return profile

        yield get
        # Before they are closed: of a socket that is not open yet by then, Chromium complains.
        windows = [window for profile in opened for window in profile.windows]
        complaints = [line for window in windows for line in window.unforgiven]
    assert complaints == []


def pages_front(project: Installation, name: str = "pages", **settings: Any) -> Front:
    """Return what stands behind an origin of the pages project, started with these settings."""
    web = project.web("--threads=16", name=name, **settings)
    return Front(web, project.ws(beat=FAST_BEAT_SECONDS), files={"/static/": project.static_root})


@pytest.fixture
def pages(pages_project: Installation, made: Path) -> Place:
    """The pages that make it hard for a bell, with the libraries that some of them use."""
    front = pages_front(pages_project)
    files = {**(front.files or {}), "/libraries/": libraries(), "/made/": made}
    port = nginx(pages_project, "nginx", replace(front, files=files))
    return Place(pages_project, port, front.ws or 0)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the scripts of pages that have to be made."""
    return react_page(tmp_path_factory.mktemp("scripts"))


@pytest.fixture(scope="session")
def pages_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    yield from install(PAGES_PROJECT, tmp_path_factory)
