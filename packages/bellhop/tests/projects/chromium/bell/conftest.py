"""The three projects as a person's browser meets them, each served in another way."""

from collections.abc import Callable

import pytest

from projects.harness.fronts import Front, Place, nginx
from projects.harness.installations import Installation


def in_development(fixture: Callable[[str], Installation]) -> Place:
    """runserver, and the socket server on another port, which the bell is told: no proxy, no other origin named."""
    project = fixture("uuid_project")
    ws = project.ws(name="ws-development", DEBUG=True)
    web = project.runserver(bellhop={"SOCKET_URL": f":{ws}/ws/notifications/"})
    return Place(project, web, ws)


def with_whitenoise(fixture: Callable[[str], Installation]) -> Place:
    """gunicorn, which serves hashed and compressed static files alone, and a Celery worker that rings."""
    project = fixture("cookie_project")
    project.worker()
    web, ws = project.web("--threads=24"), project.ws()
    return Place(project, nginx(project, "nginx", Front(web, ws)), ws)


def _with_nginx_and_channels(fixture: Callable[[str], Installation]) -> Place:
    """uvicorn for pages, another for sockets of the project's own application, static files from nginx."""
    project = fixture("asgi_project")
    web, ws = project.uvicorn(), project.uvicorn("sockets")
    files = {"/static/": project.static_root}
    return Place(project, nginx(project, "nginx", Front(web, ws, files=files)), ws)


@pytest.fixture(
    params=[
        pytest.param(in_development, id="uuid-runserver"),
        pytest.param(with_whitenoise, id="cookie-whitenoise"),
        pytest.param(_with_nginx_and_channels, id="asgi-nginx"),
    ]
)
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.param(request.getfixturevalue)
    return found
