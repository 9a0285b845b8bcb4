"""What happens once in every process that has the package installed, before it does anything."""

import atexit

from django.apps import AppConfig
from django.db import connections
from django.utils.module_loading import autodiscover_modules


class BellhopConfig(AppConfig):
    """The package as a Django app: knows its kinds, rings when inboxes change or logins end, closes its connections."""

    name = "bellhop"
    verbose_name = "Notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bellhop.checks.installed import can_hear_of_logouts
        from bellhop.kinds import login_welcome, plain_message, security  # noqa: F401 - each registers its kind
        from bellhop.ring import inbox_changes  # noqa: F401 - connects the receiver

        autodiscover_modules("bellhop_kinds")
        if can_hear_of_logouts():
            from bellhop.sessions import logout_closes_sockets  # noqa: F401 - connects the receivers

        # Left to the interpreter's end, the pool waits 5 s for each of its threads (Python 3.13) or
        # complains about each (3.14).
        atexit.register(close_pools)


def close_pools() -> None:
    """Close this process's database connections and the pools they came from."""
    for alias in connections:
        connection = connections[alias]
        # Asking for a pool would make one.
        if getattr(connection, "_connection_pools", {}).get(alias):
            connection.close()
            connection.close_pool()  # type: ignore[attr-defined]
