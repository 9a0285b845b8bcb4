"""The three projects, installed once for all tests, and people who use them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from projects.harness.browsers import Browser
from projects.harness.foreign_projects import (
    ASGI_PROJECT,
    COOKIE_PROJECT,
    UUID_PROJECT,
    Project,
)
from projects.harness.installations import Installation
from projects.harness.processes import Program

INSTALLED: list[Installation] = []


def install(project: Project, folders: pytest.TempPathFactory) -> Iterator[Installation]:
    """Make an installation for a fixture."""
    with Installation(project, folders.mktemp(project.folder)) as installation:
        INSTALLED.append(installation)
        yield installation
        INSTALLED.remove(installation)


@pytest.fixture(scope="session")
def uuid_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    yield from install(UUID_PROJECT, tmp_path_factory)


@pytest.fixture(scope="session")
def cookie_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    yield from install(COOKIE_PROJECT, tmp_path_factory)


@pytest.fixture(scope="session")
def asgi_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    yield from install(ASGI_PROJECT, tmp_path_factory)


Device = Callable[..., Awaitable[Browser]]


@pytest.fixture
async def device() -> AsyncIterator[Device]:
    """`await device(installation, web)`: a browser in which somebody new has logged in; with `login`, that person."""
    async with AsyncExitStack() as stack:

        async def get(installation: Installation, web: int, login: str = "") -> Browser:
            browser = Browser(installation, web, login or installation.person())
            await stack.enter_async_context(browser)
            await browser.log_in()
            return browser

        yield get


@pytest.fixture(autouse=True)
def no_traceback(request: pytest.FixtureRequest) -> Iterator[None]:
    """No program logs a traceback, whatever a test does to it."""
    request.node.stash[LOGGED_BEFORE] = {program.log: program.size for program in _programs()}
    yield
    assert not [name for name, text in _logged(request.node) if "Traceback" in text]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a test that failed what the programs have logged since it began."""
    report = yield
    if report.failed:
        report.sections += [(f"log of {name}", text[-6000:]) for name, text in _logged(item)]
    return report


LOGGED_BEFORE = pytest.StashKey[dict[Path, int]]()


def _logged(item: pytest.Item) -> list[tuple[str, str]]:
    before = item.stash.get(LOGGED_BEFORE, {})
    return [(program.name, program.written(before.get(program.log, 0))) for program in _programs()]


def _programs() -> list[Program]:
    return [program for place in INSTALLED for program in place.programs.values()]
