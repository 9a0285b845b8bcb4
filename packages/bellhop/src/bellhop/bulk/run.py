"""One sending to many: all of it, or only counted, with its progress and what has become of it."""

from collections.abc import Iterator, Mapping
from itertools import batched
from typing import IO, Any, Final

from bellhop.bulk.dry_run import Place, foresee
from bellhop.bulk.files.checked import KIND, Good, checked
from bellhop.bulk.files.records import Bad
from bellhop.bulk.people import in_chunks
from bellhop.bulk.progress import Progress
from bellhop.bulk.send import AT_ONCE, Counts, send_each, send_to

TOGETHER: Final = 1000
"""Users that are fetched at once."""


class Run:
    """Counts what it does, and shows it as it goes."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.counts = Counts()
        self.good = 0

    def to_users(self, users: Any, given: Mapping[str, Any], *, dry_run: bool) -> None:
        """Send the same to each of these users; with `dry_run` only count them.

        See send.send_to() and dry_run.foresee().
        """
        for some in in_chunks(users, TOGETHER):
            if dry_run:
                kind, key = given.get("kind", KIND), given["key"]
                foresee([Place(user.pk, kind, key) for user in some], self.counts)
            else:
                for _ in send_to(some, given, self.counts):
                    self._tell()
            self._tell()

    def check_file(self, file: IO[bytes], given: Mapping[str, Any], prefix: str) -> Iterator[Bad]:
        """Yield the bad records of a file, and count the good ones. See checked.checked()."""
        for record in checked(file, given, prefix):
            if isinstance(record, Bad):
                self._progress.end()
                yield record
            else:
                self.good += 1
            self._progress.tell(self.good, "checked")

    def to_file(
        self, file: IO[bytes], given: Mapping[str, Any], prefix: str, *, dry_run: bool
    ) -> None:
        """Send the good records of a file; with `dry_run` only count them.

        See send.send_each() and dry_run.foresee().
        """
        good = (record for record in checked(file, given, prefix) if isinstance(record, Good))
        if not dry_run:
            for _ in send_each(good, self.counts):
                self._tell()
            return
        for some in batched(good, AT_ONCE):
            foresee([_place(record) for record in some], self.counts)
            self._tell()

    def words(self, *, dry_run: bool) -> str:
        """Return what has become of them, such as "7 sent, 2 had it already", or what would."""
        would = "would be " if dry_run else ""
        found = [(self.counts.sent, f"{would}sent"), (self.counts.known, "had it already")]
        found.append((self.counts.refused, f"{would}refused by their preferences"))
        found.append((self.counts.gone, "gone"))
        return ", ".join(
            f"{count:,} {word}" for at, (count, word) in enumerate(found) if count or not at
        )

    def end(self) -> None:
        """Make room for what is said next."""
        self._progress.end()

    def _tell(self) -> None:
        besides = f"{self.counts.refused:,} refused" if self.counts.refused else ""
        self._progress.tell(self.counts.total, besides)


def _place(record: Good) -> Place:
    given = record.arguments
    return Place(record.user.pk, given.get("kind", KIND), given["key"])
