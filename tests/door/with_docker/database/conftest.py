"""A host with Docker, on which the stack's database is."""

from pathlib import Path

import pytest
from database_docker import Docker


@pytest.fixture
def docker(tmp_path: Path) -> Docker:
    return Docker(tmp_path)
