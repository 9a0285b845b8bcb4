"""What other people's clients rely on, spelled out once more: a change here breaks them."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from channels.layers import InMemoryChannelLayer
from django.contrib.auth.models import User
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bellhop import contract
from bellhop.contract import CloseCode, user_group, user_key
from stack import task_names


@pytest.mark.parametrize("user_id", [1, 7, 2**63 - 1])
def test_a_users_group_has_the_name_of_the_contract_and_channels_takes_it(user_id: int) -> None:
    assert user_group(user_id) == f"notifications_{user_id}"
    InMemoryChannelLayer().require_valid_group_name(user_group(user_id))


def test_a_key_that_is_plain_text_names_its_group_as_it_is() -> None:
    uuid = "0b0f3c1e-6d3c-4b43-9d3e-0a3c0f7f9a11"
    assert user_group(UUID(uuid)) == f"notifications_{uuid}"
    assert user_group("ada-7_x") == "notifications_ada-7_x"


KEYS = st.one_of(
    st.text(max_size=200),
    st.text("a./ -", max_size=3),
    st.text("ab", min_size=60, max_size=70),
    st.integers(0),
)


@settings(database=None, derandomize=True, deadline=None)
@example("a/b", "a.b")
@example("x" * 200, "x" * 199)
@example("", " ")
@example(".", "..")
@given(KEYS, KEYS)
def test_two_keys_never_share_a_group_and_channels_takes_each(one: object, other: object) -> None:
    for key in (one, other):
        InMemoryChannelLayer().require_valid_group_name(user_group(key))
    assert (user_group(one) == user_group(other)) == (str(one) == str(other))


def test_no_key_can_be_written_as_the_digest_of_another() -> None:
    digest = user_group("a/b").removeprefix("notifications_")
    assert user_group(digest) != user_group("a/b")


def test_the_key_of_a_user_tells_accounts_with_the_same_id_apart() -> None:
    joined = datetime(2026, 1, 1, tzinfo=UTC)
    first = User(pk=7, date_joined=joined)
    assert user_key(first) == user_key(User(pk=7, date_joined=joined))
    assert user_key(first) != user_key(User(pk=7, date_joined=joined + timedelta(days=1)))
    assert user_key(first) != user_key(User(pk=8, date_joined=joined))


def test_a_user_without_the_time_of_joining_has_the_primary_key_alone() -> None:
    assert user_key(SimpleNamespace(pk="ada")) == "ada"


def test_the_names_others_rely_on() -> None:
    assert task_names.SEND_LOGIN_NOTIFICATION == "core.tasks.send_login_notification"
    assert task_names.TASKS == "core.tasks"
    assert contract.RING == "bellhop.tasks.ring"
    assert contract.SEND_NOTIFICATION == "send.notification"
    assert contract.SOCKET_PATH == "/ws/notifications/"
    assert contract.SESSION_MARK == "bellhop_since"
    assert contract.REPLAY_LIMIT == 200


def test_the_close_codes_others_rely_on() -> None:
    assert {code.name: code.value for code in CloseCode} == {
        "BAD_FRAME": 4400,
        "RESTARTING": 1012,
        "NO_SESSION": 4401,
        "UNKNOWN_PATH": 4404,
        "TOO_SLOW": 4408,
        "TOO_MANY": 4429,
        "UNAVAILABLE": 4503,
    }
