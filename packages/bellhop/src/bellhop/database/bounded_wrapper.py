"""Django's connection to PostgreSQL, bounded in time: for this stack's ENGINE, and on top of any project's own."""

from functools import cache
from typing import Any, Final

import psycopg

from bellhop.database.timeouts import SERVER_BOUNDS, availability, refuse_while_away

_LIFT: Final = "; ".join(f"SET LOCAL {name} = 0" for name in SERVER_BOUNDS)


class Bounded:
    """Goes before a DatabaseWrapper for PostgreSQL among a class's parents.

    OPTIONS may hold `lifts_bounds`: each transaction rids itself of the role's bounds.
    """

    lifts_bounds = False
    pool: Any
    connection: Any

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()  # type: ignore[misc]
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
            return super().get_new_connection(conn_params)  # type: ignore[misc]
        refuse_while_away()
        more = self.pool.max_size
        while True:
            connection = super().get_new_connection(conn_params)  # type: ignore[misc]
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
        super()._set_autocommit(autocommit)  # type: ignore[misc]
        if self.lifts_bounds and not autocommit:
            # For this transaction alone: behind a pooler the next one has another session.
            self.connection.execute(_LIFT)


@cache
def bounded(wrapper: type) -> type:
    """Return that class of DatabaseWrapper, bounded; itself, where it is so already."""
    return (
        wrapper if issubclass(wrapper, Bounded) else type("DatabaseWrapper", (Bounded, wrapper), {})
    )
