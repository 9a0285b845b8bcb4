"""What another app has saved comes over into a project whose users have UUIDs; nobody's open tab is rung."""

import psycopg

from projects.conftest import Device
from projects.harness.installations import Installation

TABLE = """
    CREATE TABLE notifications_notification (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(), recipient_id uuid NOT NULL, verb text NOT NULL,
        unread boolean NOT NULL, "timestamp" timestamptz NOT NULL, actor_object_id text NOT NULL,
        actor_content_type_id integer NOT NULL);
    INSERT INTO notifications_notification
           (recipient_id, verb, unread, "timestamp", actor_object_id, actor_content_type_id)
    SELECT u.id, 'waved ' || n, n = 2, now() - interval '1 year' * n, u.id::text, t.id
      FROM accounts_user AS u, generate_series(1, 3) AS n, django_content_type AS t
     WHERE u.username = %s AND t.app_label = 'accounts' AND t.model = 'user'
"""


async def test_each_comes_to_whose_it_was_in_the_order_of_time_with_uuids_as_keys(
    uuid_project: Installation, device: Device
) -> None:
    ada, eve = [await device(uuid_project, uuid_project.web("--threads=4")) for _ in range(2)]
    with psycopg.connect(uuid_project.environment()["DATABASE_URL"]) as connection:
        create, insert = TABLE.split(";")
        connection.execute(create)
        connection.execute(insert, [ada.login])

    done = uuid_project.manage("bellhop_import", "django-notifications-hq")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("imported 3; ")

    rows = [row for row in await ada.inbox() if row["kind"] == "imported"]
    assert {row["message"]: row["read"] for row in rows} == {
        f"{ada.login} waved 1": True,
        f"{ada.login} waved 2": False,
        f"{ada.login} waved 3": True,
    }
    assert [row["seq"] for row in sorted(rows, key=lambda row: row["created"])] == sorted(
        row["seq"] for row in rows
    )
    assert [row for row in await eve.inbox() if row["kind"] == "imported"] == []
