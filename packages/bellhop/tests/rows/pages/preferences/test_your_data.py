"""What is stored about a person: downloaded, and deleted after a question."""

import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.db import connections
from django.test import AsyncClient, Client

from bellhop.models import Notification, Preferences
from bellhop.preferences.choices import mute
from rows.pages.conftest import add
from rows.pages.preferences.conftest import PAGE, Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("told")]
DOWNLOAD, ERASE = f"{PAGE}download/", f"{PAGE}erase/"


def test_the_download_is_a_file_of_json_with_all_of_ones_own(
    browser: Client, user: User, other: User
) -> None:
    add(other, "not yours")
    answer = browser.post(DOWNLOAD, {"user_key": Page(browser).fields("user_key")[0]})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == 'attachment; filename="notifications.json"'
    assert "no-store" in answer["Cache-Control"]
    content = answer.getvalue().decode()
    assert [row["message"] for row in json.loads(content)["notifications"]] == [
        "number 1",
        "number 2",
        "number 3",
    ]
    assert "not yours" not in content
    # Nobody's browser fetches it ahead, and no page of another site can ask for it.
    assert browser.get(DOWNLOAD).status_code == 405


async def test_in_an_event_loop_the_download_is_read_piece_by_piece(user: User) -> None:
    client = AsyncClient()
    await client.aforce_login(user, "django.contrib.auth.backends.ModelBackend")
    answer: Any = await client.post(DOWNLOAD)
    assert answer.is_async
    content = b"".join([piece async for piece in answer])
    assert len(json.loads(content)["notifications"]) == 3
    await sync_to_async(connections.close_all)()


def test_they_are_deleted_only_after_a_question_and_nobody_elses_are(
    browser: Client, user: User, other: User
) -> None:
    add(other, "not yours")
    mute(user.pk, "order", None)
    assert f'href="{ERASE}"' in Page(browser).html
    question = Page(browser, ERASE)
    assert "3 notifications, your preferences" in question.html
    assert Notification.objects.count() == 4
    page = question.send(to=ERASE)
    assert page.said == "Deleted: 3 notifications, and your preferences."
    assert [row.recipient for row in Notification.objects.all()] == [other]
    assert not Preferences.objects.exists()
    assert "You have no notifications" in Page(browser, ERASE).html
