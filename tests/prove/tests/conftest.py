"""Every test begins with a run in which nothing has gone wrong yet."""

import pytest
from prove.tests.world import World


@pytest.fixture
def world() -> World:
    return World()
