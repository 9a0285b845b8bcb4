"""The commands of the package, as a shell calls them: what they write, and what they end with."""

from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from bellhop.bulk import progress
from bellhop.models import Notification


class Answer(NamedTuple):
    """What a command has written, line by line, and how it ended."""

    out: list[str]
    err: list[str]
    code: int


Call = Callable[..., Answer]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call a command; an error that it ends with is the last line of `err`. However long it takes, it says no more."""
    monkeypatch.setattr(progress, "EVERY", 3600.0)

    def run(*arguments: str) -> Answer:
        out, err, code = StringIO(), StringIO(), 0
        try:
            call_command(*arguments, stdout=out, stderr=err)
        except CommandError as error:
            code = error.returncode
            err.write(f"{error}\n")
        return Answer(out.getvalue().splitlines(), err.getvalue().splitlines(), code)

    return run


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes | str], str]:
    """Write a file and return its name."""

    def write(content: bytes | str) -> str:
        path = tmp_path / "notifications"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write


@pytest.fixture
def crowd(db: None) -> list[User]:
    """Seven users, of whom the last is not active."""
    return [
        User.objects.create(username=f"u{at}", email=f"u{at}@example.com", is_active=at < 6)
        for at in range(7)
    ]


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, int], None]]:
    """Have Ctrl-C be pressed when something is called for the n-th time."""

    def arrange(where: str, at: int) -> None:
        module, name = where.rsplit(".", 1)
        original: Any = __import__(module, fromlist=[name]).__dict__[name]
        calls = []

        def wrapped(*args: Any, **options: Any) -> Any:
            calls.append(None)
            if len(calls) == at:
                raise KeyboardInterrupt
            return original(*args, **options)

        monkeypatch.setattr(where, wrapped)

    with monkeypatch.context():
        yield arrange


def got(user: User) -> list[str]:
    """Return the messages that a user has, in their order."""
    rows = Notification.objects.filter(recipient=user).order_by("seq")
    return list(rows.values_list("message", flat=True))
