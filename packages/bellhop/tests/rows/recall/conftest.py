"""What one test rings must not be found by the next."""

import pytest

from rows.conftest import Rings


@pytest.fixture(autouse=True)
def heard_by_nobody_else(rings: Rings) -> None:
    """Each test has a doorbell of its own."""
