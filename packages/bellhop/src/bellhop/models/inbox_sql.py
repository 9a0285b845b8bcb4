"""The SQL of inboxes, where one statement must do what would take the ORM several.

`%(users)s` is a list of user ids, `%(user)s` a single one.
"""

from functools import cache

from django.apps import apps
from django.contrib.auth import get_user_model

from bellhop.models import user_key
from bellhop.models.write_database import connection


def table(model: str) -> str:
    """Return the table of one of the package's models, e.g. ``bellhop_inbox`` for "inbox"."""
    return apps.get_model("bellhop", model)._meta.db_table


def user_table() -> tuple[str, str]:
    """Return the table of the project's users, and the column of its primary key, both quoted."""
    user, quote = get_user_model()._meta, connection().ops.quote_name
    return quote(user.db_table), quote(str(user.pk.column))


@cache
def unread(user: str) -> str:
    """Return an SQL expression: how many notifications are unread of the user that the SQL `user` names.

    For queries that have a row of `inbox`, or NULLs in its place: where it was counted already, it is counted on from
    there.
    """
    return f"""
           CASE WHEN inbox.counted_rev = inbox.rev THEN inbox.counted_unread ELSE 0 END
           + (SELECT count(*) FROM {table("notification")} AS one
               WHERE one.recipient_id = {user} AND one.read_at IS NULL AND one.archived_at IS NULL
                 AND one.seq > CASE WHEN inbox.counted_rev = inbox.rev THEN inbox.counted_seq ELSE 0 END)
"""  # noqa: S608 - the name of our own table


@cache
def state_of() -> str:
    """Return SQL that reads one user's last_seq, rev, number of unread notifications, seen_seq, and how many
    of the unread it need not count: always one row."""
    return f"""
    SELECT COALESCE(inbox.last_seq, 0), COALESCE(inbox.rev, 0), {unread("%(user)s")},
           COALESCE(inbox.seen_seq, 0),
           CASE WHEN inbox.counted_rev = inbox.rev THEN inbox.counted_unread ELSE 0 END
      FROM (SELECT) AS always LEFT JOIN {table("inbox")} AS inbox ON inbox.user_id = %(user)s
"""  # noqa: S608 - the names of our own tables


@cache
def count_unread() -> str:
    """Return SQL that notes how many are unread of an inbox that nobody holds and that still stands as it is said."""
    inbox = table("inbox")
    return f"""
    UPDATE {inbox} SET counted_seq = last_seq, counted_rev = rev, counted_unread = %(unread)s
     WHERE user_id = (SELECT user_id FROM {inbox} WHERE user_id = %(user)s AND last_seq = %(seq)s AND rev = %(rev)s
                         FOR NO KEY UPDATE SKIP LOCKED)
"""  # noqa: S608 - the name of our own table


@cache
def advance(*, passes_over_unnumbered: bool = False) -> str:
    """Return SQL that locks the users' inboxes and raises each last_seq by `%(by)s`; 0 is for the lock alone.

    It makes the inboxes that are missing, passes over users who do not exist, and returns (user_id, last_seq).
    An upsert takes its rows, locks included, in the order in which they are given. Users are joined, not locked: they
    are locked after their inbox, in the order in which a transaction that deletes a user takes both. With
    `passes_over_unnumbered` it passes over users who have rows without a number, too.
    """
    user, pk = user_table()
    unnumbered = (
        f"SELECT FROM {table('notification')} AS n WHERE n.recipient_id = u.{pk} AND n.seq IS NULL"
    )
    condition = f"AND NOT EXISTS ({unnumbered})" if passes_over_unnumbered else ""
    return f"""
    INSERT INTO {table("inbox")} AS inbox (user_id, last_seq, rev)
    SELECT u.{pk}, %(by)s, 0 FROM {user} AS u
     WHERE u.{pk} = ANY(%(users)s::{user_key.sql_type()}[]) {condition} ORDER BY u.{pk}
    ON CONFLICT (user_id) DO UPDATE SET last_seq = inbox.last_seq + %(by)s
    RETURNING user_id, last_seq
"""  # noqa: S608 - the names of tables, our own and the user model's


@cache
def go_on_after_restore() -> str:
    """Return SQL that raises every user's last_seq and rev, after a restore, above all that was given before it.

    Both go on from the milliseconds since 1970. Nobody has had a thousand a second ever since, so it is above all that
    was given, by a history after an earlier restore of the same backup, too; where the clock was put back, a million on
    top is, and only there: twice from the same backup it would be the same. Inboxes are made for who has none: theirs
    may have been made after the backup.
    """
    user, pk = user_table()
    now = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    # Of an inbox in which nothing has happened since the last restore, what the backup held is known already.
    return f"""
    INSERT INTO {table("inbox")} AS inbox (user_id, last_seq, rev, restored_until)
    SELECT u.{pk}, now, now, now FROM {user} AS u, (SELECT {now} AS now) AS clock ORDER BY u.{pk}
    ON CONFLICT (user_id) DO UPDATE SET (last_seq, rev, restored_until, restored_seq, restored_rev) = (
    SELECT further, further, further,
           CASE WHEN inbox.last_seq = inbox.restored_until THEN inbox.restored_seq ELSE inbox.last_seq END,
           CASE WHEN inbox.rev = inbox.restored_until THEN inbox.restored_rev ELSE inbox.rev END
      FROM (SELECT GREATEST(inbox.last_seq, inbox.rev)) AS held (most),
           LATERAL (SELECT CASE WHEN excluded.last_seq > most THEN excluded.last_seq ELSE most + 1000000 END)
           AS one (further))
"""  # noqa: S608 - the names of tables, our own and the user model's


@cache
def lock_all() -> str:
    """Return SQL that locks the users' inboxes and returns the ids of users who are deleted in this very moment."""
    user, pk = user_table()
    return f"""
    WITH advanced AS ({advance()}),
         living AS (SELECT u.{pk} AS id FROM advanced JOIN {user} AS u ON u.{pk} = user_id FOR KEY SHARE OF u)
    SELECT user_id FROM advanced LEFT JOIN living ON id = user_id WHERE id IS NULL
"""  # noqa: S608 - the names of tables, our own and the user model's


@cache
def raise_revs() -> str:
    """Return SQL that raises the rev of inboxes that are locked by one, and returns (user_id, rev)."""
    return f"""
    UPDATE {table("inbox")} SET rev = rev + 1 WHERE user_id = ANY(%(users)s::{user_key.sql_type()}[])
    RETURNING user_id, rev
"""  # noqa: S608 - the name of our own table
