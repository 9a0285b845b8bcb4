"""What one beat asks for all sockets at once: who has moved on, whose identity or session is void."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bellhop.contract import user_key
from bellhop.models import Inbox
from bellhop.sessions import stores
from bellhop.sessions.cookie_to_user import Login
from bellhop.sockets import find_behind_or_signed_out
from bellhop.sockets.find_behind_or_signed_out import Known, Standing
from sockets.support import add, archive, log_in, make_user, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return make_user()


def know(user: User, seq: int = 0, rev: int = 0, **other: str) -> Known:
    """What a socket of the user knows that has come so far."""
    key = other["key"] if "key" in other else log_in(user)
    stored = stores.read([key])
    version = stored[key].version if stored else 0
    password = other.get("password", user.password)
    return Known(Login(user.pk, user_key(user), key, password, None, version), seq, rev)


def test_who_stands_where_the_database_does_is_not_mentioned(user: User) -> None:
    newcomer = make_user("newcomer")
    add(user, 2)
    rev = read(user, 1)
    assert (
        find_behind_or_signed_out.look([know(user, 2, rev), know(newcomer)])
        == find_behind_or_signed_out.Survey()
    )


def test_nobody_is_no_question(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert find_behind_or_signed_out.look([]) == find_behind_or_signed_out.Survey()


@pytest.mark.parametrize("known", [Standing(1, 1), Standing(2, 0), Standing(0, 0)])
def test_who_is_behind_by_seq_or_by_rev_is_told_with_the_latest_of_both(
    user: User, known: Standing
) -> None:
    other = make_user("eve")
    add(user, 2)
    add(other, 5)
    read(user, 1)
    found = find_behind_or_signed_out.look([know(other, 5), know(user, *known), know(user, 2, 1)])
    assert found == find_behind_or_signed_out.Survey(behind={1: Standing(2, 1)})


def test_it_is_over_with_another_password_without_its_user_or_if_that_is_inactive(
    user: User,
) -> None:
    gone, banned = make_user("gone"), make_user("banned")
    known = [know(user), know(gone), know(banned), know(user, password="an older, password")]
    gone.delete()
    User.objects.filter(pk=banned.pk).update(is_active=False)
    assert find_behind_or_signed_out.look(known) == find_behind_or_signed_out.Survey(over={1, 2, 3})


def test_it_is_over_when_the_session_is_deleted_or_has_expired(user: User) -> None:
    alive, deleted, expired = log_in(user), log_in(user), log_in(user)
    Session.objects.get(pk=deleted).delete()
    Session.objects.filter(pk=expired).update(expire_date=timezone.now() - timedelta(seconds=1))
    found = find_behind_or_signed_out.look(
        [know(user, key=key) for key in (alive, deleted, expired)]
    )
    assert found == find_behind_or_signed_out.Survey(over={1, 2})


def test_a_session_that_is_over_is_told_as_that_though_it_is_behind(user: User) -> None:
    add(user, 2)
    assert find_behind_or_signed_out.look(
        [know(user, key="a" * 32)]
    ) == find_behind_or_signed_out.Survey(over={0})


def test_who_has_an_empty_password_stays_also_alone() -> None:
    """An account without a password (made by a script, or an import) is an account."""
    user = User.objects.create(username="passwordless", password="")
    assert find_behind_or_signed_out.look([know(user)]) == find_behind_or_signed_out.Survey()


TEXTS = st.one_of(
    st.sampled_from(["", " ", "\x1f", ",", '"', "'", "\\", "{", "}", "NULL", "null", "\\u0000", "%s", "\u2028", "é"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_passwords_and_keys_hold_a_look_says_what_a_plain_loop_says(
    db: None, data: st.DataObject
) -> None:
    texts = data.draw(st.lists(TEXTS, min_size=1, max_size=5), label="texts")
    those = st.sampled_from(texts)
    with transaction.atomic():
        passwords = {
            User.objects.create(username=f"u{number}", password=password).pk: password
            for number, password in enumerate(data.draw(st.lists(those, min_size=1, max_size=4)))
        }
        alive = set(data.draw(st.sets(those)))
        tomorrow = timezone.now() + timedelta(days=1)
        Session.objects.bulk_create(Session(session_key=key, expire_date=tomorrow) for key in alive)
        ids = [*passwords, max(passwords) + 1]
        versions = {key: session.version for key, session in stores.read(texts).items()}

        def knows(user_id: int, password: str, key: str) -> Known:
            return Known(Login(user_id, "", key, password, None, versions.get(key, 0)), 0, 0)

        known = data.draw(st.lists(st.builds(knows, st.sampled_from(ids), those, those)))
        found = find_behind_or_signed_out.look(known)
        transaction.set_rollback(True)
    over = {
        place
        for place, one in enumerate(known)
        if passwords.get(one.login.user_id) != one.login.password
        or one.login.session_key not in alive
    }
    assert found == find_behind_or_signed_out.Survey(over=over)


@pytest.mark.parametrize("count", [1, 10])
def test_a_look_costs_one_query_however_many_sockets(
    count: int, django_assert_num_queries: Any
) -> None:
    users = [make_user(f"user{number}") for number in range(count)]
    for each in users:
        add(each)
    known = [know(each) for each in users]
    with django_assert_num_queries(1):
        found = find_behind_or_signed_out.look(known)
    assert len(found.behind) == count


@pytest.mark.parametrize("count", [1, 10])
def test_standings_cost_one_query_however_many_users(
    count: int, django_assert_num_queries: Any
) -> None:
    users = [make_user(f"user{number}") for number in range(count)]
    for each in users:
        add(each, 3)
        read(each, 1)
    with django_assert_num_queries(1):
        found = find_behind_or_signed_out.standings({each.pk for each in users})
    assert found == {each.pk: (3, 1, 2, 0) for each in users}
    assert found[users[0].pk] == Inbox.state_of(users[0].pk)


def test_standings_count_neither_what_is_read_nor_what_is_put_away_nor_what_is_others(
    user: User,
) -> None:
    eve = make_user("eve")
    add(user, 4)
    add(eve, 2)
    read(user, 1)
    archive(user, 2)
    assert find_behind_or_signed_out.standings({user.pk}) == {user.pk: (4, 2, 2, 0)}


def test_who_never_had_anything_stands_at_zero(user: User) -> None:
    assert find_behind_or_signed_out.standings({user.pk}) == {user.pk: (0, 0, 0, 0)}
