"""The records of a file as notify() would take them, or what is wrong with each: checked before anything is sent."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import batched
from typing import IO, Any, Final, NamedTuple

from bellhop import frame_from_row
from bellhop.bulk.arguments import arguments
from bellhop.bulk.files.records import Bad, Record, records_of
from bellhop.bulk.files.seen import Seen
from bellhop.bulk.people import find_users
from bellhop.kinds import registry
from bellhop.saving import check_arguments

AT_ONCE: Final = 1000
"""Records whose users are looked up together."""

KIND: Final = "message"
"""What kind a notification is where none is given."""

_NOTHING: Final = {
    "message": "",
    "kind": KIND,
    "body": "",
    "url": "",
    "data": None,
    "key": None,
    "thread": "",
    "expires": None,
}
"""What notify() takes for what is not given."""


class Good(NamedTuple):
    """A record that can be sent: to whom, and the arguments of notify(), `key` always among them."""

    line: int
    user: Any
    arguments: Mapping[str, Any]


def check(given: Mapping[str, Any]) -> None:
    """Check arguments as notify() does before it writes anything. ValueError names the argument.

    Here a message may be left out only where its kind makes one: in a shell or a file it has been forgotten, or the
    kind is misspelt.
    """
    kind, message = given.get("kind", KIND), given.get("message", "")
    # First: what looks at the whole would log that it does not know the kind.
    if not message.strip() and not registry.is_declared(registry.find(kind)):
        raise ValueError(f"no kind {kind!r} is declared, and without one a message is needed")
    found = check_arguments.columns(**{**_NOTHING, **given})
    if not found["message"].strip() and not frame_from_row.has_words(found["kind"]):
        raise ValueError("message: it is empty, and the kind makes none")


def checked(file: IO[bytes], defaults: Mapping[str, Any], prefix: str) -> Iterator[Good | Bad]:
    """Yield each record of the file, from its begin on: as it can be sent, or what is wrong with it.

    `defaults` are arguments for what a record does not say. One without a key gets one of `prefix` and of what it says,
    so that a repeat sends it once. So of two that say the same to the same user, without keys, the second is bad, as
    one is that repeats a key.

    Two queries for AT_ONCE records; memory does not grow with the file. Raises lines.FileError and DatabaseError.
    """
    with closing(Seen()) as seen:
        for some in batched(records_of(file), AT_ONCE):
            users = find_users([_name(record) for record in some if isinstance(record, Record)])
            for record in some:
                if isinstance(record, Record):
                    yield _checked(record, users[_name(record)], defaults, prefix, seen)
                else:
                    yield record


def _checked(
    record: Record, user: Any, defaults: Mapping[str, Any], prefix: str, seen: Seen
) -> Good | Bad:
    if isinstance(user, LookupError):
        return Bad(record.line, str(user))
    try:
        given = {**defaults, **arguments(record.values)}
        if is_keyless := "key" not in given:
            given["key"] = f"{prefix}:{_fingerprint(given)}"
        check(given)
    except ValueError as error:
        return Bad(record.line, str(error))
    before = seen.note(user.pk, given["key"], record.line)
    if before is None:
        return Good(record.line, user, given)
    same = "says the same to the same user as" if is_keyless else "has the user and the key of"
    return Bad(record.line, f"{same} line {before}")


def _name(record: Record) -> str:
    return str(record.values.get("user", "")).strip()


def _fingerprint(given: Mapping[str, Any]) -> str:
    content = json.dumps(given, sort_keys=True, default=str)
    return hashlib.sha256(content.encode(errors="surrogatepass")).hexdigest()[:16]
