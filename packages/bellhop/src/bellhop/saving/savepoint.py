"""A savepoint in somebody else's transaction, so that an error of ours leaves theirs usable."""

from contextlib import AbstractContextManager, nullcontext

from django.db import connection, transaction


def shielded() -> AbstractContextManager[None]:
    """Return a savepoint where a transaction is open; where none is, nothing: it would cost two round trips."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()
