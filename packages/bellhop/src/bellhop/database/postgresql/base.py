"""What ENGINE names: Django imports DatabaseWrapper from a module of this name."""

from django.db.backends.postgresql import base

from bellhop.database.bounded_wrapper import Bounded


class DatabaseWrapper(Bounded, base.DatabaseWrapper):
    """Django's, bounded in time."""
