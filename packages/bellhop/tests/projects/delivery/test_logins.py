"""A login becomes a notification where the project asked for that, and is its session's first."""

from projects.conftest import Device
from projects.harness.installations import Installation
from projects.harness.tabs import until


async def test_djangos_login_notifies_with_contrib_auth(
    uuid_project: Installation, device: Device
) -> None:
    web, ws = uuid_project.web("--threads=4"), uuid_project.ws()
    await _each_login_shows(uuid_project, web, ws, device)


async def test_allauths_login_notifies_with_contrib_allauth(
    cookie_project: Installation, device: Device
) -> None:
    cookie_project.worker()
    web, ws = cookie_project.web("--threads=24"), cookie_project.ws()
    await _each_login_shows(cookie_project, web, ws, device)


async def test_a_login_without_either_notifies_nobody(
    asgi_project: Installation, device: Device
) -> None:
    port = asgi_project.uvicorn()
    ada = await device(asgi_project, port)
    tab = await ada.tab(port)
    await ada.tell(ada.login, "the first")
    await tab.shows("the first")
    assert [frame["kind"] for frame in tab.notifications] == ["message"]


async def _each_login_shows(project: Installation, web: int, ws: int, device: Device) -> None:
    phone = await device(project, web)
    first = await phone.tab(ws)
    await until(lambda: first.notifications)
    assert [frame["kind"] for frame in first.notifications] == ["login"]
    assert "None" not in first.notifications[0]["message"]
    # Another device's is told to both; its own socket begins with it.
    laptop = await device(project, web, phone.login)
    second = await laptop.tab(ws)
    await until(lambda: len(first.notifications) == 2 and second.notifications)
    assert second.notifications == first.notifications[1:]
