"""`manage.py bellhop_check`: tries the set-up that runs, and names each line that is missing.

Ends with 1 if anything is missing. Never with a traceback, and each part of it is bounded in time.
"""

import re
from argparse import ArgumentParser
from collections.abc import Iterator
from functools import partial
from time import monotonic
from typing import Any, Final

from django.core.management.base import BaseCommand

from bellhop.checks.running.findings import Finding, note, tried
from bellhop.checks.setting.bellhop_setting import chosen
from bellhop.checks.setting.value_rules import RULES
from bellhop.conf import Conf

WS: Final = "http://127.0.0.1:8001"


class Command(BaseCommand):
    help = (
        "Try the set-up that runs: settings, database, Redis, Celery workers, who looks after what is due,"
        " socket server."
        ' A line each: "ok", "note" (may be as it is), or "missing" and what to write.'
        " Ends with 1 if anything is missing."
    )
    # They are the first part, and their errors lines like the others.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--ws",
            help=f'where the socket server is; unless told {WS}, or the port that BELLHOP["SOCKET_URL"] names',
        )
        parser.add_argument(
            "--site",
            help="the address that people type, such as https://example.com: try the socket as a page"
            " there opens it, through the web server in front",
        )
        parser.add_argument(
            "--user",
            help="try a whole round trip as this user: a session of a minute, a socket, a message."
            ' The user sees "bellhop_check" in open tabs; nothing is saved.',
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began = monotonic()
        is_missing = False
        ws = options["ws"] or _own_server(options["site"])
        for finding in _findings(ws, options["site"], options["user"]):
            is_missing |= finding.word == "missing"
            self.stdout.write(str(finding))
            self.stdout.flush()
        self.stdout.write(f"took {monotonic() - began:.1f} s")
        if is_missing:
            raise SystemExit(1)


def _findings(ws: str, site: str | None, user: str | None) -> Iterator[Finding]:
    yield from tried("settings", _settings, seconds=30, advice="Run python manage.py check")
    yield from tried(
        "database",
        _database,
        seconds=5,
        advice="Start PostgreSQL, or correct DATABASES in the settings",
    )
    yield from tried(
        "Redis",
        _redis,
        seconds=8,
        advice='Start Redis, or correct BELLHOP["REDIS_URL"] in the settings',
    )
    yield from tried(
        "Celery worker",
        _worker,
        seconds=8,
        advice="Start the broker, or correct Celery's broker URL",
    )
    yield from tried(
        "due", _due, seconds=5, advice="Start PostgreSQL, or correct DATABASES in the settings"
    )
    yield from tried(
        "socket server",
        partial(_socket_server, ws),
        seconds=10,
        advice="Correct --ws http://host:port",
    )
    if site is None:
        yield from tried("pages", _pages, seconds=1, advice="Run python manage.py check")
    else:
        yield from tried(
            "site",
            partial(_site, site, user),
            seconds=30 + 2 * _beat(),
            advice="Correct --site https://host",
        )
        yield from tried(
            "script", partial(_script, site), seconds=8, advice="Correct --site https://host"
        )
    if user is None:
        yield note("round trip: not tried; name a user with --user")
    elif site is None:
        yield from tried(
            "round trip",
            partial(_round_trip, ws, user),
            seconds=25 + 2 * _beat(),
            advice="The lines above may say why",
        )


def _own_server(site: str | None) -> str:
    """Return where this host's socket server is asked, where nobody says it.

    A port in SOCKET_URL is one of the pages' host: of this one, unless another site is named.
    """
    port = re.match(r":(\d+)/", str(chosen("SOCKET_URL")))
    is_here = site is None or re.match(r"https?://(localhost|127\.0\.0\.1|\[::1])(:|/|$)", site)
    return f"http://127.0.0.1:{port[1]}" if port and is_here else WS


def _beat() -> float:
    """Return the seconds of a beat; the default where they are nonsense, as the settings' part says."""
    beat = chosen("BEAT_SECONDS")
    return beat if RULES["BEAT_SECONDS"].allows(beat) else Conf.BEAT_SECONDS


# Each is imported when it is tried: what cannot be imported is a finding.


def _settings() -> Iterator[Finding]:
    from bellhop.checks.running.settings import try_settings

    return try_settings()


def _database() -> Iterator[Finding]:
    from bellhop.checks.running.database import try_database

    return try_database()


def _redis() -> Iterator[Finding]:
    from bellhop.checks.running.redis import try_redis

    return try_redis()


def _worker() -> Iterator[Finding]:
    from bellhop.checks.running.worker import try_worker

    return try_worker()


def _due() -> Iterator[Finding]:
    from bellhop.checks.running.due import try_due

    return try_due()


def _socket_server(ws: str) -> Iterator[Finding]:
    from bellhop.checks.running.sockets.socket_server import try_socket_server

    return try_socket_server(ws)


def _pages() -> Iterator[Finding]:
    from bellhop.checks.running.sockets.site import say_where_pages_go

    return say_where_pages_go()


def _site(site: str, user: str | None) -> Iterator[Finding]:
    from bellhop.checks.running.sockets.site import try_site

    return try_site(site, user)


def _round_trip(ws: str, user: str) -> Iterator[Finding]:
    from bellhop.checks.running.sockets.round_trip import try_round_trip

    return try_round_trip(ws, user)


def _script(site: str) -> Iterator[Finding]:
    from bellhop.checks.running.script import try_script

    return try_script(site)
