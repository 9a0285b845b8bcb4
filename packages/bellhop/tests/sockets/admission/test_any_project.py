"""Whoever Django's auth.get_user() would return is let in and kept, whatever a project's sessions, backends and users.

Each case asks both: Django with a request of that session, and the socket server's own reading.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as live_settings
from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
    get_user,
    get_user_model,
)
from django.contrib.auth.backends import AllowAllUsersModelBackend, ModelBackend
from django.contrib.auth.models import User, UserManager
from django.contrib.sessions.backends import cached_db
from django.core.cache import caches
from django.http import HttpRequest
from redis import Redis

from bellhop.contract import CloseCode
from bellhop.sessions import ended_logins, stores, users
from bellhop.sessions.cookie_to_user import read_login
from bellhop.sockets.find_behind_or_signed_out import Known, Survey, look
from bellhop.sockets.periodic_check_of_open_sockets import beat
from sockets.support import Visitor, add, make_user

pytestmark = pytest.mark.django_db

HERE = __name__
ENGINES = ["db", "cached_db", "cache"]
CACHED = (
    stores.store,
    stores.session_table,
    users.finds_as_djangos,
    users.asks_is_active,
    users.is_plain,
    users.has_column,
    users._is_read_as_it_is,
    users._users_query,
    ended_logins.sql_can_tell,
    ended_logins.names,
)


class OnlyAdas(ModelBackend):
    """A project's own backend: whom it does not know is nobody."""

    def get_user(self, user_id: int) -> Any:
        user = super().get_user(user_id)
        return user if user is not None and user.get_username() == "ada" else None


class HiddenManager(UserManager[User]):
    """A default manager that hides some, as those for soft deletion do."""

    def get_queryset(self) -> Any:
        return super().get_queryset().exclude(last_name="deleted")


class OwnStore(cached_db.SessionStore):
    """A store that finds its sessions in a way of its own."""

    def load(self) -> Any:
        return super().load()


def forget() -> None:
    from bellhop.sockets import find_behind_or_signed_out, missed_notifications

    for function in (
        *CACHED,
        find_behind_or_signed_out._look_sql,
        missed_notifications._standing_sql,
    ):
        function.cache_clear()


@pytest.fixture
def project(settings: Any) -> Iterator[Callable[..., None]]:
    """Changes settings as a project would have them when it starts."""
    number = str(live_settings.BELLHOP["REDIS_URL"]).rsplit("/", 1)[0] + "/13"

    def change(**changed: Any) -> None:
        for name, value in changed.items():
            setattr(settings, name, value)
        forget()

    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": number}
    }
    yield change
    with Redis.from_url(number) as redis:
        redis.flushdb()
    for name in ("default",):
        caches[name].close()
    settings.SESSION_ENGINE = live_settings.SESSION_ENGINE
    forget()


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    yield
    forget()


@pytest.fixture
def user() -> User:
    return make_user("ada")


def sign_in(user: Any, backend: str = live_settings.AUTHENTICATION_BACKENDS[0]) -> str:
    """Return the key of a session as Django's login() makes it, in the project's own store."""
    session: Any = stores.store()()
    session[SESSION_KEY] = user._meta.pk.value_to_string(user)
    session[BACKEND_SESSION_KEY] = backend
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def djangos(key: str) -> Any:
    """Return the primary key of whoever Django takes the session's user for; None for nobody."""
    request = HttpRequest()
    request.session = stores.store()(session_key=key)
    return get_user(request).pk


def both_say(key: str, expected: Any) -> None:
    login = read_login(key)
    assert (None if login is None else login.user_id) == expected
    # Last: Django flushes a session that is nobody's.
    assert djangos(key) == expected


def known(key: str) -> Known:
    login = read_login(key)
    assert login is not None
    return Known(login, 0, 0)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_session_of_each_engine_is_its_users(
    project: Callable[..., None], user: User, engine: str
) -> None:
    project(SESSION_ENGINE=f"django.contrib.sessions.backends.{engine}")
    both_say(sign_in(user), user.pk)
    both_say("a" * 32, None)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_session_of_each_engine_that_ends_without_a_word_is_found_by_one_look(
    project: Callable[..., None], user: User, engine: str
) -> None:
    project(SESSION_ENGINE=f"django.contrib.sessions.backends.{engine}")
    here, there = sign_in(user), sign_in(user)
    asked = [known(here), known(there)]
    assert look(asked) == Survey()
    stores.store()(session_key=here).delete()
    assert look(asked).over == {0}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "change",
    [
        lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
        lambda user: User.objects.filter(pk=user.pk).update(password="another"),
        lambda user: User.objects.filter(pk=user.pk).delete(),
    ],
    ids=["deactivated", "another password", "deleted"],
)
def test_who_is_nobody_any_more_is_over_whatever_the_engine(
    project: Callable[..., None], user: User, engine: str, change: Any
) -> None:
    project(SESSION_ENGINE=f"django.contrib.sessions.backends.{engine}")
    outsider = make_user("eve")
    key, theirs = sign_in(user), sign_in(outsider)
    asked = [known(key), known(theirs)]
    change(user)
    assert look(asked).over == {0}
    both_say(key, None)
    both_say(theirs, outsider.pk)


@pytest.mark.parametrize("engine", ENGINES)
def test_who_is_behind_is_found_whatever_the_engine(
    project: Callable[..., None], user: User, engine: str
) -> None:
    project(SESSION_ENGINE=f"django.contrib.sessions.backends.{engine}")
    asked = [known(sign_in(user)), known(sign_in(make_user("eve")))]
    add(user, 3)
    found = look(asked)
    assert (found.over, list(found.behind), found.behind[0].seq) == (set(), [0], 3)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_session_that_was_saved_goes_on_and_one_that_is_somebody_elses_now_is_over(
    project: Callable[..., None], user: User, engine: str
) -> None:
    project(SESSION_ENGINE=f"django.contrib.sessions.backends.{engine}")
    key, other = sign_in(user), sign_in(user)
    asked = [known(key), known(other)]
    saved: Any = stores.store()(session_key=key)
    saved["basket"] = 1
    saved.save()
    taken: Any = stores.store()(session_key=other)
    taken.clear()
    taken.save()
    found = look(asked)
    assert found.over == {1}
    asked[0] = Known(found.renewed.get(0, asked[0].login), 0, 0)
    assert look(asked[:1]) == Survey()


def test_a_store_with_a_way_of_its_own_is_asked_for_each(
    project: Callable[..., None], user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(SESSION_ENGINE=HERE)
    monkeypatch.setattr(f"{HERE}.SessionStore", OwnStore, raising=False)
    forget()
    key = sign_in(user)
    both_say(key, user.pk)
    assert stores.session_table() is None
    asked = [known(key)]
    assert look(asked) == Survey()
    OwnStore(key).delete()
    assert look(asked).over == {0}


def test_a_cache_that_is_away_ends_nobodys_session(
    project: Callable[..., None], user: User, settings: Any, closed_port: int
) -> None:
    from django.db import DatabaseError

    project(SESSION_ENGINE="django.contrib.sessions.backends.cache")
    asked = [known(sign_in(user))]
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{closed_port}",
        }
    }
    with pytest.raises(DatabaseError, match="sessions do not answer"):
        look(asked)


def test_a_backend_that_is_not_listed_any_more_lets_nobody_in(
    project: Callable[..., None], user: User
) -> None:
    both_say(sign_in(user, "some.other.Backend"), None)


def test_a_backend_of_the_projects_own_says_who_is_somebody(
    project: Callable[..., None], user: User
) -> None:
    project(AUTHENTICATION_BACKENDS=[f"{HERE}.OnlyAdas"])
    eve = make_user("eve")
    key = sign_in(user, f"{HERE}.OnlyAdas")
    both_say(sign_in(eve, f"{HERE}.OnlyAdas"), None)
    asked = [known(key)]
    assert look(asked) == Survey()
    User.objects.filter(pk=user.pk).update(username="not ada")
    assert look(asked).over == {0}


def test_a_backend_that_lets_in_the_inactive_lets_them_in_here(
    project: Callable[..., None], user: User
) -> None:
    path = f"{AllowAllUsersModelBackend.__module__}.AllowAllUsersModelBackend"
    project(AUTHENTICATION_BACKENDS=[path])
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.refresh_from_db()
    key = sign_in(user, path)
    both_say(key, user.pk)
    assert look([known(key)]) == Survey()


def test_a_default_manager_that_hides_somebody_hides_them_here(
    project: Callable[..., None], user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = HiddenManager()
    manager.model = User
    monkeypatch.setattr(User._meta, "default_manager", manager, raising=False)
    monkeypatch.setattr(type(User), "_default_manager", property(lambda cls: manager))
    forget()
    key = sign_in(user)
    both_say(key, user.pk)
    asked = [known(key)]
    assert look(asked) == Survey()
    User._base_manager.filter(pk=user.pk).update(last_name="deleted")
    assert look(asked).over == {0}
    both_say(key, None)


def test_a_hash_of_the_models_own_is_what_a_session_is_signed_with(
    project: Callable[..., None], user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def own(self: Any) -> str:
        return f"{self.password}{self.last_name}"

    monkeypatch.setattr(get_user_model(), "get_session_auth_hash", own)
    forget()
    key = sign_in(user)
    both_say(key, user.pk)
    asked = [known(key)]
    User.objects.filter(pk=user.pk).update(last_name="other")
    assert look(asked).over == {0}


def test_of_a_plain_project_one_statement_tells_everything(
    user: User, django_assert_num_queries: Any
) -> None:
    assert ended_logins.sql_can_tell()
    asked = [known(sign_in(user)) for _ in range(5)]
    with django_assert_num_queries(1):
        assert look(asked) == Survey()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("engine", ["cached_db", "cache"])
async def test_an_open_socket_is_closed_by_a_beat_when_its_session_is_gone_and_no_other_is(
    project: Callable[..., None], visitors: list[Visitor], engine: str
) -> None:
    project(SESSION_ENGINE=f"django.contrib.sessions.backends.{engine}")
    ada = await sync_to_async(make_user)("ada")
    keys = [await sync_to_async(sign_in)(ada) for _ in range(2)]
    visitors.append(Visitor(ada, keys[0]))
    here, there = [await visitors[0].tab(key=key) for key in keys]
    await sync_to_async(stores.store()(session_key=keys[0]).delete)()
    await beat.tick()
    assert await here.until_closed() == CloseCode.NO_SESSION
    assert (await there.settle()).closed_with is None
