"""Finds what was told in the last minute, what is due, and what a key or a summary stands for.

Built beside what is under way: a large table is not locked for it. Interrupted, it may be run again.
"""

from django.db import migrations, models

from bellhop.migrations._indexes import AddIndexAgain


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("bellhop", "0005_who_receives")]

    operations = [
        AddIndexAgain(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("toast", True)),
                fields=["recipient", "kind", "created"],
                name="bellhop_told",
            ),
        ),
        AddIndexAgain(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("key__isnull", False)), fields=["key"], name="bellhop_keyed"
            ),
        ),
        AddIndexAgain(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("expires_at__isnull", False)),
                fields=["expires_at"],
                name="bellhop_expiring",
            ),
        ),
        AddIndexAgain(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("in_storm", True), ("summary", None)),
                fields=["recipient", "kind"],
                name="bellhop_to_sum_up",
            ),
        ),
        AddIndexAgain(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("summary__isnull", False)),
                fields=["summary"],
                name="bellhop_summed_up",
            ),
        ),
    ]
