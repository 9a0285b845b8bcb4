"""nginx in front of a project: pages, sockets and static files of one origin, by the lines of docs/adopt.md."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from projects.harness.foreign_projects import FOLDER
from projects.harness.installations import Installation

DOCS: Final = FOLDER.parents[3] / "docs"

PAGES: Final = """
    location %(prefix)s/ {
        proxy_pass http://127.0.0.1:%(web)d/;
        proxy_set_header Host $http_host;
    }
"""
"""What it has there before, in one place or another."""

FILES: Final = """
    location %(path)s {
        alias %(folder)s/;
    }
"""

SERVER: Final = """
daemon off;
master_process off;
pid nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  types { text/html html; text/css css; text/javascript js; image/svg+xml svg; }
  server {
    listen 127.0.0.1:%(port)d;
    %(locations)s
  }
}
"""


def documented(page: str, language: str, naming: str) -> str:
    """Return the one block of code of a page of docs/ that is in that language and names something."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", (DOCS / page).read_text(), re.DOTALL | re.M)
    (found,) = (block for block in blocks if naming in block)
    return str(found)


@dataclass(frozen=True)
class Place:
    """A project, and the ports of its pages and its sockets."""

    installation: Installation
    web: int
    ws: int
    prefix: str = ""
    """Of the path of all pages."""


@dataclass(frozen=True)
class Front:
    """What is behind one origin. Without `web` or `ws`: no such location; `files`: folders by their path."""

    web: int | None = None
    ws: int | None = None
    prefix: str = ""
    """Of the path of all pages: the project's FORCE_SCRIPT_NAME."""
    files: Mapping[str, Path] | None = None

    def locations(self) -> str:
        """Return the server's locations, as nginx reads them."""
        found = [
            FILES % {"path": path, "folder": folder} for path, folder in (self.files or {}).items()
        ]
        if self.ws is not None:
            guide = documented("adopt.md", "nginx", "location /ws/")
            found.append(guide.replace("127.0.0.1:8001", f"127.0.0.1:{self.ws}"))
        if self.web is not None:
            found.append(PAGES % {"web": self.web, "prefix": self.prefix})
        return "".join(found)


def nginx(installation: Installation, name: str, front: Front) -> int:
    """Return the port of an nginx of that name, started if it is not there yet."""
    folder = installation.folder / name
    folder.mkdir(exist_ok=True)

    def command(port: int) -> list[str]:
        text = SERVER % {"port": port, "locations": front.locations()}
        (folder / "nginx.conf").write_text(text)
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        return [program, "-p", str(folder), "-c", "nginx.conf", "-e", "stderr"]

    return installation.start(name, command)
