"""The words of notifications, a hundred a row, and the triggers that empty a row whose notifications change.

Nothing is filled in here, and nothing at notify(): the words are made when somebody searches. The triggers' functions
run with the rights of the role that migrates, so that whoever may change a notification needs no right to its words.
"""

from typing import Any

from django.conf import settings
from django.db import migrations, models

import bellhop.models.searching.chunk

EMPTIED = "seqs = '{}', documents = '{}', document = NULL"

CHANGED = f"""
CREATE OR REPLACE FUNCTION bellhop_forget_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    UPDATE bellhop_searchchunk SET {EMPTIED}
     WHERE document IS NOT NULL
       AND ((recipient_id = OLD.recipient_id AND start = OLD.seq - (OLD.seq - 1) % 100)
         OR (recipient_id = NEW.recipient_id AND start = NEW.seq - (NEW.seq - 1) % 100));
    RETURN NULL;
END
$$
"""

DELETED = f"""
CREATE OR REPLACE FUNCTION bellhop_forget_deleted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    UPDATE bellhop_searchchunk AS chunk SET {EMPTIED}
      FROM (SELECT DISTINCT recipient_id, seq - (seq - 1) % 100 AS start FROM gone WHERE seq IS NOT NULL) AS theirs
     WHERE chunk.recipient_id = theirs.recipient_id AND chunk.start = theirs.start AND document IS NOT NULL;
    -- Deleted past the package's own ways, they would still be counted.
    UPDATE bellhop_inbox SET counted_seq = 0, counted_unread = 0
     WHERE counted_seq > 0 AND user_id IN (SELECT recipient_id FROM gone);
    RETURN NULL;
END
$$
"""

# By the index, whatever the planner thinks of it: it does not count what it takes to unpack a hundred texts a row.
FIND = """
CREATE OR REPLACE FUNCTION bellhop_find_words(wanted tsquery) RETURNS SETOF bellhop_searchchunk
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT * FROM bellhop_searchchunk WHERE document @@ wanted
$$
"""

# As bellhop_number's: a caller's temporary table of the same name would otherwise come first.
PATHS = """
DO $$ BEGIN
    EXECUTE format('ALTER FUNCTION bellhop_forget_changed() SET search_path = %I, pg_temp', current_schema());
    EXECUTE format('ALTER FUNCTION bellhop_forget_deleted() SET search_path = %I, pg_temp', current_schema());
    EXECUTE format('ALTER FUNCTION bellhop_find_words(tsquery) SET search_path = %I, pg_temp', current_schema());
END $$
"""

TRIGGERS = [
    """
    CREATE TRIGGER bellhop_words_changed
     AFTER UPDATE OF message, body, kind, data, language, sums_up, seq, recipient_id ON bellhop_notification
       FOR EACH ROW WHEN (OLD.seq IS NOT NULL
            AND (OLD.message, OLD.body, OLD.kind, OLD.data, OLD.language, OLD.sums_up, OLD.seq, OLD.recipient_id)
                IS DISTINCT FROM
                (NEW.message, NEW.body, NEW.kind, NEW.data, NEW.language, NEW.sums_up, NEW.seq, NEW.recipient_id))
   EXECUTE FUNCTION bellhop_forget_changed()
    """,
    """
    CREATE TRIGGER bellhop_words_deleted AFTER DELETE ON bellhop_notification REFERENCING OLD TABLE AS gone
       FOR EACH STATEMENT EXECUTE FUNCTION bellhop_forget_deleted()
    """,
]

BACK = [
    "DROP TRIGGER IF EXISTS bellhop_words_changed ON bellhop_notification",
    "DROP TRIGGER IF EXISTS bellhop_words_deleted ON bellhop_notification",
    "DROP FUNCTION IF EXISTS bellhop_forget_changed()",
    "DROP FUNCTION IF EXISTS bellhop_forget_deleted()",
    "DROP FUNCTION IF EXISTS bellhop_find_words(tsquery)",
]

# Without a list of what is pending: each search would read all of it.
INDEX = "CREATE INDEX bellhop_words ON bellhop_searchchunk USING gin (document) WITH (fastupdate = off)"


def go_with_the_user(apps: Any, schema_editor: Any) -> None:
    """Have the database delete a user's words with the user, whoever deletes that."""
    user, quote = apps.get_model(settings.AUTH_USER_MODEL)._meta, schema_editor.quote_name
    schema_editor.execute(
        "ALTER TABLE bellhop_searchchunk ADD CONSTRAINT bellhop_words_of_a_user FOREIGN KEY (recipient_id)"
        f" REFERENCES {quote(user.db_table)} ({quote(user.pk.column)}) ON DELETE CASCADE"
    )


class Migration(migrations.Migration):

    dependencies = [
        ("bellhop", "0007_seen"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchChunk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("start", models.BigIntegerField()),
                ("seqs", bellhop.models.searching.chunk.SqlColumn("bigint[]")),
                (
                    "documents",
                    bellhop.models.searching.chunk.SqlColumn(
                        "tsvector[]", help_text="The words of each, in the order of `seqs`."
                    ),
                ),
                (
                    "document",
                    bellhop.models.searching.chunk.SqlColumn(
                        "tsvector",
                        help_text="The words of all, behind the mark of their person.",
                        null=True,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("recipient", "start"), name="bellhop_one_per_start"
                    )
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("document__isnull", True)),
                        fields=["recipient", "start"],
                        name="bellhop_words_to_be_made",
                    )
                ],
            },
        ),
        migrations.RunSQL(INDEX, migrations.RunSQL.noop),
        migrations.RunPython(go_with_the_user, migrations.RunPython.noop),
        migrations.RunSQL([CHANGED, DELETED, FIND, PATHS, *TRIGGERS], BACK),
    ]
