"""manage.py notify, prepare and preflight."""

import os
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from redis import Redis

from bellhop.models import Notification
from bellhop.sessions import logout_closes_sockets
from core.accounts import signed_in_devices_page
from core.management.commands import prepare
from stack import environment

pytestmark = pytest.mark.django_db


def run(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


@pytest.mark.parametrize("name", ["ada", "ada@example.com", "ADA@Example.com"])
@pytest.mark.django_db(transaction=True)
def test_notify_finds_the_user_by_name_or_address(user: User, other: User, name: str) -> None:
    line = run("notify", name, "hi", body="more", url="/x")
    row = Notification.objects.get()
    assert (row.recipient, row.message, row.body, row.url) == (user, "hi", "more", "/x")
    assert row.request_id
    assert line == f"{row.pk} seq 1 to ada\n"


def test_notify_with_a_key_twice_is_one_notification(user: User) -> None:
    assert run("notify", "ada", "hi", key="k") == run("notify", "ada", "again", key="k")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody", "hi"], "no user"),
        (["ada", "  "], "empty"),
        (["ada", "hi", "--url", "javascript:x"], "url"),
        (["ada", "hi", "--key", ""], "key"),
    ],
)
def test_notify_says_what_is_wrong(user: User, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run("notify", *arguments)
    assert not Notification.objects.exists()


def test_notify_without_a_database_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("connection refused\n")

    monkeypatch.setattr(connection, "cursor", away)
    with pytest.raises(CommandError, match=r"does not answer: connection refused$"):
        run("notify", "ada", "hi")


def test_prepare_makes_the_demo_account_in_development_once(settings: Any) -> None:
    settings.DEBUG = True
    run("prepare", verbosity=0)
    run("prepare", verbosity=0)
    assert User.objects.get(username="demo").check_password("demo")


def test_prepare_never_makes_it_in_production(settings: Any) -> None:
    settings.DEBUG = False
    run("prepare", verbosity=0)
    assert not User.objects.filter(username="demo").exists()


def test_prepare_deletes_expired_sessions_and_no_others(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[Any] = []
    monkeypatch.setattr(logout_closes_sockets, "_ask", rung.append)
    now = timezone.now()
    for key, hours in (("expired", -1), ("living", 1)):
        Session.objects.create(pk=key, session_data="", expire_date=now + timedelta(hours=hours))
        UserSession.objects.create(user=user, session_key=key, ip="192.0.2.7", user_agent="x")
    run("prepare", verbosity=0)
    assert [row.pk for row in Session.objects.all()] == ["living"]
    assert [row.session_key for row in UserSession.objects.all()] == ["living"]
    assert rung == []


def test_djangos_own_clearsessions_rings_for_nobody(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[Any] = []
    monkeypatch.setattr(logout_closes_sockets, "_ask", rung.append)
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    Session.objects.update(expire_date=timezone.now() - timedelta(hours=1))
    run("clearsessions")
    assert not Session.objects.exists()
    assert rung == []


def test_preflight_says_ok() -> None:
    assert run("preflight") == "configuration ok\n"


@pytest.mark.parametrize(
    ("processes", "threads"), [("64", "64"), ("33", "8"), ("5", "64"), ("64", "5")]
)
def test_more_threads_than_the_database_has_connections_for_are_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, processes: str, threads: str
) -> None:
    monkeypatch.setenv("WEB_PROCESSES", processes)
    monkeypatch.setenv("WEB_THREADS", threads)
    with pytest.raises(SystemExit) as stopped:
        run("preflight")
    line = str(stopped.value)
    assert line.startswith("bellhop: WEB_PROCESSES: ")
    assert f"WEB_THREADS={threads}" in line
    assert "\n" not in line


@pytest.mark.parametrize(("processes", "threads"), [("", ""), ("4", "64"), ("64", "4"), ("1", "1")])
def test_what_fits_is_ok(monkeypatch: pytest.MonkeyPatch, processes: str, threads: str) -> None:
    monkeypatch.setenv("WEB_PROCESSES", processes)
    monkeypatch.setenv("WEB_THREADS", threads)
    monkeypatch.setenv("WEB_MEMORY", "6g")
    assert run("preflight") == "configuration ok\n"


@pytest.mark.parametrize(
    ("sizes", "line"),
    [
        (
            {"WEB_PROCESSES": "64", "WEB_THREADS": "4"},
            "WEB_MEMORY: 1g is too little for WEB_PROCESSES=64, WEB_THREADS=4",
        ),
        (
            {"SOCKETS_PER_PROCESS": "50000"},
            "WS_MEMORY: 512m is too little for SOCKETS_PER_PROCESS=50000: 1760m",
        ),
    ],
)
def test_memory_that_is_too_little_for_the_sizes_is_refused_with_what_it_takes(
    monkeypatch: pytest.MonkeyPatch, sizes: dict[str, str], line: str
) -> None:
    for name in ("WEB_PROCESSES", "WEB_THREADS", "WEB_MEMORY", "WS_MEMORY", "SOCKETS_PER_PROCESS"):
        monkeypatch.setenv(name, sizes.get(name, ""))
    with pytest.raises(SystemExit) as stopped:
        run("preflight")
    assert str(stopped.value).startswith(f"bellhop: {line}")


def test_a_database_that_lets_in_too_few_is_named_before_anything_serves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('max_connections')::int")
        (limit,) = cursor.fetchone()
    monkeypatch.setattr(prepare, "BESIDES", limit)
    with pytest.raises(SystemExit) as stopped:
        run("prepare")
    line = str(stopped.value)
    assert line.startswith("bellhop: WEB_PROCESSES: ")
    assert f"lets in {limit} (its max_connections)" in line
    # One that shares them out is not counted against.
    monkeypatch.setenv("DATABASE_POOLER", "transaction")
    run("prepare")


@pytest.mark.parametrize("threads", ["", "3", "64"])
def test_a_pool_has_a_connection_for_each_thread_and_none_for_nobody(threads: str) -> None:
    code = (
        "from django.conf import settings; from config import gunicorn;"
        "print(settings.DATABASES['default']['OPTIONS']['pool']['max_size'], gunicorn.threads)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "WEB_THREADS": threads},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [threads or "8"] * 2


def _preflight(settings: Any, url: str, trusted: list[str]) -> list[str]:
    settings.PUBLIC_URL = environment.parse_public_url(url)
    settings.TRUSTED_PROXIES = trusted
    return run("preflight").splitlines()


def test_preflight_warns_in_one_line_where_nobody_can_say_that_a_visitor_came_over_tls(
    settings: Any,
) -> None:
    warning, last = _preflight(settings, "HTTPS://Notify.example.com", [])
    assert warning.startswith("warning: TRUSTED_PROXIES ")
    assert "https://notify.example.com" in warning
    assert last == "configuration ok"


@pytest.mark.parametrize(
    ("url", "trusted"), [("https://n.example.com", ["10.0.0.1"]), ("http://localhost", [])]
)
def test_preflight_has_nothing_else_to_say(settings: Any, url: str, trusted: list[str]) -> None:
    assert _preflight(settings, url, trusted) == ["configuration ok"]


def test_prepare_says_which_bounds_the_role_lacks_behind_a_pooler(settings: Any) -> None:
    """Nobody else would notice: behind it the services cannot set them."""
    assert "DATABASE_POOLER" not in run("prepare", verbosity=0)
    settings.DATABASE_POOLER = "transaction"
    with connection.cursor() as cursor:
        # Longer than ours are: on a busy machine this test itself would not keep to those.
        cursor.execute("SET LOCAL lock_timeout = '1min'")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '1min'")
        said = run("prepare", verbosity=0)
        assert "run: ALTER ROLE bellhop SET statement_timeout = 1500;\n" in said
        cursor.execute("SET LOCAL statement_timeout = '1min'")
        assert "DATABASE_POOLER" not in run("prepare", verbosity=0)


def test_pruning_forgets_devices_of_sessions_that_are_over_and_no_others(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signed_in_devices_page, "AT_ONCE", 2)
    now = timezone.now()
    for key, hours in (("a", -1), ("b", -1), ("c", -1), ("living", 1)):
        Session.objects.create(pk=key, session_data="", expire_date=now + timedelta(hours=hours))
        UserSession.objects.create(user=user, session_key=key, ip="192.0.2.7", user_agent="x")
    said = run("bellhop_prune", "--sessions").splitlines()
    assert said[-1] == "expired sessions (and what the project prunes with them): deleted 6"
    assert [row.pk for row in Session.objects.all()] == ["living"]
    assert [row.session_key for row in UserSession.objects.all()] == ["living"]


def test_throttles_end_by_themselves(user: User, settings: Any) -> None:
    """Nothing is left of them to prune: each key in Redis has its end."""
    redis: Any = Redis.from_url(settings.CACHES["default"]["LOCATION"])
    before = set(redis.keys("*"))
    Client().post("/accounts/login/", {"login": "ada", "password": "wrong"})
    made = set(redis.keys("*")) - before
    assert made
    assert all(0 < redis.ttl(key) <= 86_400 for key in made), {key: redis.ttl(key) for key in made}
    redis.close()
