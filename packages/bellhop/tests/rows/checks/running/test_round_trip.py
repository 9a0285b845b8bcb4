"""The round trip of `bellhop_check --user`: a socket from its handshake to 4401, in all kinds of set-ups."""

from typing import Any

import pytest

from rows.checks.project import (
    Project,
    redis_number,
    server_connection,
)
from rows.checks.running.conftest import RARE_BEAT, checked
from rows.checks.running.socket_server import socket_server

pytestmark = pytest.mark.timeout(300)


def test_nothing_of_it_stays(plain: Project, ada: str, ws: str) -> None:
    with server_connection(plain.database["NAME"]) as server:

        def rows() -> list[Any]:
            tables = ("django_session", "bellhop_notification", "auth_user")
            return [server.execute(f"SELECT * FROM {table}").fetchall() for table in tables]  # noqa: S608

        before = rows()
        assert checked(plain, "--ws", ws, "--user", ada).code == 0
        assert rows() == before


def test_a_user_who_cannot_sign_in_is_named(plain: Project, ada: str, ws: str) -> None:
    run = checked(plain, "--ws", ws, "--user", "nobody")
    assert run.code == 1
    assert "there is no user 'nobody'" in run.line("missing round trip: ")
    told = plain.told(
        "from bellhop.checks.running.sockets.round_trip import try_round_trip\n"
        f"tell([str(finding) for finding in try_round_trip({ws!r}, 'gone')])"
    )
    assert len(told) == 1
    assert "lets 'gone' in: not active?" in told[0]


def test_a_close_by_the_beat_alone_is_told(plain: Project, ada: str) -> None:
    # Not rung by this process, and the server knows nothing of that.
    with socket_server(plain) as url:
        run = checked(plain, "--ws", url, "--user", ada, settings='BELLHOP["RING"] = "off"')
    assert run.code == 0, run.out
    run.line("note bellhop.W042: ")
    line = next(line for line in run.lines if "its socket was closed" in line)
    # A beat may come at once by chance.
    assert line.startswith("note round trip: ") or float(line.split()[-2]) <= 2000


def test_another_secret_key_is_noticed(plain: Project, ada: str, ws: str) -> None:
    run = checked(plain, "--ws", ws, "--user", ada, settings='SECRET_KEY = "of another project"')
    assert run.code == 1
    assert "the same SECRET_KEY" in run.line("missing socket server: nobody listens on Redis")
    assert "the same SECRET_KEY" in run.line("missing round trip: the socket was closed with 4401")


def test_a_foreign_origin_is_noticed(plain: Project, ada: str, ws: str) -> None:
    settings = 'BELLHOP["ORIGINS"] = ["https://example.com"]'
    run = checked(plain, "--ws", ws, "--user", ada, settings=settings)
    assert run.code == 1
    assert '"ORIGINS"' in run.line("missing round trip: ")


def test_another_projects_rings_are_not_heard(
    plain: Project, text_keys: Project, ada: str, ws: str
) -> None:
    """Two projects on one Redis, with a user of the same key."""
    key = plain.told(
        'from django.contrib.auth.models import User\ntell(User.objects.get(username="ada").pk)'
    )
    their_ring = f"""
from bellhop.contract import user_group
from bellhop.ring.channel_layer import get_channel_layer
import threading, time
def ring():
    while True:
        get_channel_layer().publish((user_group({key}), {{"type": "send.notification", "message": "theirs"}}))
        time.sleep(0.01)
threading.Thread(target=ring, daemon=True).start()
print("TOLD 1", flush=True)
import sys; sys.stdin.read()
"""
    listen = f"""
from websockets.sync.client import connect
from bellhop.checks.running.sockets.login import find_user, login_session
from bellhop.contract import user_group
from bellhop.ring.channel_layer import get_channel_layer
user = find_user("ada")
with login_session(user) as session, connect(
    {ws.replace("http", "ws", 1)!r} + "/ws/notifications/", origin={ws!r},
    additional_headers={{"Cookie": f"sessionid={{session.session_key}}"}}, open_timeout=30,
) as socket:
    ready = json.loads(socket.recv(timeout=30))
    try:
        foreign = socket.recv(timeout=1)
    except TimeoutError:
        foreign = None
    get_channel_layer().publish((user_group(user.pk), {{"type": "send.notification", "message": "ours"}}))
    tell([ready["type"], foreign, json.loads(socket.recv(timeout=30))["message"]])
"""
    begin = "import django; django.setup()\n"
    other = text_keys.start("-c", begin + their_ring, waits=True)
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "TOLD 1\n"
        assert plain.told(listen) == ["ready", None, "ours"]
        assert other.poll() is None
    finally:
        other.kill()
        other.communicate()


def test_text_keys_a_replica_that_is_away_and_a_renamed_cookie_make_a_round_trip(
    text_keys: Project, closed_port: int
) -> None:
    text_keys.write(
        "replica_router.py",
        "class Reads:\n    def db_for_read(self, model, **hints):\n        return 'replica'\n"
        "    def db_for_write(self, model, **hints):\n        return 'default'\n"
        "    def allow_relation(self, *_, **hints):\n        return True\n",
    )
    settings = (
        'DATABASE_ROUTERS = ["replica_router.Reads"]\nSESSION_COOKIE_NAME = "theirs"\nUSE_TZ = False\n'
        'TIME_ZONE = "Asia/Kathmandu"\nCSRF_USE_SESSIONS = True\nFORCE_SCRIPT_NAME = "/shop"\n'
        'DATABASES["replica"] = {**DATABASES["default"]}\n'
    )
    settings += 'ALLOWED_HOSTS = ["inside"]\nCSRF_TRUSTED_ORIGINS = ["https://*.example.com", "https://shop.org"]\n'
    # The socket server never asks it. Sessions are made by Django's own store, which does.
    away = f'DATABASES["replica"] |= {{"HOST": "127.0.0.1", "PORT": {closed_port}}}\n'
    key = "a/b. c" + "x" * 194
    text_keys.told(
        "from people.models import Person\n"
        f"Person.objects.create(handle={key!r}, email='strange@example.com')\ntell(1)"
    )
    with socket_server(text_keys, settings=settings + away + RARE_BEAT) as url:
        for name in ("strange@example.com", key):
            run = checked(text_keys, "--ws", url, "--user", name, settings=settings)
            assert run.code == 0, run.out + run.err
            run.line("ok round trip: rung and shown within")
            run.line("ok round trip: the session ended, and its socket was closed after")


def test_sessions_in_a_cache_alone_and_another_host_make_a_round_trip(
    plain: Project, ada: str, redis_url: str
) -> None:
    settings = (
        'INSTALLED_APPS.remove("django.contrib.sessions")\nALLOWED_HOSTS = [".example.com"]\n'
        'SESSION_ENGINE = "django.contrib.sessions.backends.cache"\n'
        'CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", '
        f'"LOCATION": {redis_number(redis_url, 9)!r}}}}}\n'
    )
    with socket_server(plain, settings=settings + RARE_BEAT) as url:
        run = checked(plain, "--ws", url, "--user", ada, settings=settings)
    assert run.code == 0, run.out + run.err
    run.line("ok round trip: rung and shown within")
    run.line("ok round trip: the session ended, and its socket was closed after")


def test_without_redis_a_socket_is_let_in_and_closed_by_the_beat(plain: Project, ada: str) -> None:
    settings = 'BELLHOP = {"BEAT_SECONDS": 2.5}'
    with socket_server(plain, settings=settings) as url:
        run = checked(plain, "--ws", url, "--user", ada, settings=settings)
    assert run.code == 0, run.out + run.err
    run.line("note bellhop.W041: ")
    run.line("note Redis: none; the beat alone delivers")
    run.line("ok round trip: the socket was let in, and is ready")
    run.line("note round trip: without Redis nothing is rung")
    assert any("its socket was closed" in line for line in run.lines)
