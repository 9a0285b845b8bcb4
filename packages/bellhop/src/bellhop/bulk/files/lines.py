"""The lines of a file that somebody's program has written, whatever it is: each with its number, none too long."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

LINE_BYTES: Final = 1_048_576
"""Of one line at most: a notification has no more than 32 KiB."""

_BOM: Final = b"\xef\xbb\xbf"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


class FileError(Exception):
    """The file as a whole cannot be read, in a sentence."""


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """Open the file, or standard input for "-", so that it can be read twice. FileError where that cannot be."""
    try:
        if name != "-":
            with Path(name).open("rb") as file:
                yield file
            return
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(sys.stdin.buffer, copy)
            yield copy
    except OSError as error:
        raise FileError(error.strerror or str(error)) from None


def lines_of(file: IO[bytes]) -> Iterator[tuple[int, str]]:
    """Yield the lines from the begin on, each with its number from 1, its end of line, and no byte-order mark.

    A byte that is not UTF-8 becomes half of a surrogate pair: a reader refuses that line alone. FileError where a line
    is longer than LINE_BYTES, or the file is UTF-16.
    """
    file.seek(0)
    number = 0
    while line := file.readline(LINE_BYTES):
        number += 1
        if number == 1:
            if line.startswith(_UTF_16):
                raise FileError("the file is UTF-16: save it as UTF-8")
            line = line.removeprefix(_BOM)
        if len(line) >= LINE_BYTES:
            raise FileError(f"line {number}: longer than {LINE_BYTES:,} bytes")
        yield number, line.decode("utf-8", "surrogateescape")


def first_line_of(file: IO[bytes]) -> str:
    """Return the first line that is not blank; "" where there is none."""
    return next((line for _, line in lines_of(file) if line.strip()), "")
