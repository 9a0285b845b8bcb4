"""The setting BELLHOP: each name and value that cannot be is refused, with the line to write."""

from types import ModuleType
from typing import Any

import pytest

from bellhop import conf as conf_module
from bellhop.checks.setting import bellhop_setting
from bellhop.checks.setting.value_rules import RULES
from bellhop.conf import NAMES, Conf
from rows.checks.found import ids, messages

REDIS = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def _plain(settings: Any) -> None:
    settings.BELLHOP = {"REDIS_URL": REDIS}


def test_a_redis_alone_is_enough() -> None:
    assert ids() == set()


def test_each_name_has_a_rule_which_allows_the_default() -> None:
    assert set(RULES) == NAMES
    assert [name for name in NAMES if not RULES[name].allows(vars(Conf)[name])] == []


def test_each_example_in_a_hint_is_allowed() -> None:
    # They are written as Python, to be pasted.
    assert [name for name, rule in RULES.items() if not rule.allows(eval(rule.example))] == []  # noqa: S307


@pytest.mark.parametrize("nonsense", [None, "redis://redis", ["REDIS_URL"], 7])
def test_no_dictionary_is_refused_and_stops_no_other_check(settings: Any, nonsense: object) -> None:
    settings.BELLHOP = nonsense
    assert "bellhop.E041" in ids()
    assert "bellhop.W001" not in ids()


def test_no_setting_at_all_means_the_beat_alone(settings: Any) -> None:
    del settings.BELLHOP
    assert ids() == {"bellhop.W041"}


def test_a_name_that_does_not_exist_is_refused_with_the_one_that_was_meant(settings: Any) -> None:
    settings.BELLHOP = {"REDIS_URL": REDIS, "redis_uri": REDIS}
    assert ids() == {"bellhop.E042"}
    assert messages()["bellhop.E042"].hint == "Did you mean 'REDIS_URL'?"


def test_a_name_like_no_other_is_refused_with_all_that_there_are(settings: Any) -> None:
    settings.BELLHOP = {"REDIS_URL": REDIS, "ZZZZ": 1, 7: 2}
    assert "BEAT_SECONDS" in str(messages()["bellhop.E042"].hint)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDIS_URL", "http://redis:6379"),
        ("REDIS_URL", "redis:6379"),
        ("REDIS_URL", "redis://redis:port/0"),
        ("REDIS_URL", None),
        ("PREFIX", "a\nb"),
        ("PREFIX", None),
        ("RING", "Direct"),
        ("RING", None),
        ("RING", ["direct"]),
        ("TASKS", ""),
        ("TASKS", "no tasks"),
        ("KIND_TASKS", [("login", "task")]),
        ("KIND_TASKS", {"login": None}),
        ("LOGIN_NOTIFIES", 7),
        ("LOGIN_NOTIFIES", "not a path"),
        ("ORIGINS", "https://example.com"),
        ("ORIGINS", ["example.com"]),
        ("ORIGINS", ["https://example.com/"]),
        ("ORIGINS", ["https://example.com/app"]),
        ("ORIGINS", ["https://example.com:port"]),
        ("ORIGINS", ["https://ada@example.com"]),
        ("ORIGINS", ["ws://example.com"]),
        ("ORIGINS", [None]),
        ("SOCKET_URL", "ws/notifications/"),
        ("SOCKET_URL", "//example.com/ws/"),
        ("SOCKET_URL", "https://example.com/ws/"),
        ("SOCKET_URL", "wss://example.com"),
        ("SOCKET_URL", "wss://:8001/ws/"),
        ("SOCKET_URL", ":8001"),
        ("SOCKET_URL", ":0/ws/"),
        ("SOCKET_URL", ":99999/ws/"),
        ("SOCKET_URL", "/ws/?after=3"),
        ("SOCKET_URL", "/ws/ notifications/"),
        ("SOCKET_URL", ""),
        ("SOCKET_URL", None),
        ("ROUTING", "core/routing.py"),
        ("RATE_LIMITS", "off"),
        ("RATE_LIMITS", 1),
        ("SOCKETS_PER_PROCESS", 0),
        ("SOCKETS_PER_PROCESS", "10000"),
        ("SOCKETS_PER_USER", True),
        ("SOCKET_FRAME_BYTES", 100_000),
        ("SOCKET_UNSENT_BYTES", 1),
        ("SLOW_READER_SECONDS", 0),
        ("BEAT_SECONDS", 0),
        ("BEAT_SECONDS", 61),
        ("BEAT_SECONDS", float("nan")),
        ("BEAT_SECONDS", "5"),
        ("DATABASE_CONNECTIONS", 6),
        ("DATABASE_CONNECTIONS", 7.5),
        ("DATABASE_POOLER", "session"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_one_that_can(
    settings: Any, name: str, value: object
) -> None:
    settings.BELLHOP = {"REDIS_URL": REDIS, name: value}
    assert "bellhop.E043" in ids()
    assert ids() <= {"bellhop.E043", "bellhop.W041"}
    assert f'"{name}": {RULES[name].example}' in str(messages()["bellhop.E043"].hint)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDIS_URL", "rediss://user:word@redis.example.com:6380/2?ssl_cert_reqs=none"),
        ("REDIS_URL", "unix:///run/redis.sock?db=1"),
        ("ORIGINS", ["https://example.com", "http://localhost:8000", "http://[::1]:8000"]),
        ("ORIGINS", ("https://example.com",)),
        ("ORIGINS", []),
        ("SOCKET_URL", "/shop/ws/notifications/"),
        ("SOCKET_URL", ":8001/ws/notifications/"),
        ("SOCKET_URL", "wss://ws.example.com:8443/notifications"),
        ("SOCKET_URL", "ws://[::1]:8001/"),
        ("BEAT_SECONDS", 0.2),
        ("LOGIN_NOTIFIES", lambda request, user: True),
    ],
)
def test_a_value_that_can_be_is_not(settings: Any, name: str, value: object) -> None:
    settings.BELLHOP = {"REDIS_URL": REDIS, name: value}
    assert ids() == set()


def test_a_secret_in_a_wrong_value_is_not_shown(settings: Any) -> None:
    settings.BELLHOP = {"REDIS_URL": "http://:hunter2@redis"}
    assert "hunter2" not in str(messages())


def test_no_ringing_is_a_warning(settings: Any) -> None:
    settings.BELLHOP = {"RING": "off"}
    assert ids() == {"bellhop.W042"}


def test_celery_that_is_not_installed_is_refused(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BELLHOP = {"REDIS_URL": REDIS, "RING": "celery"}
    assert ids() == set()

    def nothing(name: str) -> ModuleType | None:
        return None

    monkeypatch.setattr(bellhop_setting, "find_spec", nothing)
    assert ids() == {"bellhop.E044"}


@pytest.mark.parametrize("path", ["nowhere.is_real", "bellhop.conf.nothing", "bellhop.conf.NAMES"])
def test_a_judge_of_logins_that_is_not_there_is_refused(settings: Any, path: str) -> None:
    settings.BELLHOP = {"REDIS_URL": REDIS, "LOGIN_NOTIFIES": path}
    assert ids() == {"bellhop.E045"}


def test_a_judge_of_logins_that_is_there_is_not(settings: Any) -> None:
    assert callable(conf_module.prefix)
    settings.BELLHOP = {"REDIS_URL": REDIS, "LOGIN_NOTIFIES": "bellhop.conf.prefix"}
    assert ids() == set()
