"""A view notifies somebody: their sockets show it, nobody else's; a session's end closes its sockets alone."""

from collections.abc import Callable

import pytest

from projects.conftest import Device
from projects.harness.fronts import Place
from projects.harness.installations import Installation
from projects.harness.tabs import until

LOGOUT_SECONDS = 2
NO_SESSION = 4401


def _uuid_direct(fixture: Callable[[str], Installation]) -> Place:
    project = fixture("uuid_project")
    return Place(project, project.web("--threads=4"), project.ws())


def _cookie_celery(fixture: Callable[[str], Installation]) -> Place:
    project = fixture("cookie_project")
    project.worker()
    return Place(project, project.web("--threads=24"), project.ws())


def _asgi_direct(fixture: Callable[[str], Installation]) -> Place:
    project = fixture("asgi_project")
    port = project.uvicorn()
    return Place(project, port, port)


SERVED_BY_BELLHOP_WS = [
    pytest.param(_uuid_direct, id="uuid-direct"),
    pytest.param(_cookie_celery, id="cookie-celery"),
]
EVERYWHERE = [*SERVED_BY_BELLHOP_WS, pytest.param(_asgi_direct, id="asgi-direct")]


@pytest.fixture
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.param(request.getfixturevalue)
    return found


@pytest.mark.parametrize("place", EVERYWHERE, indirect=True)
async def test_it_arrives_once_on_each_device_of_its_owner_and_on_nobody_elses(
    place: Place, device: Device
) -> None:
    phone = await device(place.installation, place.web)
    laptop = await device(place.installation, place.web, phone.login)
    outsider = await device(place.installation, place.web)
    # Twice, too: the number of the owner's next is the one that the outsider's socket waits for.
    await device(place.installation, place.web, outsider.login)
    owners = [await browser.tab(place.ws) for browser in (phone, laptop)]
    foreign = await outsider.tab(place.ws)

    await outsider.tell(phone.login, "hello")
    for tab in owners:
        await tab.shows("hello")
    # What comes after it is the first that the outsider sees, and the second that the owner does.
    await phone.tell(outsider.login, "hello yourself")
    await foreign.shows("hello yourself")
    await phone.tell(phone.login, "good night")
    for tab in owners:
        await tab.shows("hello", "good night")
        assert tab.seqs == sorted(set(tab.seqs))
    assert [row["id"] for row in await phone.inbox()][-2:] == [
        frame["id"] for frame in owners[0].notifications[-2:]
    ]


@pytest.mark.parametrize("place", EVERYWHERE, indirect=True)
async def test_a_logout_closes_the_sockets_of_that_session_within_two_seconds(
    place: Place, device: Device
) -> None:
    phone = await device(place.installation, place.web)
    laptop = await device(place.installation, place.web, phone.login)
    outsider = await device(place.installation, place.web)
    ending = [await phone.tab(place.ws) for _ in range(2)]
    staying = await laptop.tab(place.ws)
    foreign = await outsider.tab(place.ws)

    await phone.log_out()
    # Three times as long: the machine may be busy. The beat would take ten times that.
    closed = lambda: all(tab.closed_with for tab in ending)  # noqa: E731
    await until(closed, patience=3 * LOGOUT_SECONDS)
    assert [tab.closed_with for tab in ending] == [NO_SESSION, NO_SESSION]

    await outsider.tell(phone.login, "still there?")
    await staying.shows("still there?")
    assert staying.closed_with is None
    assert foreign.closed_with is None
    assert [tab.texts for tab in ending] == [[], []]
    # Nor is the old cookie let in again.
    assert (await phone.tab(place.ws)).closed_with == NO_SESSION


@pytest.mark.parametrize("place", SERVED_BY_BELLHOP_WS, indirect=True)
async def test_a_killed_socket_server_loses_nothing_and_repeats_nothing(
    place: Place, device: Device
) -> None:
    ada, eve = [await device(place.installation, place.web) for _ in range(2)]
    shown = await ada.tab(place.ws, again=True)
    foreign = await eve.tab(place.ws, again=True)
    server = place.installation.program(place.ws)
    texts = [f"number {number}" for number in range(15)]
    for number, text in enumerate(texts):
        if number == 5:
            server.kill()
        if number == 10:
            server.start()
        await eve.tell(ada.login, text)
    await until(lambda: shown.opened >= 2)
    await shown.is_heard()
    # A ring that came before it was heard is made up for by the next.
    await eve.tell(ada.login, "that was all")
    await shown.shows(*texts, "that was all")
    assert shown.seqs == list(range(shown.seqs[0], shown.seqs[0] + len(shown.seqs)))
    assert foreign.texts == []
