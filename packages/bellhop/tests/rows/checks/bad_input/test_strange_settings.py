"""Settings that a project may have, and that work: each is tried from notify() to what the API says."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bellhop.checks.running.redis import without_password
from rows.checks.project import Project

pytestmark = pytest.mark.timeout(300)

# Notifies inside and outside a transaction, reads the list by the API and marks all of it as read, with a browser's
# checks of CSRF. `told` is what came of it.
USE_IT = """
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import reverse
from bellhop.notify import notify
user, _ = get_user_model().objects.get_or_create(username=NAME)
notify(user, "outside")
with transaction.atomic():
    notify(user, "inside")
browser = Client(enforce_csrf_checks=True)
browser.force_login(user)
# What stands before Django takes the script's name away.
inbox = reverse("bellhop:inbox").removeprefix(settings.FORCE_SCRIPT_NAME or "")
api = inbox + "api/"
page = browser.get(inbox)
list_ = browser.get(api + "?limit=1").json()
summary = browser.get(api + "summary").json()
def mark(token):
    headers = {settings.CSRF_HEADER_NAME.removeprefix("HTTP_").replace("_", "-"): token}
    return browser.post(api + "read", {"through": 2}, content_type="application/json", headers=headers)
refused = mark("wrong").status_code
marked = mark(summary["csrf_token"]).json()
told = {"page": page.status_code, "results": list_["results"], "next": list_["next"], "inbox": reverse("bellhop:inbox"),
        "before": summary["unread"], "refused": refused, "after": marked["unread"], "cookies": sorted(browser.cookies)}
"""


def use(project: Project, name: str, *, settings: str = "", code: str = "tell(told)") -> Any:
    """Return what came of it, for a user of that name."""
    return project.told(f"NAME = {name!r}\n{USE_IT}\n{code}", settings=settings)


def works(told: dict[str, Any]) -> bool:
    newest = told["results"][0]
    return (told["page"], newest["message"], newest["seq"], told["before"], told["refused"], told["after"]) == (
        200, "inside", 2, 2, 403, 0,
    )  # fmt: skip


def test_without_time_zones_moments_are_still_those_of_the_world(plain: Project) -> None:
    told = use(plain, "no tz", settings='USE_TZ = False\nTIME_ZONE = "Asia/Kathmandu"')
    assert works(told)
    created = datetime.fromisoformat(told["results"][0]["created"])
    assert created.tzinfo is not None
    assert abs(datetime.now(UTC) - created) < timedelta(minutes=5)


def test_renamed_cookies_and_tokens_in_the_session_work(plain: Project) -> None:
    told = use(
        plain,
        "cookies",
        settings='SESSION_COOKIE_NAME = "theirs"\nCSRF_USE_SESSIONS = True\nCSRF_COOKIE_NAME = "unused"\n'
        'CSRF_HEADER_NAME = "HTTP_X_THEIR_TOKEN"',
    )
    assert works(told)
    assert told["cookies"] == ["theirs"]


def test_a_renamed_token_works(plain: Project) -> None:
    told = use(plain, "token", settings='CSRF_COOKIE_NAME = "theirs"\nCSRF_COOKIE_HTTPONLY = True')
    assert works(told)
    assert "theirs" in told["cookies"]


def test_below_a_path_the_addresses_begin_with_it(plain: Project) -> None:
    told = use(plain, "below", settings='FORCE_SCRIPT_NAME = "/shop"')
    assert works(told)
    assert told["inbox"] == "/shop/notifications/"
    assert told["next"].startswith("/shop/notifications/api/?")


def test_nothing_is_asked_of_a_replica(plain: Project) -> None:
    plain.write(
        "routers.py",
        "class ReadsElsewhere:\n"
        "    def db_for_read(self, model, **hints):\n        return 'replica'\n"
        "    def db_for_write(self, model, **hints):\n        return 'default'\n"
        "    def allow_relation(self, *_, **hints):\n        return True\n",
    )
    asked = """
from django.db import connections
asked = []
def note(execute, sql, *rest):
    asked.append(str(sql))
    return execute(sql, *rest)
connections["replica"].execute_wrappers.append(note)
"""
    settings = (
        'DATABASES["replica"] = DATABASES["default"]\nDATABASE_ROUTERS = ["routers.ReadsElsewhere"]'
    )
    code = 'tell([told, [sql for sql in asked if "bellhop_" in sql], len(asked)])'
    told, ours, all_ = plain.told(f"{asked}NAME = 'routed'\n{USE_IT}\n{code}", settings=settings)
    assert works(told)
    assert ours == []
    # Theirs are: users and sessions are read where their router says.
    assert all_ > 0
    assert plain.manage("check", settings=settings).code == 0


def test_lines_of_the_log_arrive_in_a_logging_of_their_own(plain: Project) -> None:
    settings = """
LOGGING = {
    "version": 1,
    "formatters": {"theirs": {"format": "THEIRS %(levelname)s %(name)s %(message)s"}},
    "handlers": {"theirs": {"class": "logging.FileHandler", "filename": "their.log", "formatter": "theirs"}},
    "loggers": {"bellhop": {"handlers": ["theirs"], "level": "INFO", "propagate": False}},
}
"""
    told = use(plain, "logs", settings=settings)
    assert works(told)
    lines = (plain.folder / "their.log").read_text().splitlines()
    saved = [line for line in lines if " notification_saved id=" in line]
    assert len(saved) == 2
    assert all(line.startswith("THEIRS INFO bellhop.") for line in lines)
    assert f"id={told['results'][0]['id']} " in saved[1]


def test_without_redis_all_but_the_ring_works(plain: Project) -> None:
    assert works(use(plain, "no redis", settings="del BELLHOP"))
    run = plain.manage("check", settings="del BELLHOP")
    assert run.code == 0
    assert "(bellhop.W041)" in run.err


def test_with_a_dead_redis_and_no_socket_server_all_but_the_ring_works(
    plain: Project, closed_port: int
) -> None:
    settings = f'BELLHOP = {{"REDIS_URL": "redis://127.0.0.1:{closed_port}"}}'
    assert works(use(plain, "dead redis", settings=settings))


def test_a_middleware_that_saves_the_user_at_each_request_kicks_nobody(
    plain: Project, redis_url: str
) -> None:
    plain.write(
        "saving.py",
        "def middleware(get_response):\n"
        "    def saves(request):\n"
        "        if request.user.is_authenticated:\n"
        "            request.user.save()\n"
        "        return get_response(request)\n"
        "    return saves\n",
    )
    code = f"""
from redis import Redis
from bellhop.conf import prefix
from bellhop.contract import user_group
from bellhop.ring import publish_thread
from bellhop.ring.channel_layer import get_channel_layer
redis = Redis.from_url({redis_url!r})
heard = redis.pubsub()
heard.psubscribe(prefix() + "*")
def events():
    # All that was rung before, however long it takes: behind it comes an end of our own.
    while not publish_thread.flush():
        pass
    redis.publish(prefix() + "end", "")
    found = []
    while (message := heard.get_message(timeout=30)) is not None:
        if message["channel"].decode() == prefix() + "end":
            return found
        if message["type"] == "pmessage":
            found.append(get_channel_layer().deserialize(message["data"])["type"])
    raise AssertionError("the end was not heard")
events()
for _ in range(3):
    browser.get("/")
    user.refresh_from_db()
    user.save(update_fields=["last_login"])
saved = events()
user.set_password("another")
user.save()
tell([told, saved, events()])
"""
    settings = 'MIDDLEWARE += ["saving.middleware"]'
    told, saved, changed = use(plain, "saved often", settings=settings, code=code)
    assert works(told)
    assert saved == []
    assert changed == ["check.login"]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://:word@redis:6379/0", "redis://redis:6379/0"),
        ("rediss://ada:w%40rd@redis/1?password=word", "rediss://redis/1"),
        ("unix://ada:word@/run/redis.sock?password=word", "unix:///run/redis.sock"),
    ],
)
def test_a_password_is_not_shown(url: str, shown: str) -> None:
    assert without_password(url) == shown
