"""A PostgreSQL database and names on Redis that nobody else uses, gone at the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

import psycopg
from django.conf import settings
from psycopg import sql
from redis import Redis


def postgresql_url() -> str:
    """Return the URL of the server that all tests use, with a database that is there."""
    if given := os.environ.get("DATABASE_URL"):
        return given
    database = settings.DATABASES["default"]
    user, password = quote(database["USER"], ""), quote(database["PASSWORD"], "")
    return f"postgres://{user}:{password}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


def redis_url() -> str:
    """Return the URL of the Redis that all tests use."""
    return str(settings.BELLHOP["REDIS_URL"])


@contextmanager
def own_database(server: str, name: str) -> Iterator[str]:
    """Make a database beside the one that the URL `server` names; yield its URL; drop it, connections or not."""
    identifier = sql.Identifier(name)
    with psycopg.connect(server, autocommit=True) as connection:
        # The locale of template1 may not be known to this server's image.
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(identifier))
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


@contextmanager
def own_keys(url: str, prefix: str) -> Iterator[None]:
    """Delete the keys that begin with `prefix` from Redis at the end."""
    yield
    with Redis.from_url(url) as redis:
        if keys := list(redis.scan_iter(f"{prefix}*", count=1000)):
            redis.delete(*keys)
