"""What ENGINE names: Django imports DatabaseWrapper from a module of this name."""

from typing import Any, Final

import psycopg
from django.db.backends.postgresql import base

from bellhop.database.timeouts import SERVER_BOUNDS, availability, refuse_while_away

_LIFT: Final = "; ".join(f"SET LOCAL {name} = 0" for name in SERVER_BOUNDS)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, bounded in time. OPTIONS may hold `lifts_bounds`: each transaction rids itself of the role's bounds."""

    lifts_bounds = False

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        self.lifts_bounds = params.pop("lifts_bounds", False)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection that has just answered, or raise OperationalError.

        While PostgreSQL is known to be away this refuses at once: everyone would wait out the pool's time-out, and
        requests would queue for threads. After a restart all connections in the pool are dead; the pool's own
        check (CONN_HEALTH_CHECKS) pauses for a second after two of them, longer than a request may wait. So each is
        asked here, at most once; a server that connects and answers nothing is no restart.
        """
        if not self.pool:
            return super().get_new_connection(conn_params)
        refuse_while_away()
        more = self.pool.max_size
        while True:
            connection = super().get_new_connection(conn_params)
            try:
                connection.execute("")
            except psycopg.Error:
                self.pool.putconn(connection)
                if availability.is_lost or not more:
                    raise
                more -= 1
            else:
                return connection

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # its stubs leave it out
        if self.lifts_bounds and not autocommit:
            # For this transaction alone: behind a pooler the next one has another session.
            self.connection.execute(_LIFT)
