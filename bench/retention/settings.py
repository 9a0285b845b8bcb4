"""The stack's own settings, with a database of the measurement's own beside the one that DATABASE_URL names."""

from typing import Any

from stack.settings import *  # noqa: F403
from stack.settings import BELLHOP, DATABASES

NAME = "bench_retention"
database: Any = DATABASES["default"]
database["NAME"] = NAME
# The command's own bounds, as manage.py has them: a person waits for it.
database["OPTIONS"].pop("pool", None)
database["OPTIONS"].pop("options", None)
BELLHOP = {**BELLHOP, "RING": "direct"}
LOGGING_CONFIG = ""
