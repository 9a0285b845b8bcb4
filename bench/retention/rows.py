"""People with old and new notifications, written by SQL: a million through notify() would take an hour."""

from django.db import connection

from bench import fresh_database

_PEOPLE = """
    INSERT INTO auth_user
           (username, password, email, first_name, last_name, is_superuser, is_staff, is_active, date_joined)
    SELECT 'u' || n, '!', '', '', '', false, false, true, now() FROM generate_series(1, %(people)s) AS n
"""
# Each person's oldest come first, as they came; a tenth of all is young.
_ROWS = """
    INSERT INTO bellhop_notification
           (id, recipient_id, seq, kind, message, body, url, data, created, rev, request_id)
    SELECT gen_random_uuid(), u.id, n, 'message', 'Notification ' || n, 'Some more text about it',
           '/orders/7/',
           '{"order": "7"}', now() - interval '400 days' * (%(each)s - n) / %(each)s, 0, ''
      FROM auth_user AS u CROSS JOIN generate_series(1, %(each)s) AS n
     ORDER BY n, u.id
"""
_INBOXES = (
    "INSERT INTO bellhop_inbox (user_id, last_seq, rev) SELECT id, %(each)s, 0 FROM auth_user"
)


def fill(people: int, rows: int) -> None:
    """Make the database anew, with `rows` notifications of so many people."""
    fresh_database.make_anew()
    with connection.cursor() as cursor:
        for sql in (_PEOPLE, _ROWS, _INBOXES):
            cursor.execute(sql, {"people": people, "each": rows // people})
        cursor.execute("VACUUM ANALYZE")


def count() -> int:
    """Return how many notifications there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bellhop_notification")
        return int(cursor.fetchone()[0])


def faults() -> int:
    """Return how many inboxes count otherwise than their rows: what came after the old ones must lie there, dense."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM bellhop_inbox AS i
             WHERE i.last_seq <> (SELECT max(seq) FROM bellhop_notification AS n WHERE n.recipient_id = i.user_id)
                OR i.last_seq - (SELECT min(seq) FROM bellhop_notification AS n WHERE n.recipient_id = i.user_id) + 1
                   <> (SELECT count(*) FROM bellhop_notification AS n WHERE n.recipient_id = i.user_id)
            """
        )
        return int(cursor.fetchone()[0])
