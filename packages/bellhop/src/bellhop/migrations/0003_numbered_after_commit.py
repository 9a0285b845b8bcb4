"""Rows may be committed without a number; a function of the database gives it to them.

The function runs with the rights of the role that migrates, so that a role without the right to write may call it.
Rows of one recipient are numbered under the lock of their inbox, in the order in which they were made; those above the
counter that came past notify() are counted. A row that somebody deletes just now is passed over.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NUMBER = """
CREATE OR REPLACE FUNCTION bellhop_number(waiting uuid[]) RETURNS TABLE (notification uuid, number bigint)
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    -- The inboxes, made on first use, in ascending key.
    INSERT INTO bellhop_inbox AS inbox (user_id, last_seq, rev)
    SELECT DISTINCT recipient_id, 0, 0 FROM bellhop_notification WHERE id = ANY(waiting) AND seq IS NULL
     ORDER BY recipient_id
        ON CONFLICT (user_id) DO UPDATE SET last_seq = inbox.last_seq;

    -- A statement of its own: it sees what others committed before they gave the locks away.
    WITH unnumbered AS MATERIALIZED (
             SELECT n.id, n.recipient_id, n.created FROM bellhop_notification AS n
              WHERE n.seq IS NULL AND n.recipient_id IN (
                    SELECT w.recipient_id FROM bellhop_notification AS w WHERE w.id = ANY(waiting) AND w.seq IS NULL)
                FOR NO KEY UPDATE OF n SKIP LOCKED),
         counted AS (
             SELECT inbox.user_id, GREATEST(inbox.last_seq, COALESCE((
                        SELECT max(n.seq) FROM bellhop_notification AS n
                         WHERE n.recipient_id = inbox.user_id AND n.seq <= 9007199254740991), 0)) AS last_seq
               FROM bellhop_inbox AS inbox
              WHERE inbox.user_id IN (SELECT recipient_id FROM unnumbered)),
         placed AS (
             SELECT u.id, c.last_seq + row_number() OVER (PARTITION BY u.recipient_id ORDER BY u.created, u.id) AS seq
               FROM unnumbered AS u JOIN counted AS c ON c.user_id = u.recipient_id),
         numbered AS (
             UPDATE bellhop_notification AS n SET seq = placed.seq FROM placed WHERE n.id = placed.id
             RETURNING n.recipient_id, n.seq)
    UPDATE bellhop_inbox AS inbox SET last_seq = highest.seq
      FROM (SELECT recipient_id, max(seq) AS seq FROM numbered GROUP BY recipient_id) AS highest
     WHERE inbox.user_id = highest.recipient_id;

    RETURN QUERY SELECT n.id, n.seq FROM bellhop_notification AS n WHERE n.id = ANY(waiting) AND n.seq IS NOT NULL;
END
$$
"""

# Its tables are those of this schema, whatever the caller's path says: a caller's temporary table of the same name would
# otherwise come first, with triggers that run with the rights of the function.
PATH = """
DO $$ BEGIN
    EXECUTE format('ALTER FUNCTION bellhop_number(uuid[]) SET search_path = %I, pg_temp', current_schema());
END $$
"""


# Undone, seq is never NULL again: what waits for its number gets it before, and nothing more may come to wait.
BACK = [
    "LOCK TABLE bellhop_inbox, bellhop_notification",
    "SELECT bellhop_number(COALESCE(array_agg(id), '{}')) FROM bellhop_notification WHERE seq IS NULL",
    "DROP FUNCTION IF EXISTS bellhop_number(uuid[])",
]


class Migration(migrations.Migration):

    dependencies = [
        ("bellhop", "0002_removal"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="notification",
            name="seq",
            field=models.BigIntegerField(
                blank=True,
                help_text="1, 2, 3… per recipient, in the order of commit; empty until right after that.",
                null=True,
            ),
        ),
        # Names of the reverse relations only: nothing changes in the database.
        migrations.AlterField(
            model_name="inbox",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="+",
                serialize=False,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="notification",
            name="recipient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL([NUMBER, PATH], BACK),
    ]
