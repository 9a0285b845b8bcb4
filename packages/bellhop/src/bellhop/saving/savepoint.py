"""A savepoint inside the caller's transaction, so that an error of ours leaves theirs usable."""

from contextlib import AbstractContextManager, nullcontext

from bellhop.models import write_database


def shielded() -> AbstractContextManager[None]:
    """Return a savepoint where a transaction is open, and otherwise a context that does nothing.

    A savepoint costs two queries. So would a transaction where none is open, which a single statement does not need.
    """
    is_open = write_database.connection().in_atomic_block
    return write_database.atomic() if is_open else nullcontext()
