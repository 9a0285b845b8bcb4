"""A project that has used Bellhop gets rid of it: by the lines of docs/adopt.md, and nothing of it is left."""

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from projects.harness.foreign_projects import UUID_PROJECT
from projects.harness.installations import Installation

USED = """
from django.contrib.auth import get_user_model
from django.test import Client
from bellhop.importing.save import save_without_ringing
from bellhop.inbox.marks import mark
from bellhop.models import Notification
from bellhop.notify import notify, notify_many

ada, eve, joan = get_user_model().objects.order_by("username")[:3]
Client().force_login(ada)
notify_many([ada, eve], "Back at noon", key="outage-12")
mark(ada.pk, "read", ids=[notify(ada, "Order 7 has shipped", data={"order": 7}).pk])
notify(eve, "gone").delete()
# What a process that died has left without a number.
Notification.objects.bulk_create([Notification(recipient=joan, message="left behind")])
print(Notification.objects.filter(seq=None).count())
"""

WITHOUT = {
    "INSTALLED_APPS": [
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "accounts",
        "core",
    ],
    "ROOT_URLCONF": "django.contrib.auth.urls",
}
"""The settings with Bellhop's lines taken out."""

NAMED = """
    SELECT relname::text FROM pg_class WHERE relname ~ 'bellhop'
    UNION ALL SELECT proname::text FROM pg_proc WHERE proname ~ 'bellhop' OR prosrc ~ 'bellhop'
    UNION ALL SELECT conname::text FROM pg_constraint WHERE conname ~ 'bellhop'
    UNION ALL SELECT typname::text FROM pg_type WHERE typname ~ 'bellhop'
    UNION ALL SELECT tgname::text FROM pg_trigger WHERE tgname ~ 'bellhop'
    UNION ALL SELECT 'migration ' || name FROM django_migrations WHERE app ~ 'bellhop'
"""
RIGHTS = """
    SELECT codename FROM auth_permission JOIN django_content_type AS t ON t.id = content_type_id
     WHERE app_label = 'bellhop'
    UNION ALL SELECT model FROM django_content_type WHERE app_label = 'bellhop'
"""
TRIGGERS = "SELECT tgfoid::regproc::text, count(*) FROM pg_trigger WHERE NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid IN (tgrelid, tgconstrrelid) AND relname ~ 'bellhop') GROUP BY 1 ORDER BY 1"  # noqa: E501
THEIRS = {
    "users": "SELECT row_to_json(u)::text FROM accounts_user AS u ORDER BY id",
    "sessions": "SELECT row_to_json(s)::text FROM django_session AS s ORDER BY session_key",
    "permissions": """
        SELECT codename FROM auth_permission JOIN django_content_type AS t ON t.id = content_type_id
         WHERE app_label <> 'bellhop' ORDER BY 1""",
    "triggers": TRIGGERS,
}


@pytest.fixture
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A project of this test's own, in which people have been notified."""
    with Installation(UUID_PROJECT, tmp_path_factory.mktemp("way_out")) as installation:
        done = installation.manage("shell", "-c", USED)
        assert done.stdout.split()[-1:] == ["1"], done.stdout + done.stderr
        yield installation


def asked(installation: Installation, question: str) -> list[Any]:
    with psycopg.connect(installation.environment()["DATABASE_URL"]) as connection:
        return [row[0] if len(row) == 1 else row for row in connection.execute(question)]


def run(installation: Installation, *arguments: str, **settings: Any) -> str:
    done = installation.manage(*arguments, **settings)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_nothing_is_left_but_what_was_the_projects_own_and_it_can_come_back(
    used: Installation,
) -> None:
    theirs = {name: asked(used, question) for name, question in THEIRS.items()}
    assert theirs["users"]
    assert theirs["sessions"]
    assert {"bellhop_notification", "bellhop_number", "bellhop_unread"} <= set(asked(used, NAMED))

    run(used, "migrate", "bellhop", "zero")
    assert asked(used, NAMED) == []

    run(used, "remove_stale_contenttypes", "--include-stale-apps", "--no-input", **WITHOUT)
    assert asked(used, RIGHTS) == []
    assert {name: asked(used, question) for name, question in THEIRS.items()} == theirs
    # Nothing there misses it: a user who was notified can be deleted.
    delete = "from accounts.models import User; print(User.objects.first().delete())"
    assert "accounts.User" in run(used, "shell", "-c", delete, **WITHOUT)

    run(used, "migrate")
    count = (
        "from bellhop.models import *; print(Notification.objects.count() + Inbox.objects.count())"
    )
    assert run(used, "shell", "-c", count).split()[-1] == "0"
    assert "seq 1" in run(used, "bellhop_notify", "person7", "Here again")


def test_each_migration_can_be_undone_alone_and_loses_no_notification(used: Installation) -> None:
    def messages() -> str:
        return json.dumps(sorted(asked(used, "SELECT message FROM bellhop_notification")))

    before = messages()
    for name in ("0003", "0002", "0001"):
        run(used, "migrate", "bellhop", name)
        assert messages() == before
    run(used, "migrate", "bellhop")
    assert messages() == before
