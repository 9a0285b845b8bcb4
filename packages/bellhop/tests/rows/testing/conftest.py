"""The fixtures that a project would take in by `pytest_plugins`, which stands in a root conftest only."""

from bellhop.testing.pytest_fixtures import notified  # noqa: F401 - a fixture
