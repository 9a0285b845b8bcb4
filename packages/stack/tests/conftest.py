"""Servers that answer nothing."""

from ports import closed_port, silent_port  # noqa: F401 - fixtures
