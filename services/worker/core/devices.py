"""Devices of sessions that are over: the table is that of web's accounts, and the worker is who prunes.

The worker has no accounts (allauth) of its own, and needs none for one statement.
"""

from typing import Any, Final

from django.db import connection
from django.dispatch import receiver

from bellhop.retention.signals import pruning

AT_ONCE: Final = 1000
"""Devices that one statement forgets."""

_FORGET: Final = """
    DELETE FROM usersessions_usersession WHERE id IN (
        SELECT id FROM usersessions_usersession AS d
         WHERE NOT EXISTS (SELECT FROM django_session AS s
                            WHERE s.session_key = d.session_key AND s.expire_date > now())
         LIMIT %s)
"""


@receiver(pruning)
def forget_devices(**_: Any) -> int:
    """Delete the devices whose session is over; return how many that were. Raises DatabaseError."""
    done = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_FORGET, [AT_ONCE])
            done += cursor.rowcount
            if cursor.rowcount < AT_ONCE:
                return done
