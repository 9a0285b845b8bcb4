"""The parts: what is a run of its own is part of no other."""

import configparser

import pytest
from harness import parts


@pytest.mark.parametrize("name", parts.APART)
def test_what_is_run_apart_is_not_run_a_second_time_with_the_rest(name: str) -> None:
    """pytest collects what `testpaths` names, whatever it is told to ignore."""
    settings = configparser.ConfigParser()
    settings.read(parts.PARTS[name] / "pytest.ini")
    named = settings.get("pytest", "testpaths", fallback="").split()
    assert not set(named) & set(parts.APART[name].folders)
