"""What a file has named already, remembered on disk: a million records take no memory."""

import hashlib
import sqlite3
from typing import Any


class Seen:
    """A temporary database that is gone when it is closed. Of one thread."""

    def __init__(self) -> None:
        # No name: SQLite keeps it in its cache, and beyond that in a file that nobody else can open.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute(
            "CREATE TABLE seen (id BLOB PRIMARY KEY, line INTEGER) WITHOUT ROWID"
        )

    def note(self, user_id: Any, key: str, line: int) -> int | None:
        """Note that this line names that user and key; return the line that did before, or None."""
        id_ = hashlib.sha256(f"{user_id}\n{key}".encode()).digest()[:16]
        added = self._database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", [id_, line])
        if added.rowcount == 1:
            return None
        (before,) = self._database.execute("SELECT line FROM seen WHERE id = ?", [id_]).fetchone()
        return int(before)

    def close(self) -> None:
        """Forget all of it."""
        self._database.close()
