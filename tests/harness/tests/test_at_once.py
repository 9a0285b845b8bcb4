"""Parts that end at the same moment."""

import io

import pytest
from harness import at_once


def test_a_line_is_written_with_its_end_so_that_no_other_comes_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A closing line with another's words behind it is not counted, were it a failure or not."""
    written: list[str] = []
    out = io.StringIO()
    monkeypatch.setattr(out, "write", written.append, raising=False)
    monkeypatch.setattr("sys.stdout", out)
    at_once.say("ok     mypy worker")
    assert [each for each in written if each] == ["ok     mypy worker\n"]
