"""Names of tables and columns, for SQL that is asked too often to be compiled by Django each time."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session

from bellhop.models import Inbox, Notification
from bellhop.models.removal import Removal

TABLES: Final[Mapping[str, Any]] = {
    "inbox": Inbox._meta.db_table,
    "notification": Notification._meta.db_table,
    "removal": Removal._meta.db_table,
    "session": Session._meta.db_table,
    "user": get_user_model()._meta.db_table,
    "user_pk": get_user_model()._meta.pk.column,
}
