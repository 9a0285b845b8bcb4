"""People with few and with many notifications, in every mix of what is read and archived; written by SQL."""

from collections.abc import Mapping
from typing import Final

from django.contrib.auth.models import User
from django.db import connection

from bench import fresh_database

FEW: Final = 50
MANY: Final = 50_000
BYSTANDERS: Final = 2_000
"""Other people, with FEW each: the planner shall know a table of many people's rows."""

READ: Final[Mapping[str, str]] = {
    "all unread": "NULL",
    "all read": "now()",
    "all archived": "now()",
    "one in fifty unread": "CASE WHEN n %% 50 = 0 THEN NULL ELSE now() END",
}
"""The mixes, and when a notification of each was read."""

_ROWS: Final = """
    INSERT INTO bellhop_notification
           (id, recipient_id, seq, kind, message, body, url, data, created, rev, request_id, thread,
           read_at, archived_at)
    SELECT gen_random_uuid(), u.id, n, 'kind' || n %% 10,
           'Order ' || n || ' of ' || u.username || CASE n WHEN 2 THEN ' with a quokka' ELSE '' END,
           'It is on its way, and will be there by ' || (n * 7919) %% 1000 || ' o''clock',
           '/orders/' || n, '{{"order": "7"}}', now() - interval '1 minute' * (%(count)s - n), 0, '',
           CASE WHEN n %% 10 = 0 THEN 'order-' || n / 20 ELSE '' END, {read}, {archived}
      FROM auth_user AS u CROSS JOIN generate_series(1, %(count)s) AS n
     WHERE u.username LIKE %(who)s
     ORDER BY n, u.id
"""


def name_of(mix: str, count: int) -> str:
    """Return the user name of who has so many notifications in that mix."""
    return f"{mix.replace(' ', '-')}-{count}"


def fill(count: int) -> None:
    """Make the database anew: one with FEW and one with `count` for each mix, and BYSTANDERS."""
    fresh_database.make_anew()
    people = [name_of(mix, each) for mix in READ for each in (FEW, count)]
    people += [f"bystander-{number}" for number in range(BYSTANDERS)]
    User.objects.bulk_create([User(username=name) for name in people])
    with connection.cursor() as cursor:
        for mix, read in READ.items():
            archived = "now()" if mix == "all archived" else "NULL"
            sql = _ROWS.format(read=read, archived=archived)
            for each in (FEW, count):
                cursor.execute(sql, {"count": each, "who": name_of(mix, each)})
        sql = _ROWS.format(read=READ["one in fifty unread"], archived="NULL")
        cursor.execute(sql, {"count": FEW, "who": "bystander-%"})
        cursor.execute(
            "INSERT INTO bellhop_inbox (user_id, last_seq, rev)"
            " SELECT recipient_id, max(seq), 0 FROM bellhop_notification GROUP BY recipient_id"
        )
        cursor.execute("VACUUM ANALYZE")
