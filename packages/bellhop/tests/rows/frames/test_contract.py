"""What other people's clients rely on, spelled out once more: a change here breaks them."""

from datetime import UTC, datetime, timedelta

import pytest
from channels.layers import InMemoryChannelLayer

from bellhop import contract
from bellhop.contract import CloseCode, user_group, user_key


@pytest.mark.parametrize("user_id", [1, 7, 2**63 - 1])
def test_a_users_group_has_the_name_of_the_contract_and_channels_takes_it(user_id: int) -> None:
    assert user_group(user_id) == f"notifications_{user_id}"
    InMemoryChannelLayer().require_valid_group_name(user_group(user_id))


@pytest.mark.parametrize("user_id", ["7; x", "", None, "*"])
def test_what_is_no_user_id_names_no_group(user_id: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        user_group(user_id)  # type: ignore[arg-type]


def test_the_key_of_a_user_tells_accounts_with_the_same_id_apart() -> None:
    joined = datetime(2026, 1, 1, tzinfo=UTC)
    assert user_key(7, joined) == user_key(7, joined)
    assert user_key(7, joined) != user_key(7, joined + timedelta(days=1))
    assert user_key(7, joined) != user_key(8, joined)


def test_the_names_others_rely_on() -> None:
    assert contract.SEND_LOGIN_NOTIFICATION == "core.tasks.send_login_notification"
    assert contract.RING == "core.tasks.ring"
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
