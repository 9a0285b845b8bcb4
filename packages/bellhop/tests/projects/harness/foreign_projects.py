"""The Django projects in the folders beside this one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Project:
    """A Django project in a folder of this one, and what whoever starts or uses it must know."""

    folder: str
    settings: str
    application: str
    logins: str
    """The n-th person's login, as a format."""

    login_field: str = "username"
    """Of the form at /accounts/login/."""


UUID_PROJECT: Final = Project("uuid_project", "shop.settings", "shop.wsgi", "person{}")
COOKIE_PROJECT: Final = Project(
    "cookie_project",
    "config.settings.production",
    "config.wsgi",
    "person{}@example.com",
    login_field="login",
)
ASGI_PROJECT: Final = Project("asgi_project", "live.settings", "live.asgi:application", "person{}")
PAGES_PROJECT: Final = Project("pages_project", "pages.settings", "pages.wsgi", "person{}")
"""Not one that somebody has: pages that make it hard for a bell."""
