"""The SQL of what is asked too often, or too precisely, for the ORM: one statement each."""

from functools import cache

from django.apps import apps
from django.contrib.auth import get_user_model


def _table(model: str) -> str:
    return apps.get_model("bellhop", model)._meta.db_table


@cache
def state_of() -> str:
    return f"""
    SELECT COALESCE(inbox.last_seq, 0), COALESCE(inbox.rev, 0),
           (SELECT count(*) FROM {_table("notification")}
             WHERE recipient_id = %(user)s AND read_at IS NULL AND archived_at IS NULL)
      FROM (SELECT) AS always LEFT JOIN {_table("inbox")} AS inbox ON inbox.user_id = %(user)s
"""  # noqa: S608 - the names of our own tables


@cache
def _advance() -> str:
    """Raise last_seq by that much, 0 for the lock alone, for those of the users who exist.

    An upsert takes its rows, locks included, in the order in which they are given. Users are joined, not locked: they
    are locked after their inbox, in the order in which whoever deletes one takes both.
    """
    user = get_user_model()._meta
    return f"""
    INSERT INTO {_table("inbox")} AS inbox (user_id, last_seq, rev)
    SELECT u.{user.pk.column}, %(by)s, 0 FROM {user.db_table} AS u
     WHERE u.{user.pk.column} = ANY(%(users)s::bigint[]) ORDER BY u.{user.pk.column}
    ON CONFLICT (user_id) DO UPDATE SET last_seq = inbox.last_seq + %(by)s
    RETURNING user_id, last_seq
"""  # noqa: S608 - the names of tables, our own and the user model's


@cache
def lock_all() -> str:
    user = get_user_model()._meta
    return f"""
    WITH advanced AS ({_advance()}),
         living AS (SELECT u.{user.pk.column} AS id
                      FROM advanced JOIN {user.db_table} AS u ON u.{user.pk.column} = user_id FOR KEY SHARE OF u)
    SELECT user_id FROM advanced LEFT JOIN living ON id = user_id WHERE id IS NULL
"""  # noqa: S608 - the names of tables, our own and the user model's


@cache
def save_to(in_transaction: bool) -> str:
    """Insert for each who was advanced; return the row's id, or NULL for who is deleted in this very moment.

    Outside a transaction the foreign keys tell as soon as the statement ends, and nothing is asked twice.
    """
    user = get_user_model()._meta
    living = f"JOIN {user.db_table} AS u ON u.{user.pk.column} = user_id FOR KEY SHARE OF u"
    saved = f"""
    INSERT INTO {_table("notification")}
           (id, recipient_id, seq, key, kind, message, body, url, data, created, rev, request_id)
    SELECT gen_random_uuid(), user_id, last_seq, %(key)s, %(kind)s, %(message)s, %(body)s, %(url)s, %(data)s,
           %(created)s, 0, %(request_id)s
      FROM advanced {living if in_transaction else ""}
    RETURNING id, recipient_id, seq
"""  # noqa: S608 - the names of tables, our own and the user model's
    if not in_transaction:
        return f"WITH advanced AS ({_advance()}) {saved}"
    return f"""
    WITH advanced AS ({_advance()}), saved AS ({saved})
    SELECT saved.id, user_id, last_seq FROM advanced LEFT JOIN saved ON recipient_id = user_id
"""  # noqa: S608 - the names of tables, our own and the user model's
