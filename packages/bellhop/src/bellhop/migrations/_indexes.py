"""Indexes built beside what is under way, by a migration that may be interrupted and run again."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently


class AddIndexAgain(AddIndexConcurrently):
    """Builds an index as AddIndexConcurrently does; one that stands already stays, and one that is invalid is replaced.

    CREATE INDEX CONCURRENTLY leaves an invalid index behind where it is interrupted, and since such a migration is no
    transaction the ones before it stay, too.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        found = self._found(schema_editor)
        if found is False:
            name = schema_editor.quote_name(self.index.name)
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        if not found:
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def _found(self, schema_editor: Any) -> bool | None:
        """Return whether the index is valid; None where there is none."""
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT indisvalid AND indisready FROM pg_index WHERE indexrelid = to_regclass(%s)",
                [schema_editor.quote_name(self.index.name)],
            )
            row = cursor.fetchone()
        return None if row is None else bool(row[0])
