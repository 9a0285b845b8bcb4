"""The environment of a stack of our own, started beside whatever this clone's `.env` is for: `prove`, `bench`.

Python's standard library only, 3.9 or newer, as all of the door.
"""

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def environment(project: str, files: "list[str]", **chosen: str) -> "dict[str, str]":
    """Return what Compose is to be called with: those files, those variables, and nothing of `.env`.

    Sizes and limits that the caller's shell sets count; whom the stack talks to and who reaches it is decided here.
    """
    documented = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    limits = re.compile(r"WEB_\w+|SOCKET\w+|SLOW_\w+")
    return {
        **os.environ,
        # An empty variable of the shell goes before the file's.
        **{name: os.environ.get(name, "") if limits.fullmatch(name) else "" for name in documented},
        "COMPOSE_PROJECT_NAME": project,
        "COMPOSE_PATH_SEPARATOR": ";",
        "COMPOSE_FILE": ";".join(files),
        # Nobody but the stack's own containers and this machine comes in.
        "HTTP_BIND": "127.0.0.1",
        **chosen,
    }
