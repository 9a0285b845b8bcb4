"""Counters that are shown together are of one moment, also while notifications come and are read."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone
from rows.waiting import until_looked_at

from bellhop.models import Inbox
from bellhop.sessions.cookie_to_user import read_login
from bellhop.sockets import changes_since, find_behind_or_signed_out, missed_notifications
from sockets.support import add, change, log_in, make_user

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 30
PAUSE = 5

State = tuple[int, ...]


def state_of(user: User, key: str) -> State:
    return Inbox.state_of(user.pk)


def heartbeat(user: User, key: str) -> State:
    return find_behind_or_signed_out.standings({user.pk})[user.pk]


def first_look(user: User, key: str) -> State:
    login = read_login(key)
    assert login is not None
    return missed_notifications.first_looks([login])[login].state


def changes(user: User, key: str) -> State:
    _, frame = changes_since.changes(user.pk, 0)
    assert len(frame["read"]) == frame["through"] == frame["rev"]
    assert [each["id"] for each in frame["updated"] if each["read"]] == frame["read"]
    return frame["seq"], frame["rev"], frame["unread"]


@pytest.mark.parametrize("look", [state_of, heartbeat, first_look, changes])
def test_what_is_unread_is_what_came_less_what_was_read(
    look: Callable[[User, str], State],
) -> None:
    user = make_user()
    key = log_in(user)
    done = threading.Event()

    def come_and_be_read() -> None:
        try:
            for number in range(1, ROUNDS + 1):
                add(user)
                # A rev each.
                change(user, number, read_at=timezone.now(), updated_rev=number)
                if number % PAUSE == 0:
                    until_looked_at(seen)
        finally:
            done.set()
            connection.close()

    seen: list[Any] = []
    writer = threading.Thread(target=come_and_be_read)
    writer.start()
    while not done.is_set():
        seen.append(look(user, key))
    writer.join()
    assert len(set(seen)) >= ROUNDS / PAUSE
    assert [state for state in seen if state[2] != state[0] - state[1]] == []
