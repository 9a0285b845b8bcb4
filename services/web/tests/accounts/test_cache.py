"""The cache behind the throttles: it never waits for a dead Redis, and it never stops counting."""

import time
from typing import Any

import pytest
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache.backends.redis import RedisCache
from redis import Redis, exceptions
from structlog.testing import capture_logs

from core.accounts import rate_limit_cache as module
from core.accounts.rate_limit_cache import TIMEOUT, ThrottleCache
from tests.conftest import CACHE_URL


def make(port: int | None = None) -> ThrottleCache:
    return ThrottleCache(f"redis://127.0.0.1:{port}/0" if port else CACHE_URL, {})


def took(function: Any, *args: Any) -> float:
    started = time.monotonic()
    function(*args)
    return time.monotonic() - started


def test_it_is_a_cache(unique: str) -> None:
    cache = make()
    assert cache.get(unique, "nothing") == "nothing"
    assert cache.add(unique, [1.5, "x"], 60)
    assert not cache.add(unique, "other", 60)
    assert cache.get(unique) == [1.5, "x"]
    cache.set(unique, 7, 60)
    assert cache.incr(unique) == 8
    assert cache.touch(unique, 60)
    assert cache.delete(unique)
    assert cache.get(unique) is None


@pytest.mark.parametrize("value", [0, 1, True, False, None, "x", [1.5, None], {"a": [1]}])
def test_what_json_holds_comes_back_the_same(unique: str, value: Any) -> None:
    cache = make()
    cache.set(unique, value, 60)
    assert cache.get(unique, "nothing") == value
    assert type(cache.get(unique)) is type(value)


def test_two_processes_count_together(unique: str) -> None:
    assert make().add(unique, 1, 60)
    assert not make().add(unique, 1, 60)


def test_what_lies_in_redis_is_json_and_nothing_else(unique: str) -> None:
    cache = make()
    cache.set(unique, ["x"], 60)
    redis: Any = Redis.from_url(CACHE_URL)
    assert redis.get(cache.make_key(unique)) == b'["x"]' or redis.get(f":1:{unique}") == b'["x"]'
    redis.close()


def test_pickle_is_not_stored(unique: str) -> None:
    with pytest.raises(TypeError):
        make().set(unique, object(), 60)


def test_pickle_is_not_read(unique: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The classic: what unpickles to a call. It counts as nothing there."""
    cache = make()
    redis: Any = Redis.from_url(CACHE_URL)
    redis.set(f":1:{unique}", b"cbuiltins\nprint\n(S'run'\ntR.")
    assert cache.get(unique, "default") == "default"
    assert "run" not in capsys.readouterr().out.splitlines()
    redis.close()


LOSSES: list[Exception] = [
    exceptions.ConnectionError("refused"),
    exceptions.TimeoutError("hangs"),
    exceptions.BusyLoadingError("LOADING"),
    exceptions.AuthenticationError("WRONGPASS"),
    exceptions.NoPermissionError("NOPERM"),
    exceptions.ReadOnlyError("You can't write against a read only replica."),
    exceptions.OutOfMemoryError("command not allowed when used memory > 'maxmemory'."),
    exceptions.ResponseError("MISCONF Redis is configured to save RDB snapshots"),
    exceptions.ClusterDownError("CLUSTERDOWN"),
    exceptions.InvalidResponse("no Redis"),
    ConnectionResetError("reset"),
    OSError("no route"),
]
REFUSALS: list[Exception] = [
    exceptions.ResponseError("WRONGTYPE Operation against a key holding the wrong kind of value"),
    exceptions.ResponseError("value is not an integer or out of range"),
    exceptions.ResponseError("increment or decrement would overflow"),
    exceptions.ResponseError("invalid expire time in 'set' command"),
    exceptions.DataError("Invalid input of type"),
]
OWN: list[Exception] = [
    ValueError("Key 'x' not found."),
    OverflowError("too large"),
    TypeError("no JSON"),
]
CALLS: list[tuple[str, tuple[Any, ...]]] = [
    ("add", ("x", 1, 60)), ("get", ("x",)), ("set", ("x", 1, 60)), ("touch", ("x", 60)),
    ("delete", ("x",)), ("incr", ("x",)), ("decr", ("x",)), ("clear", ()),
    ("get_many", (["x"],)), ("has_key", ("x",)), ("set_many", ({"x": 1},)),
    ("get_or_set", ("x", 1)), ("delete_many", (["x"],)),
]  # fmt: skip


@pytest.fixture
def raising(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make a cache whose Redis raises that error, whatever it is asked."""

    def make_raising(error: Exception) -> ThrottleCache:
        def raises(*_: Any, **__: Any) -> None:
            raise error

        cache = make()
        for name in ("add", "get", "set", "touch", "delete", "incr", "clear"):
            monkeypatch.setattr(cache._redis, name, raises)
        cache._local.clear()
        cache._local.set("x", 1)
        return cache

    return make_raising


@pytest.mark.parametrize("error", LOSSES, ids=repr)
@pytest.mark.parametrize(("method", "args"), CALLS, ids=[name for name, _ in CALLS])
def test_each_method_goes_on_locally_when_redis_is_lost(
    raising: Any, error: Exception, method: str, args: tuple[Any, ...]
) -> None:
    cache = raising(error)
    getattr(cache, method)(*args)
    assert cache._outage.is_pausing


@pytest.mark.parametrize("error", REFUSALS + OWN, ids=repr)
@pytest.mark.parametrize(("method", "args"), CALLS, ids=[name for name, _ in CALLS])
def test_no_method_takes_a_refused_value_for_a_lost_redis(
    raising: Any, error: Exception, method: str, args: tuple[Any, ...]
) -> None:
    cache = raising(error)
    with capture_logs() as lines, pytest.raises((ValueError, OverflowError, TypeError)):
        getattr(cache, method)(*args)
    assert (cache._outage.is_lost, lines) == (False, [])


def test_incr_of_an_absent_key_is_a_value_error_and_keeps_redis(unique: str) -> None:
    cache = make()
    with pytest.raises(ValueError, match="not found"):
        cache.incr(unique)
    cache.set(unique, 3, 60)
    assert make().get(unique) == 3


def test_incr_of_what_is_no_number_is_a_value_error_and_keeps_redis(unique: str) -> None:
    cache = make()
    cache.set(unique, "x", 60)
    with pytest.raises(ValueError, match="not an integer"):
        cache.incr(unique)
    cache.set(unique, 2**63 - 1, 60)
    with pytest.raises(ValueError, match="overflow"):
        cache.incr(unique)
    assert not cache._outage.is_lost


@pytest.mark.parametrize("rubbish", [b"\x80x", b"{", b"9" * 5000, b"[" * 100_000, b""])
def test_what_somebody_else_wrote_is_as_if_it_were_not_there(unique: str, rubbish: bytes) -> None:
    cache = make()
    redis: Any = Redis.from_url(CACHE_URL)
    redis.set(cache._redis.make_key(unique), rubbish, ex=60)
    redis.close()
    with capture_logs() as lines:
        assert cache.get(unique, "nothing") == "nothing"
        assert cache.get_many([unique]) in ({}, {unique: None})
        assert not cache.add(unique, 1, 60)
    cache.set(unique, 1, 60)
    assert make().get(unique) == 1
    assert {line["event"] for line in lines} == {"throttle_unreadable"}


@pytest.fixture(params=["refuses", "hangs"])
def dead_port(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(module, "TIMEOUT", TIMEOUT)
    fixture = {"refuses": "closed_port", "hangs": "silent_port"}[request.param]
    return int(request.getfixturevalue(fixture))


def test_a_dead_redis_costs_half_a_second_once_and_then_nothing(
    dead_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = make(dead_port)
    assert took(cache.get, "x") < 3 * 0.5
    tried: list[Any] = []
    monkeypatch.setattr(cache._redis, "get", lambda *key, **_: tried.append(key))
    for _ in range(200):
        cache.get("x")
    assert tried == []


def test_without_redis_add_still_counts(dead_port: int, unique: str) -> None:
    cache = make(dead_port)
    assert cache.add(unique, 1, 60) is True
    assert cache.add(unique, 1, 60) is False
    assert cache.incr(unique) == 2
    assert cache.get(unique) == 2
    assert cache.delete(unique)
    cache.clear()


def test_redis_is_tried_again_after_its_time_and_each_way_is_one_line(
    dead_port: int, unique: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOCAL_FOR", 60.0)
    cache, alive = make(dead_port), make()
    with capture_logs() as lines:
        cache.set(unique, "local", 60)
        cache._redis = alive._redis
        assert cache.get(unique) == "local"
        cache._outage._retry_at = 0.0
        assert cache.get(unique) is None
        cache.set(unique, "shared", 60)
    assert alive.get(unique) == "shared"
    assert [line["event"] for line in lines] == ["throttle_cache_lost", "throttle_cache_back"]


def test_a_redis_dead_for_long_is_one_line(dead_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOCAL_FOR", 0.0)
    cache = make(dead_port)
    with capture_logs() as lines:
        for _ in range(3):
            cache.get("x")
    assert len(lines) == 1


@pytest.mark.parametrize("late", ["add", "delete"])
def test_a_lock_that_a_process_left_behind_as_redis_answered_late_refuses_nobody(
    late: str, unique: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis stood still for longer than TIMEOUT: it does what it was asked, or does not, and nobody hears of it."""
    slow, other = make(), make()

    def too_late(*args: Any, **kwargs: Any) -> None:
        if late == "add":
            RedisCache.add(slow._redis, *args, **kwargs)
        raise exceptions.TimeoutError("Timeout reading from socket")

    monkeypatch.setattr(slow._redis, late, too_late)
    monkeypatch.setattr(ratelimit, "cache", slow)
    with ratelimit.cache_lock(unique) as is_locked:
        assert is_locked
    monkeypatch.setattr(ratelimit, "cache", other)
    # Who came in the same millisecond would look for the last time in that of its end.
    redis: Any = Redis.from_url(CACHE_URL)
    while redis.pttl(other._redis.make_key(f"{unique}:lock")) > 980:
        time.sleep(0.005)
    redis.close()
    monkeypatch.setattr(module, "LOCKED_FOR", 60)
    with ratelimit.cache_lock(unique) as is_locked:
        assert is_locked
        # It is a lock all the same.
        assert not make().add(f"{unique}:lock", value=True, timeout=10)


def test_what_is_counted_is_kept_for_as_long_as_it_was_asked_to_be(unique: str) -> None:
    cache = make()
    cache.add(unique, [1.5], 60)
    redis: Any = Redis.from_url(CACHE_URL)
    assert redis.ttl(cache._redis.make_key(unique)) > 50
    redis.close()


def test_two_installations_count_apart_on_one_redis_and_clear_their_own_only(unique: str) -> None:
    """At the same database number."""
    ours, theirs = (ThrottleCache(CACHE_URL, {"KEY_PREFIX": f"{unique}-{n}."}) for n in "ab")
    redis: Any = Redis.from_url(CACHE_URL)
    redis.set(f"queue of {unique}", "somebody else's")
    for cache in (ours, theirs):
        assert cache.add("login", 1, 60)
    ours.incr("login")
    assert (ours.get("login"), theirs.get("login")) == (2, 1)
    kept = {key.decode() for key in redis.scan_iter(f"*{unique}*")}
    assert {name for name in kept if not name.startswith(f"{unique}-")} == {f"queue of {unique}"}
    ours.clear()
    assert (ours.get("login"), theirs.get("login")) == (None, 1)
    assert redis.exists(f"queue of {unique}")
    redis.close()


def test_the_services_own_cache_is_prefixed_with_the_installation() -> None:
    default: Any = settings.CACHES["default"]
    assert default["KEY_PREFIX"] == f"{settings.INSTALLATION}."
