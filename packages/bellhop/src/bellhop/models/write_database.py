"""The one database that this package asks, whatever routers a project has: that of its own tables, for writing.

A replica may not know yet what was committed a moment ago.
"""

from contextlib import AbstractContextManager
from typing import Any

from django.apps import apps
from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


def alias() -> str:
    """Return the alias of the database that notifications are written to."""
    return router.db_for_write(apps.get_model("bellhop", "Notification"))


def connection() -> BaseDatabaseWrapper:
    """Return this thread's connection to it."""
    return connections[alias()]


def atomic(**options: Any) -> AbstractContextManager[None]:
    """Do transaction.atomic() there."""
    return transaction.atomic(using=alias(), **options)
