"""Finds each list of a person's, whole, by kind and by thread, however long the others are.

Built beside what is under way: a large table is not locked for it. Interrupted, it may be run again.
"""

from django.db import migrations, models

from bellhop.migrations._indexes import AddIndexAgain


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("bellhop", "0008_search")]

    operations = [
        AddIndexAgain(model_name="notification", index=models.Index(condition=models.Q(archived_at=None), fields=["recipient", "seq"], name="bellhop_listed")),
        AddIndexAgain(model_name="notification", index=models.Index(condition=models.Q(archived_at__isnull=False), fields=["recipient", "seq"], name="bellhop_archived")),
        AddIndexAgain(model_name="notification", index=models.Index(condition=models.Q(archived_at=None), fields=["recipient", "kind", "seq"], name="bellhop_listed_kinds")),
        AddIndexAgain(model_name="notification", index=models.Index(condition=models.Q(read_at=None, archived_at=None), fields=["recipient", "kind", "seq"], name="bellhop_unread_kinds")),
        AddIndexAgain(model_name="notification", index=models.Index(condition=models.Q(archived_at__isnull=False), fields=["recipient", "kind", "seq"], name="bellhop_archived_kinds")),
        AddIndexAgain(model_name="notification", index=models.Index(condition=~models.Q(thread=""), fields=["recipient", "thread", "seq"], name="bellhop_threads")),
    ]
