"""The table that is imported from, and the command that does it."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command

from .hq_table import HqTable

Import = Callable[..., list[str]]


@pytest.fixture
def hq(db: None) -> HqTable:
    return HqTable()


@pytest.fixture
def run_import() -> Import:
    """Call the command; return the lines that it writes."""

    def run(*arguments: str) -> list[str]:
        out = StringIO()
        call_command("bellhop_import", "django-notifications-hq", *arguments, stdout=out)
        return out.getvalue().splitlines()

    return run
