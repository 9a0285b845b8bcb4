"""Django's PostgreSQL backend, made to refuse at once while PostgreSQL is known to be away."""
