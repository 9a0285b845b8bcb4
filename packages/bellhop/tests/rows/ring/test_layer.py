"""The channel layer on a real Redis, through a wire that can be cut."""

import asyncio
import runpy
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from ports import login_of
from redis import Redis
from redis.exceptions import RedisError
from structlog.testing import capture_logs

import stack
from bellhop import contract
from bellhop.ring.channel_layer import CAPACITY, TIMEOUT, DoorbellLayer
from bellhop.ring.redis_pubsub_connection import Subscription
from bellhop.ring.renew_redis_subscription import RedisLink

PATIENCE = 30.0
QUICK = 0.9 * TIMEOUT
"""Below a time-out of the layer, far above what a call without Redis takes."""


class Wire:
    """Between layer and Redis: a port that can be closed, cut, and opened again."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()

    def freeze(self) -> None:
        """From now on nothing gets through, in either direction, and nobody is told."""
        self._flowing.clear()

    def thaw(self) -> None:
        """Let new connections through; what went into the old ones is lost for good."""
        self._flowing = asyncio.Event()
        self._flowing.set()

    @property
    def url(self) -> str:
        return f"redis://{login_of(settings.LAYER_URL)}127.0.0.1:{self.port}/0"

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._forward, "127.0.0.1", self.port)

    async def cut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        redis = urlsplit(settings.LAYER_URL)
        there = await asyncio.open_connection(redis.hostname, redis.port or 6379)
        self._writers |= {writer, there[1]}
        await asyncio.gather(self._pump(reader, there[1]), self._pump(there[0], writer))

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        flowing = self._flowing
        with suppress(OSError):
            while data := await source.read(65536):
                await flowing.wait()
                sink.write(data)
                await sink.drain()
        sink.close()


class Member:
    """One socket's channel, and all it has heard."""

    def __init__(self, layer: DoorbellLayer, channel: str) -> None:
        self.channel = channel
        self.heard: list[Any] = []
        self._task = asyncio.create_task(self._listen(layer))

    @classmethod
    async def join(cls, layer: DoorbellLayer, *groups: str) -> "Member":
        member = cls(layer, await layer.new_channel())
        for group in groups:
            await layer.group_add(group, member.channel)
        return member

    async def _listen(self, layer: DoorbellLayer) -> None:
        while True:
            self.heard.append((await layer.receive(self.channel))["n"])

    async def leave(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task


async def until(condition: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.005)


async def ring_until_heard(sender: DoorbellLayer, group: str, member: Member) -> None:
    """Send again and again, until a subscription that is under way has become one."""
    sent: list[str] = []
    deadline = time.monotonic() + PATIENCE
    while not set(sent) & set(member.heard):
        assert time.monotonic() < deadline, "the layer is deaf"
        sent.append(uuid.uuid4().hex)
        await sender.group_send(group, {"type": "t", "n": sent[-1]})
        await asyncio.sleep(0.05)
    # Where one was late, none must come into what the test does next.
    await until(lambda: sent[-1] in member.heard)
    member.heard[:] = [n for n in member.heard if n not in sent]


@pytest.fixture
def prefix() -> str:
    """Pub/sub knows no database numbers: a stack on the same Redis must not hear these tests."""
    return f"ut-{uuid.uuid4().hex}"


@pytest.fixture
async def sender(prefix: str) -> AsyncIterator[DoorbellLayer]:
    """The worker's layer: straight to Redis."""
    layer = DoorbellLayer(settings.LAYER_URL, prefix=prefix)
    yield layer
    await layer.flush()


@pytest.fixture
async def wire(closed_port: int) -> AsyncIterator[Wire]:
    wire = Wire(closed_port)
    yield wire
    await wire.cut()


@pytest.fixture
async def layer(wire: Wire, prefix: str) -> AsyncIterator[DoorbellLayer]:
    """The socket service's layer: through the wire."""
    layer = DoorbellLayer(wire.url, prefix=prefix)
    yield layer
    await layer.flush()


async def test_a_group_send_reaches_all_members_and_no_others(
    wire: Wire, layer: DoorbellLayer, sender: DoorbellLayer
) -> None:
    await wire.open()
    phone, desk = await Member.join(layer, "owner"), await Member.join(layer, "owner")
    outsider = await Member.join(layer, "outsider")
    for member, group in ((phone, "owner"), (desk, "owner"), (outsider, "outsider")):
        await ring_until_heard(sender, group, member)
    for member in (phone, desk, outsider):
        member.heard.clear()
    for number in range(50):
        await sender.group_send("owner", {"type": "t", "n": number})
    await sender.group_send("outsider", {"type": "t", "n": "last"})
    await until(lambda: "last" in outsider.heard)
    assert phone.heard == desk.heard == list(range(50))
    assert outsider.heard == ["last"]


async def test_who_left_the_group_hears_nothing_more(
    wire: Wire, layer: DoorbellLayer, sender: DoorbellLayer
) -> None:
    await wire.open()
    leaving, staying = await Member.join(layer, "g"), await Member.join(layer, "g")
    await ring_until_heard(sender, "g", staying)
    leaving.heard.clear()
    await layer.group_discard("g", leaving.channel)
    await ring_until_heard(sender, "g", staying)
    assert leaving.heard == []


async def test_a_group_nobody_is_in_is_unsubscribed_and_joined_again(
    wire: Wire, layer: DoorbellLayer, sender: DoorbellLayer
) -> None:
    await wire.open()
    member = await Member.join(layer, "g")
    await ring_until_heard(sender, "g", member)
    await layer.group_discard("g", member.channel)
    redis: Any = Redis.from_url(settings.LAYER_URL)
    name = f"{layer.prefix}__group__g"
    await until(lambda: redis.pubsub_numsub(name)[0][1] == 0)
    await layer.group_add("g", member.channel)
    await ring_until_heard(sender, "g", member)
    redis.close()


async def test_a_consumer_that_is_gone_leaves_no_channel_behind(
    wire: Wire, layer: DoorbellLayer
) -> None:
    await wire.open()
    member = await Member.join(layer, "g")
    await until(lambda: member.channel in layer.channels)
    await asyncio.sleep(0)
    await member.leave()
    assert member.channel not in layer.channels


async def test_a_channel_of_this_process_can_be_sent_to(layer: DoorbellLayer) -> None:
    member = await Member.join(layer)
    await layer.send(member.channel, {"type": "t", "n": 1})
    await layer.send("nobody", {"type": "t", "n": 2})
    await until(lambda: member.heard == [1])


async def test_without_redis_joining_and_leaving_neither_raise_nor_wait(
    layer: DoorbellLayer,
) -> None:
    started = time.monotonic()
    members = [await Member.join(layer, "g", f"g{number}") for number in range(20)]
    for member in members:
        await layer.group_discard("g", member.channel)
        await layer.group_discard("never joined", member.channel)
    assert time.monotonic() - started < QUICK
    assert not await layer.is_connected()


async def test_with_a_redis_that_hangs_only_the_first_waits(silent_port: int, prefix: str) -> None:
    layer = DoorbellLayer(f"redis://127.0.0.1:{silent_port}", prefix=prefix)
    await Member.join(layer, "g")
    started = time.monotonic()
    for number in range(20):
        await Member.join(layer, f"g{number}")
    assert time.monotonic() - started < QUICK
    started = time.monotonic()
    assert not await layer.is_connected()
    assert time.monotonic() - started < 3 * TIMEOUT
    await layer.flush()


async def test_a_redis_that_comes_later_makes_up_for_what_was_joined_and_left(
    wire: Wire, layer: DoorbellLayer, sender: DoorbellLayer
) -> None:
    member, gone = await Member.join(layer, "one", "two"), await Member.join(layer, "three")
    await layer.group_discard("three", gone.channel)
    await wire.open()
    await ring_until_heard(sender, "one", member)
    await ring_until_heard(sender, "two", member)
    redis: Any = Redis.from_url(settings.LAYER_URL)
    assert redis.pubsub_numsub(f"{layer.prefix}__group__three")[0][1] == 0
    redis.close()
    assert await layer.is_connected()


async def test_a_cut_wire_is_mended_with_all_its_groups(
    wire: Wire, layer: DoorbellLayer, sender: DoorbellLayer
) -> None:
    await wire.open()
    before = await Member.join(layer, "before")
    await ring_until_heard(sender, "before", before)
    await wire.cut()
    meanwhile = await Member.join(layer, "meanwhile")
    assert not await layer.is_connected()
    await wire.open()
    await ring_until_heard(sender, "before", before)
    await ring_until_heard(sender, "meanwhile", meanwhile)
    await until_connected(layer)


async def until_connected(layer: DoorbellLayer) -> None:
    deadline = time.monotonic() + PATIENCE
    while not await layer.is_connected():
        assert time.monotonic() < deadline, "it stays unhealthy"
        await asyncio.sleep(0.05)


async def test_a_redis_that_drops_its_subscribers_gets_them_back(
    prefix: str, sender: DoorbellLayer
) -> None:
    """As a restart does it; only the connections of this test are killed."""
    name = f"ut-{uuid.uuid4().hex}"
    layer = DoorbellLayer(f"{settings.LAYER_URL}?client_name={name}", prefix=prefix)
    redis: Any = Redis.from_url(settings.LAYER_URL)
    members = [await Member.join(layer, "common", f"own-{number}") for number in range(5)]
    for _ in range(3):
        for number, member in enumerate(members):
            await ring_until_heard(sender, f"own-{number}", member)
        mine = [
            client["id"] for client in redis.client_list(_type="pubsub") if client["name"] == name
        ]
        assert mine
        for client in mine:
            redis.client_kill_filter(_id=client)
    for number, member in enumerate(members):
        await ring_until_heard(sender, f"own-{number}", member)
    await ring_until_heard(sender, "common", members[0])
    redis.close()
    await layer.flush()


async def test_joins_and_leaves_while_the_wire_breaks_end_in_line_with_the_wishes(
    wire: Wire, layer: DoorbellLayer, sender: DoorbellLayer
) -> None:
    await wire.open()
    members: list[Member] = []
    for round_ in range(4):
        joins = [Member.join(layer, f"g{round_}-{number}") for number in range(5)]
        gathering = asyncio.gather(*joins)
        await wire.cut()
        members += await asyncio.wait_for(gathering, PATIENCE)
        await wire.open()
    leaving = members[::2]
    for index, member in enumerate(members):
        if member in leaving:
            await layer.group_discard(f"g{index // 5}-{index % 5}", member.channel)
    for index, member in enumerate(members):
        if member not in leaving:
            await ring_until_heard(sender, f"g{index // 5}-{index % 5}", member)


async def test_a_send_without_redis_raises_to_its_sender_only(
    wire: Wire, layer: DoorbellLayer, sender: DoorbellLayer, closed_port: int, prefix: str
) -> None:
    await wire.open()
    member = await Member.join(layer, "g")
    await ring_until_heard(sender, "g", member)
    await wire.cut()
    with pytest.raises((RedisError, OSError)):
        await layer.group_send("g", {"type": "t", "n": 1})
    await wire.open()
    await ring_until_heard(sender, "g", member)


async def test_a_send_to_a_redis_that_hangs_gives_up(silent_port: int, prefix: str) -> None:
    layer = DoorbellLayer(f"redis://127.0.0.1:{silent_port}", prefix=prefix)
    started = time.monotonic()
    with pytest.raises((RedisError, OSError, asyncio.TimeoutError)):
        await layer.group_send("g", {"type": "t", "n": 1})
    # Tried twice.
    assert time.monotonic() - started < 3 * 2 * TIMEOUT
    await layer.flush()


async def test_layers_with_other_prefixes_do_not_hear_each_other(
    wire: Wire, layer: DoorbellLayer, sender: DoorbellLayer
) -> None:
    await wire.open()
    member = await Member.join(layer, "g")
    stranger = DoorbellLayer(settings.LAYER_URL, prefix=f"ut-{uuid.uuid4().hex}")
    await ring_until_heard(sender, "g", member)
    await stranger.group_send("g", {"type": "t", "n": "foreign"})
    await ring_until_heard(sender, "g", member)
    assert member.heard == []
    await stranger.flush()


async def test_a_link_that_went_deaf_without_an_error_is_noticed_and_renewed(
    wire: Wire, layer: DoorbellLayer, sender: DoorbellLayer
) -> None:
    await wire.open()
    member = await Member.join(layer, "g")
    await ring_until_heard(sender, "g", member)
    beat = asyncio.create_task(probe_for_ever(layer))
    with capture_logs() as lines:
        wire.freeze()
        await until(lambda: [line["event"] for line in lines] == ["layer_lost"])
        assert not await layer.is_connected()
        wire.thaw()
        await until(lambda: [line["event"] for line in lines] == ["layer_lost", "layer_back"])
    await ring_until_heard(sender, "g", member)
    assert await layer.is_connected()
    beat.cancel()
    await member.leave()


async def test_a_subscription_that_alone_went_deaf_is_noticed_by_the_canary(
    wire: Wire, layer: DoorbellLayer, sender: DoorbellLayer
) -> None:
    """What is sent gets through, over a new connection; only what was open hears nothing more."""
    await wire.open()
    member = await Member.join(layer, "g")
    await ring_until_heard(sender, "g", member)
    beat = asyncio.create_task(probe_for_ever(layer))
    wire.freeze()
    wire.thaw()
    await ring_until_heard(sender, "g", member)
    beat.cancel()
    await member.leave()


async def test_a_link_that_hears_its_canary_is_left_alone(
    wire: Wire, layer: DoorbellLayer, sender: DoorbellLayer
) -> None:
    await wire.open()
    member = await Member.join(layer, "g")
    await ring_until_heard(sender, "g", member)
    deadline = time.monotonic() + 2 * TIMEOUT
    while time.monotonic() < deadline:
        await layer.probe()
        assert await layer.is_connected()
        await asyncio.sleep(0.1)
    assert member.heard == []
    await member.leave()


async def test_a_socket_that_takes_nothing_out_of_its_mailbox_costs_a_bounded_amount(
    layer: DoorbellLayer,
) -> None:
    channel = await layer.new_channel()
    for number in range(CAPACITY + 500):
        await layer.send(channel, {"type": "t", "n": number})
    assert (await layer.receive(channel))["n"] == 0
    (mailbox,) = layer._get_layer().channels.values()
    assert mailbox.qsize() == CAPACITY - 1


async def probe_for_ever(layer: DoorbellLayer) -> None:
    """Do what the beat does, faster."""
    while True:
        await layer.probe()
        await asyncio.sleep(0.2)


async def test_a_listener_hears_its_group_beside_a_channel_and_not_once_it_has_left(
    wire: Wire, layer: DoorbellLayer, sender: DoorbellLayer
) -> None:
    await wire.open()
    one, two, foreign = [], [], []
    first = lambda event: one.append(event["n"])  # noqa: E731 - told apart by identity
    await layer.listen("g", first)
    await layer.listen("g", lambda event: two.append(event["n"]))
    await layer.listen("other", lambda event: foreign.append(event["n"]))
    member = await Member.join(layer, "g")
    await ring_until_heard(sender, "g", member)
    await until(lambda: one and two)
    one.clear(), two.clear()
    await sender.group_send("g", {"type": "t", "n": 1})
    await until(lambda: (one, two, member.heard) == ([1], [1], [1]))
    await layer.unlisten("g", first)
    await layer.unlisten("g", first)
    await member.leave()
    await layer.group_discard("g", member.channel)
    await sender.group_send("g", {"type": "t", "n": 2})
    await until(lambda: two == [1, 2])
    assert (one, foreign) == ([1], [])


async def test_the_last_listener_takes_the_subscription_with_it(
    wire: Wire, layer: DoorbellLayer, sender: DoorbellLayer, prefix: str
) -> None:
    await wire.open()
    with Redis.from_url(settings.LAYER_URL) as redis:
        channel = f"{prefix}__group__g"

        def is_heard() -> bool:
            return bool(redis.pubsub_numsub(channel)[0][1])

        listeners = [[].append, [].append]
        for listener in listeners:
            await layer.listen("g", listener)
        await until(is_heard)
        await layer.unlisten("g", listeners[0])
        await sender.group_send("g", {"type": "t"})
        assert is_heard()
        await layer.unlisten("g", listeners[1])
        await until(lambda: not is_heard())


async def test_an_event_that_nobody_can_read_costs_nobody_the_next(
    wire: Wire, layer: DoorbellLayer, sender: DoorbellLayer, prefix: str
) -> None:
    await wire.open()
    heard: list[Any] = []
    await layer.listen("g", lambda event: heard.append(event["n"]))
    with Redis.from_url(settings.LAYER_URL) as redis:
        deadline = time.monotonic() + PATIENCE
        while not redis.publish(f"{prefix}__group__g", b"\xc1 no msgpack"):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)
    await sender.group_send("g", {"type": "t", "n": 1})
    await until(lambda: heard == [1])


async def test_what_is_published_without_a_loop_reaches_each_groups_members_and_no_others(
    wire: Wire, layer: DoorbellLayer, sender: DoorbellLayer
) -> None:
    await wire.open()
    one, two = await Member.join(layer, "one"), await Member.join(layer, "two")
    await ring_until_heard(sender, "one", one)
    await ring_until_heard(sender, "two", two)
    events = [("one", {"type": "t", "n": 1}), ("two", {"type": "t", "n": 2})]
    await asyncio.to_thread(sender.publish, *events, ("nobody", {"type": "t", "n": 3}))
    await until(lambda: (one.heard, two.heard) == ([1], [2]))


async def test_a_publisher_notices_a_redis_that_is_gone_and_uses_the_next(
    wire: Wire, layer: DoorbellLayer, sender: DoorbellLayer
) -> None:
    """`layer` goes through the wire; who listens does not."""
    member = await Member.join(sender, "g")
    await ring_until_heard(sender, "g", member)
    event = ("g", {"type": "t", "n": 1})
    await wire.open()
    await asyncio.to_thread(layer.publish, event)
    await wire.cut()
    started = time.monotonic()
    with pytest.raises((RedisError, OSError)):
        await asyncio.to_thread(layer.publish, event)
    assert time.monotonic() - started < QUICK
    await wire.open()
    await asyncio.to_thread(layer.publish, event)
    await until(lambda: member.heard == [1, 1])
    # It died while nobody used it: the next one does not notice.
    await wire.cut()
    await wire.open()
    await asyncio.to_thread(layer.publish, event)
    await until(lambda: member.heard == [1, 1, 1])


@pytest.mark.parametrize(
    "query", ["nonsense=1", "db=nonsense", "ssl_cert_reqs=none", "socket_timeout=never"]
)
async def test_an_address_that_no_client_understands_keeps_no_handshake_waiting(
    query: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The start refuses it; should it come this far, the beat serves."""
    attempts: list[None] = []
    monkeypatch.setattr("bellhop.ring.renew_redis_subscription._RETRY", 0.02)
    hang_up = RedisLink._hang_up

    async def counted(link: RedisLink) -> None:
        attempts.append(None)
        await hang_up(link)

    monkeypatch.setattr(RedisLink, "_hang_up", counted)
    layer = DoorbellLayer(f"{settings.LAYER_URL}?{query}", prefix=prefix)
    with capture_logs() as lines:
        async with asyncio.timeout(PATIENCE):
            members = [await Member.join(layer, f"g{number}") for number in range(3)]
            assert not await layer.is_connected()
            await layer.probe()
            # Tried again, and again without success.
            await until(lambda: len(attempts) > 3)
    assert [line["event"] for line in lines] == ["layer_lost"], "once for as long as it lasts"
    for member in members:
        await member.leave()
    await layer.flush()


@pytest.mark.parametrize("where", ["open", "subscribe"])
async def test_a_fault_that_nobody_expects_ends_the_link_for_a_moment_only(
    where: str,
    layer: DoorbellLayer,
    sender: DoorbellLayer,
    wire: Wire,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await wire.open()
    lasts = asyncio.Event()
    lasts.set()
    original = getattr(Subscription, where)

    def broken(*args: Any, **options: Any) -> Any:
        if lasts.is_set():
            raise ValueError("nobody expects it")
        return original(*args, **options)

    monkeypatch.setattr(Subscription, where, broken)
    monkeypatch.setattr("bellhop.ring.renew_redis_subscription._RETRY", 0.05)
    with capture_logs() as lines:
        async with asyncio.timeout(PATIENCE):
            member = await Member.join(layer, "g")
            assert not await layer.is_connected()
        lasts.clear()
        await ring_until_heard(sender, "g", member)
        await until_connected(layer)
    assert [line["event"] for line in lines] == ["layer_lost", "layer_back"]
    assert isinstance(lines[0]["exc_info"], ValueError), "with its traceback"
    await member.leave()


async def test_a_listener_that_raises_costs_nobody_else_an_event(
    layer: DoorbellLayer, sender: DoorbellLayer, wire: Wire
) -> None:
    await wire.open()
    member = await Member.join(layer, "sound")

    def broken(event: dict[str, Any]) -> None:
        raise ValueError("nobody expects it")

    await layer.listen("broken", broken)
    await ring_until_heard(sender, "sound", member)
    with capture_logs() as lines:
        await sender.group_send("broken", {"type": "t"})
        await sender.group_send("sound", {"type": "t", "n": 1})
        await until(lambda: member.heard == [1])
    assert [line["event"] for line in lines] == ["event_failed"]
    await member.leave()


async def test_what_is_no_event_is_told_and_dropped(
    layer: DoorbellLayer, sender: DoorbellLayer, wire: Wire
) -> None:
    await wire.open()
    heard: list[Any] = []
    await layer.listen("g", heard.append)
    member = await Member.join(layer, "g")
    await ring_until_heard(sender, "g", member)
    heard.clear()
    with capture_logs() as lines:
        for odd in (7, "text", [["type", "t"]], None):
            sender.publish(("g", odd))  # type: ignore[arg-type]
        await sender.group_send("g", {"type": "t", "n": 1})
        await until(lambda: heard)
    assert heard == [{"type": "t", "n": 1}]
    assert [line["event"] for line in lines] == ["event_unreadable"] * 4


async def test_every_channel_of_a_layer_begins_with_its_prefix(
    sender: DoorbellLayer, prefix: str
) -> None:
    """Canary, groups, what the worker publishes: what Redis itself says is subscribed.

    By this layer's connection, since others come and go on the same Redis.
    """
    layer = DoorbellLayer(f"{settings.LAYER_URL}?client_name={prefix}", prefix=prefix)
    redis: Any = Redis.from_url(settings.LAYER_URL)
    member = await Member.join(layer, "one", "two")
    await ring_until_heard(sender, "two", member)
    (mine,) = (one for one in redis.client_list(_type="pubsub") if one["name"] == prefix)
    made = redis.pubsub_channels(f"{prefix}*")
    redis.close()
    assert int(mine["sub"]) == len(made) == 3
    await member.leave()
    await layer.flush()


async def test_two_installations_on_one_redis_at_one_database_number_hear_nothing_of_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ring, kick and broadcast, by both ways there are: group_send and publish."""
    configs = []
    for name in ("shop", "shop-2"):
        monkeypatch.setenv("INSTALLATION", f"ut-{name}")
        found = runpy.run_path(str(Path(stack.__file__).with_name("settings.py")))
        configs.append(found["CHANNEL_LAYERS"]["default"]["CONFIG"])
    assert configs[0]["url"] == configs[1]["url"]
    ours, theirs = (DoorbellLayer(**config) for config in configs)
    group = contract.user_group(7)
    here, there = await Member.join(ours, group), await Member.join(theirs, group)
    await ring_until_heard(ours, group, here)
    await ring_until_heard(theirs, group, there)
    types = (contract.SEND_NOTIFICATION, contract.SEND_CHANGES, contract.CHECK_LOGIN)
    for type_ in types:
        await ours.group_send(group, {"type": type_, "n": type_})
    ours.publish(*((group, {"type": type_, "n": type_}) for type_ in types))
    await until(lambda: here.heard == [*types, *types])
    await ring_until_heard(theirs, group, there)
    assert there.heard == []
    for layer in (ours, theirs):
        await layer.flush()
