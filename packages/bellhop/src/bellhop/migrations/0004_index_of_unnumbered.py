"""Finds rows without a number at once. Built beside what is under way: a large table is not locked for it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("bellhop", "0003_numbered_after_commit")]

    operations = [
        AddIndexConcurrently(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("seq", None)), fields=["recipient"], name="bellhop_unnumbered"
            ),
        ),
    ]
