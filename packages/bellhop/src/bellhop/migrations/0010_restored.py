"""What an inbox held when its database was put back, and from where its numbers went on then.

Columns with a constant default of the database: added at once, and filled in for programs of the release before.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("bellhop", "0009_indexes_of_lists")]

    operations = [
        migrations.AddField(
            model_name="inbox",
            name=name,
            field=models.BigIntegerField(db_default=0, default=0),
        )
        for name in ("restored_seq", "restored_rev", "restored_until")
    ]
