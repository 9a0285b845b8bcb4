"""For pytest: the fixture `notified`. In conftest.py: ``pytest_plugins = ["bellhop.testing.pytest_fixtures"]``."""

from collections.abc import Iterator

import pytest

from bellhop.testing.notified import Notifications, without_ringing


@pytest.fixture
def notified() -> Iterator[Notifications]:
    """Who was notified, of what; nothing is rung meanwhile. For tests that use `db` or `transactional_db`, too.

    def test_a_paid_order_is_told(db, ada, eve, notified):
        pay(order_of(ada))
        notified.assert_one(ada, kind="order.paid")
        notified.assert_none(eve)
    """
    with without_ringing() as notifications:
        yield notifications
