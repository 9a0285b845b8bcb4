"""What ENGINE names: Django imports DatabaseWrapper from a module of this name."""

from typing import Any

import psycopg
from django.db.backends.postgresql import base

from bellhop.database import availability


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection that has just answered, or raise OperationalError.

        While PostgreSQL is known to be away this refuses at once: everyone would wait out the pool's time-out, and
        requests would queue for threads. After a restart all connections in the pool are dead; the pool's own
        check (CONN_HEALTH_CHECKS) pauses for a second after two of them, longer than a request may wait.
        """
        if not self.pool:
            return super().get_new_connection(conn_params)
        availability.check()
        while True:
            connection = super().get_new_connection(conn_params)
            try:
                connection.execute("")
            except psycopg.Error:
                self.pool.putconn(connection)
                if availability.is_lost:
                    raise
            else:
                return connection
