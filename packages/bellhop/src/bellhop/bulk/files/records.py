"""What a file of notifications says, record by record: CSV with a header, or one JSON object on each line.

Which of the two it is its first line tells: JSON begins with "{".
"""

import csv
import json
from collections.abc import Iterator, Mapping
from typing import IO, Any, Final, NamedTuple

from bellhop.bulk.files.lines import FileError, first_line_of, lines_of

COLUMNS: Final = ("user", "message", "body", "url", "kind", "data", "key", "expires", "thread")
"""What a record may have; `user` it must."""

_DELIMITERS: Final = ",;\t"


class Record(NamedTuple):
    """What one record says, by its columns; what it leaves empty is not there."""

    line: int
    values: Mapping[str, Any]


class Bad(NamedTuple):
    """A record that cannot be sent."""

    line: int
    why: str


def records_of(file: IO[bytes]) -> Iterator[Record | Bad]:
    """Yield the file's records from its begin on, each with the number of the line that it begins on.

    Blank lines are passed over. FileError where the header is not one, or the file cannot be read at all.
    """
    first = first_line_of(file)
    found = _json(file) if first.lstrip().startswith("{") else _csv(file, first)
    for record in found:
        if isinstance(record, Record) and (why := _undecoded(record.values)):
            yield Bad(record.line, why)
        else:
            yield record


def _json(file: IO[bytes]) -> Iterator[Record | Bad]:
    for number, line in lines_of(file):
        if line.strip():
            yield _object(number, line)


def _object(number: int, line: str) -> Record | Bad:
    try:
        found = json.loads(line)
    except RecursionError:
        return Bad(number, "not JSON: nested too deep")
    except ValueError as error:
        return Bad(number, f"not JSON: {error}")
    if not isinstance(found, dict):
        return Bad(number, "a JSON object, not another value")
    if unknown := sorted(found.keys() - set(COLUMNS)):
        return Bad(number, f"{unknown[0]!r}: none of {', '.join(COLUMNS)}")
    values = {name: value for name, value in found.items() if value is not None and value != ""}
    for name in values.keys() - {"data"}:
        if not isinstance(values[name], str):
            return Bad(number, f"{name}: text in quotation marks")
    return Record(number, values)


def _csv(file: IO[bytes], first: str) -> Iterator[Record | Bad]:
    # A spreadsheet in a country that writes 1,5 puts ";" between columns.
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader((line for _, line in lines_of(file)), strict=True, delimiter=delimiter)
    header: list[str] | None = None
    while True:
        begin = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            if header is None:
                raise FileError(f"line {begin}: {error}") from None
            yield Bad(begin, str(error))
            continue
        if row is None:
            return
        if not any(cell.strip() for cell in row):
            continue
        if header is None:
            header = _header(row)
        elif len(row) != len(header):
            yield Bad(begin, f"{len(row)} columns, and the header has {len(header)}")
        else:
            yield Record(
                begin, {name: cell for name, cell in zip(header, row, strict=True) if cell}
            )


def _header(row: list[str]) -> list[str]:
    names = [name.strip().lower() for name in row]
    for name in names:
        if name not in COLUMNS:
            shown = name.encode("ascii", "backslashreplace").decode()
            raise FileError(f"the header has a column {shown!r}: none of {', '.join(COLUMNS)}")
        if names.count(name) > 1:
            raise FileError(f"the header has the column {name!r} twice")
    if "user" not in names:
        raise FileError("the header has no column 'user'")
    return names


def _undecoded(values: Mapping[str, Any]) -> str | None:
    """Return what is wrong with text that was not UTF-8 in the file."""
    for name, value in values.items():
        if isinstance(value, str):
            for character in value:
                if "\udc80" <= character <= "\udcff":
                    return f"{name}: not UTF-8 (byte 0x{ord(character) - 0xDC00:02x})"
    return None
