"""A savepoint inside the caller's transaction, so that an error of ours leaves theirs usable."""

from contextlib import AbstractContextManager, nullcontext

from django.db import connection, transaction


def shielded() -> AbstractContextManager[None]:
    """Return a savepoint where a transaction is open, and otherwise a context that does nothing.

    A savepoint costs two queries. So would a transaction where none is open, which a single statement does not need.
    """
    return transaction.atomic() if connection.in_atomic_block else nullcontext()
