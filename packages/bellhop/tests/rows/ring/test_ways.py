"""The ways of a ring: published by the process itself, by a Celery task, or not at all. The row is there either way."""

import asyncio
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections, transaction

from bellhop import contract
from bellhop.conf import conf, prefix
from bellhop.contract import user_group
from bellhop.inbox import marks
from bellhop.models import Notification
from bellhop.notify import notify, notify_many
from bellhop.ring import publish_thread, ways
from bellhop.ring.channel_layer import TIMEOUT, DoorbellLayer, NoLayer, get_channel_layer
from bellhop.ring.publish_thread import Doorbell
from rows.conftest import Rings, hang_up_doorbell
from rows.waiting import PATIENCE, until
from stack.celery_app import celery_app

pytestmark = pytest.mark.django_db(transaction=True)


class Ear:
    """Hears a user's group on the real layer, in a loop of its own, as a socket server does."""

    def __init__(self, user: User) -> None:
        self.events: list[dict[str, Any]] = []
        self._group = user_group(user.pk)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._layer = DoorbellLayer(conf.REDIS_URL, prefix())
        self._tests = 0
        self._call(self._layer.listen(self._group, self._hear))
        until(self._hears)

    def _hear(self, event: dict[str, Any]) -> None:
        if event["type"] == "test":
            self._tests += 1
        else:
            self.events.append(event)

    def _hears(self) -> bool:
        self._call(self._layer.group_send(self._group, {"type": "test"}))
        time.sleep(0.05)
        return bool(self._tests)

    def _call(self, coroutine: Any) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE)

    def heard(self, count: int) -> list[dict[str, Any]]:
        until(lambda: len(self.events) >= count)
        return list(self.events)

    def close(self) -> None:
        self._call(self._layer.flush())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)


@pytest.fixture
def direct(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Doorbell:
    """A process that rings directly, on channels that nobody else has."""
    settings.BELLHOP = settings.BELLHOP | {
        "RING": "direct",
        "PREFIX": f"ut-{uuid.uuid4().hex}.",
        "KIND_TASKS": {},
    }
    return hang_up_doorbell(monkeypatch)


@pytest.fixture
def ears(direct: Doorbell, user: User, other: User) -> Iterator[tuple[Ear, Ear]]:
    both = Ear(user), Ear(other)
    yield both
    for ear in both:
        ear.close()


def test_a_process_that_rings_directly_sends_the_frame_to_its_recipient_and_nobody_else(
    ears: tuple[Ear, Ear], user: User
) -> None:
    mine, theirs = ears
    with transaction.atomic():
        row = notify(user, "hi", data={"n": 1})
        assert publish_thread.flush(PATIENCE)
        assert mine.events == []
    (event,) = mine.heard(1)
    frame = event["notification"]
    assert (event["type"], frame["id"], frame["seq"]) == ("send.notification", str(row.pk), 1)
    assert (frame["message"], frame["data"]) == ("hi", {"n": 1})
    assert theirs.events == []


def test_a_login_has_its_words_and_many_are_each_at_their_own(
    ears: tuple[Ear, Ear], user: User, other: User
) -> None:
    mine, theirs = ears
    notify(user, kind="login", data={"name": "Ada"})
    notify_many([user, other], "to both")
    assert [event["notification"]["message"] for event in mine.heard(2)] == [
        "Welcome back, Ada",
        "to both",
    ]
    assert [event["notification"]["message"] for event in theirs.heard(1)] == ["to both"]


def test_a_mark_and_an_ended_login_are_told_directly(ears: tuple[Ear, Ear], user: User) -> None:
    mine, theirs = ears
    notify(user, "hi")
    marks.mark(user.pk, "read", through=1)
    publish_thread._kicks.check_logins(user.pk)
    events = mine.heard(3)
    assert sorted(event["type"] for event in events) == [
        "check.login", "send.changes", "send.notification",
    ]  # fmt: skip
    assert [event["rev"] for event in events if event["type"] == "send.changes"] == [1]
    assert theirs.events == []


def test_the_publish_thread_asks_nothing_of_the_database(
    ears: tuple[Ear, Ear], user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    here = threading.get_ident()
    cursor = type(connections["default"]).cursor

    def noted(self: Any, *args: Any) -> Any:
        if threading.get_ident() != here:
            asked.append(threading.current_thread().name)
        return cursor(self, *args)

    monkeypatch.setattr(type(connections["default"]), "cursor", noted)
    notify(user, "hi")
    assert len(ears[0].heard(1)) == 1
    assert publish_thread.flush(PATIENCE)
    assert asked == []


def test_celery_that_runs_its_tasks_at_once_is_not_asked(
    ears: tuple[Ear, Ear], user: User, settings: Any
) -> None:
    settings.BELLHOP = settings.BELLHOP | {"RING": "celery"}
    app = celery_app("eager")
    app.conf.task_always_eager = True
    assert ways.way() == "direct"
    notify(user, "hi")
    assert len(ears[0].heard(1)) == 1
    app.close()


def test_a_redis_that_hangs_costs_neither_the_row_nor_time(
    direct: Doorbell, user: User, settings: Any, silent_port: int
) -> None:
    settings.BELLHOP = settings.BELLHOP | {"REDIS_URL": f"redis://127.0.0.1:{silent_port}"}
    started = time.monotonic()
    for _ in range(5):
        notify(user)
    # Who waited for it once would have waited so long.
    assert time.monotonic() - started < TIMEOUT
    assert Notification.objects.filter(recipient=user, seq__isnull=False).count() == 5
    assert publish_thread.flush(PATIENCE)


@pytest.mark.parametrize("changed", [{"RING": "off"}, {"REDIS_URL": ""}], ids=str)
def test_without_a_ring_the_row_is_saved_and_nothing_is_queued(
    direct: Doorbell, user: User, settings: Any, changed: dict[str, Any]
) -> None:
    settings.BELLHOP = settings.BELLHOP | changed
    # That one is the process's own, and may still have what the tests before have given it.
    assert publish_thread._kicks.flush(PATIENCE)
    assert ways.way() == "off"
    assert notify(user).seq == 1
    marks.mark(user.pk, "read", through=1)
    publish_thread._kicks.check_logins(user.pk)
    assert direct._rings.unfinished_tasks == 0
    assert publish_thread._kicks._rings.unfinished_tasks == 0


def test_the_layer_of_a_project_without_redis_takes_everything_and_hears_nothing(
    settings: Any,
) -> None:
    settings.BELLHOP = settings.BELLHOP | {"REDIS_URL": ""}
    layer = get_channel_layer()
    assert isinstance(layer, NoLayer)

    async def try_all() -> bool:
        heard: list[Any] = []
        await layer.listen("g", heard.append)
        await layer.group_send("g", {"type": "x"})
        layer.publish(("g", {"type": "x"}))
        await layer.probe()
        await layer.unlisten("g", heard.append)
        return await layer.is_connected() and not heard

    assert asyncio.run(try_all())


def test_the_layer_is_one_for_a_process_and_none_of_the_projects(settings: Any) -> None:
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels.layers.InMemoryChannelLayer"},
    }
    layer: Any = get_channel_layer()
    assert isinstance(layer, DoorbellLayer)
    assert get_channel_layer() is layer
    assert layer._prefix == prefix()


def test_two_projects_on_one_redis_have_channels_of_their_own(settings: Any) -> None:
    settings.BELLHOP = settings.BELLHOP | {"PREFIX": ""}
    mine = prefix()
    settings.SECRET_KEY = "another project's"
    assert prefix() != mine
    assert prefix().startswith("bellhop-")
    settings.BELLHOP = settings.BELLHOP | {"PREFIX": "chosen."}
    assert prefix() == "chosen."


def test_a_task_gets_a_key_that_json_has(
    rings: Rings, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell = publish_thread._doorbell
    key = uuid.uuid4()
    bell.ring_changes(key, 3)
    bell.check_logins(key)
    assert rings.heard()[0] == (contract.RING_CHANGES, [str(key)])
    assert notify(user).seq == 1
