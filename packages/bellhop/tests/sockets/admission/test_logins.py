"""Which login a cookie belongs to. Reading it must never end it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from bellhop.contract import SESSION_MARK, user_key
from bellhop.sessions.cookie_to_user import read_login, read_logins, session_key
from sockets.support import log_in, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return make_user()


def test_a_valid_session_says_whose_it_is_and_where_it_began(user: User) -> None:
    login = read_login(log_in(user, mark=4))
    assert login is not None
    assert (login.user_id, login.mark, login.password) == (user.pk, 4, user.password)
    assert login.user_key == user_key(user)


def test_two_devices_are_two_logins_of_the_same_user(user: User) -> None:
    first, second = read_login(log_in(user, mark=1)), read_login(log_in(user, mark=2))
    assert first is not None
    assert second is not None
    assert first.user_id == second.user_id
    assert first.session_key != second.session_key
    assert (first.mark, second.mark) == (1, 2)


def test_many_are_read_in_two_queries_each_as_its_own(
    user: User, django_assert_num_queries: Any
) -> None:
    outsider = make_user("eve")
    keys = [log_in(user, mark=1), log_in(user, mark=2), log_in(outsider, mark=3)]
    with django_assert_num_queries(2):
        logins = read_logins([*keys, "a" * 32])
    assert {key: (login.user_id, login.mark) for key, login in logins.items()} == {
        keys[0]: (user.pk, 1),
        keys[1]: (user.pk, 2),
        keys[2]: (outsider.pk, 3),
    }


@pytest.mark.parametrize("mark", ["7", 1.5, None, [1], {"seq": 1}])
def test_a_mark_that_is_no_seq_is_no_mark(user: User, mark: Any) -> None:
    key = log_in(user)
    session = SessionStore(key)
    session[SESSION_MARK] = mark
    session.save()
    login = read_login(key)
    assert login is not None
    assert login.mark is None


@pytest.mark.parametrize("key", ["", "garbage", "a" * 32])
def test_a_key_nobody_has_is_no_login(key: str) -> None:
    assert read_login(key) is None


def test_an_expired_session_is_no_login(user: User) -> None:
    key = log_in(user)
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert read_login(key) is None


def test_a_session_of_somebody_not_signed_in_is_no_login() -> None:
    session = SessionStore()
    session["basket"] = 1
    session.save()
    assert read_login(str(session.session_key)) is None


@pytest.mark.parametrize("whose", ["abc", "", "1; DROP TABLE", None, "99999999"])
def test_a_session_of_nobody_known_is_no_login(user: User, whose: Any) -> None:
    key = log_in(user)
    session = SessionStore(key)
    session[SESSION_KEY] = whose
    session.save()
    assert read_login(key) is None


def test_tampered_session_data_is_no_login(user: User) -> None:
    key = log_in(user)
    Session.objects.filter(pk=key).update(session_data="eyJfYXV0aF91c2VyX2lkIjoiMSJ9:x:y")
    assert read_login(key) is None


def test_a_deactivated_user_has_no_login(user: User) -> None:
    key = log_in(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert read_login(key) is None


def test_a_deleted_user_has_no_login(user: User) -> None:
    key = log_in(user)
    user.delete()
    assert read_login(key) is None


def test_a_changed_password_ends_the_logins_of_before(user: User) -> None:
    key, foreign = log_in(user), log_in(make_user("eve"))
    user.set_password("another")
    user.save()
    assert read_login(key) is None
    assert read_login(log_in(user)) is not None
    assert read_login(foreign) is not None


@pytest.mark.parametrize("given", ["missing", "", "x" * 64])
def test_a_session_without_the_right_hash_is_no_login(user: User, given: str) -> None:
    key = log_in(user)
    session = SessionStore(key)
    if given == "missing":
        del session[HASH_SESSION_KEY]
    else:
        session[HASH_SESSION_KEY] = given
    session.save()
    assert read_login(key) is None


def test_a_rotated_secret_key_signs_nobody_out(user: User, settings: Any) -> None:
    key = log_in(user)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key, long enough to be taken seriously by everybody"
    login = read_login(key)
    assert login is not None
    assert login.user_id == user.pk
    assert Session.objects.filter(pk=key).exists()


def test_a_key_of_another_installation_is_no_login_and_the_row_stays(
    user: User, settings: Any
) -> None:
    key = log_in(user)
    settings.SECRET_KEY = "a key that never signed this session, long enough as well"
    assert read_login(key) is None
    assert Session.objects.filter(pk=key).exists()


def test_a_hash_that_fits_no_key_is_no_login_and_the_row_stays(user: User, settings: Any) -> None:
    """Channels' own middleware flushes the session here."""
    key = log_in(user)
    session = SessionStore(key)
    session[HASH_SESSION_KEY] = "made with another key"
    session.save()
    assert read_login(key) is None
    assert Session.objects.filter(pk=key).exists()


def test_reading_a_login_asks_twice_and_writes_nothing(
    user: User, django_assert_num_queries: Any
) -> None:
    key = log_in(user)
    with django_assert_num_queries(2) as asked:
        read_login(key)
    assert all(query["sql"].lstrip().startswith("SELECT") for query in asked.captured_queries)


@pytest.mark.parametrize(
    ("cookies", "key"),
    [
        ([f"sessionid={'a1' * 16}"], "a1" * 16),
        ([f"csrftoken=x; sessionid={'a1' * 16}; theme=dark"], "a1" * 16),
        (["csrftoken=x", f"sessionid={'a1' * 16}"], "a1" * 16),
        ([], ""),
        (["sessionid="], ""),
        (["sessionid"], ""),
        ([f"sessionid={'A1' * 16}"], ""),
        ([f"sessionid={'a' * 31}"], ""),
        ([f"sessionid={'a' * 33}"], ""),
        (["sessionid='; DROP TABLE django_session; --"], ""),
        (["sessionid=" + "\xe9" * 32], ""),
        ([f"SESSIONID={'a1' * 16}"], ""),
    ],
)
def test_the_session_key_is_what_django_could_have_made_or_nothing(
    cookies: list[str], key: str
) -> None:
    headers = [(b"cookie", cookie.encode("latin-1")) for cookie in cookies]
    assert session_key({"headers": [(b"host", b"localhost"), *headers]}) == key
