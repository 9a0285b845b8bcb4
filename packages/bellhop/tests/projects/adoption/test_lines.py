"""A project takes Bellhop in with the lines of the design, and with nothing else."""

import re

import pytest

from projects.harness.foreign_projects import (
    ASGI_PROJECT,
    COOKIE_PROJECT,
    FOLDER,
    UUID_PROJECT,
    Project,
)

INSTALLED = '"bellhop",'
DECLARED = 'BELLHOP = {"REDIS_URL": REDIS_URL}'
BELL = ["{% load bellhop %}<!doctype html>", "{% bellhop_bell %}"]
INCLUDED = 'path("notifications/", include("bellhop.urls")),'

LINES = {
    UUID_PROJECT: {
        "shop/settings.py": [INSTALLED, '"bellhop.contrib.auth",', DECLARED],
        "shop/urls.py": [INCLUDED],
        "templates/base.html": BELL,
    },
    COOKIE_PROJECT: {
        "config/settings/base.py": [
            INSTALLED,
            '"bellhop.contrib.allauth",',
            'BELLHOP = {"REDIS_URL": REDIS_URL, "RING": "celery", "LANGUAGE": "language"}',
        ],
        "config/urls.py": [INCLUDED],
        # A project of many languages says on each page in which it is.
        "crew/templates/base.html": [
            "{% load bellhop %}{% load i18n %}{% get_current_language as LANGUAGE_CODE %}"
            "{% get_current_language_bidi as LANGUAGE_BIDI %}<!doctype html>",
            "{% bellhop_bell %}",
        ],
    },
    ASGI_PROJECT: {
        "live/settings.py": [INSTALLED, DECLARED],
        "live/urls.py": [INCLUDED],
        "live/asgi.py": [
            "from bellhop.routing import websocket_urlpatterns as bellhop_urlpatterns",
            "sockets = URLRouter([*bellhop_urlpatterns, *websocket_urlpatterns])",
        ],
        "templates/base.html": BELL,
    },
}
USED = re.compile(
    r"from bellhop\.(notify import (anotify, )?notify|recall import update, withdraw|kinds import Kind, register)"
)


@pytest.mark.parametrize("project", LINES, ids=lambda project: project.folder)
def test_a_project_names_bellhop_where_it_takes_it_in_and_where_it_notifies(
    project: Project,
) -> None:
    root = FOLDER / project.folder
    found: dict[str, list[str]] = {}
    for path in sorted({*root.rglob("*.py"), *root.rglob("*.html")}):
        if path.is_relative_to(root / "crew/templates/bellhop"):
            continue  # what the project has put in the place of a part of the page, because it wants to
        lines = [line.strip() for line in path.read_text().splitlines()]
        naming = [line for line in lines if "bellhop" in line.lower() and not USED.match(line)]
        if naming:
            found[path.relative_to(root).as_posix()] = naming
    assert found == LINES[project]
