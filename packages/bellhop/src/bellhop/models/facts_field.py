"""The column type of a notification's `data`."""

from typing import Any

from django.db import models


class FactsField(models.JSONField):
    """Django's JSONField, but one row that Python cannot read does not fail the query for all the others.

    jsonb holds numbers of more digits, and deeper brackets, than Python's parser takes: such a row is read as {}.
    """

    def deconstruct(self) -> Any:
        # The same column: migrations do not tell the two apart.
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        try:
            return super().from_db_value(value, expression, connection)
        except (ValueError, RecursionError):
            return {}
