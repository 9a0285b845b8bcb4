"""What a person has seen, how many were unread when it was counted last, what came back from the archive, and do-not-disturb.

Each new column is empty or has a constant default of the database: added at once, however large the table, and filled
in for programs of the release before.
"""

from django.db import migrations, models

# Whoever changes a row by the package's own ways raises rev, in the row too, and it is counted again for that.
COUNT_AGAIN = """
CREATE OR REPLACE FUNCTION bellhop_count_again() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    UPDATE bellhop_inbox SET counted_seq = 0, counted_unread = 0
     WHERE user_id = NEW.recipient_id AND counted_seq > 0;
    RETURN NULL;
END
$$
"""

# As bellhop_number's: a caller's temporary table of the same name would otherwise come first.
PATH = """
DO $$ BEGIN
    EXECUTE format('ALTER FUNCTION bellhop_count_again() SET search_path = %I, pg_temp', current_schema());
END $$
"""

TRIGGER = """
CREATE TRIGGER bellhop_marked_by_hand AFTER UPDATE OF read_at, archived_at ON bellhop_notification
   FOR EACH ROW WHEN (OLD.rev = NEW.rev AND OLD.seq IS NOT NULL
        AND (OLD.read_at IS NULL AND OLD.archived_at IS NULL) <> (NEW.read_at IS NULL AND NEW.archived_at IS NULL))
   EXECUTE FUNCTION bellhop_count_again()
"""

BACK = [
    "DROP TRIGGER IF EXISTS bellhop_marked_by_hand ON bellhop_notification",
    "DROP FUNCTION IF EXISTS bellhop_count_again()",
]


class Migration(migrations.Migration):

    dependencies = [("bellhop", "0006_indexes_of_who_receives")]

    operations = [
        migrations.AddField(
            model_name="inbox",
            name="seen_seq",
            field=models.BigIntegerField(
                db_default=0, default=0, help_text="The highest seq that its person has seen."
            ),
        ),
        *(
            migrations.AddField(
                model_name="inbox",
                name=name,
                field=models.BigIntegerField(db_default=0, default=0),
            )
            for name in ("counted_seq", "counted_rev", "counted_unread")
        ),
        migrations.AddField(
            model_name="notification",
            name="unarchived_rev",
            field=models.BigIntegerField(
                db_default=0,
                default=0,
                help_text="The inbox's rev when it was last taken out of the archive; 0: never.",
            ),
        ),
        migrations.AddField(
            model_name="preferences",
            name="do_not_disturb_until",
            field=models.DateTimeField(
                blank=True,
                help_text="Until then everything is only listed; empty: not now.",
                null=True,
            ),
        ),
        migrations.RunSQL([COUNT_AGAIN, PATH, TRIGGER], BACK),
    ]
