"""For the tests of a project that uses Bellhop: who was notified, of what. Needs PostgreSQL, and no Redis.

With pytest, in the project's conftest.py::

    pytest_plugins = ["bellhop.testing.pytest_fixtures"]

    def test_an_order_is_told_to_who_placed_it(db, ada, notified):
        place_order(ada)
        notified.assert_one(ada, kind="order.placed", message="Thank you, Ada")

With unittest::

    class OrderTests(BellhopTestMixin, TestCase):
        def test_an_order_is_told_to_who_placed_it(self) -> None:
            place_order(self.ada)
            self.assert_notified(self.ada, kind="order.placed", message="Thank you, Ada")

Nothing is rung in such a test. Inside a transaction, as those of TestCase and of the fixture `db` are, notifications
have no number before the commit, which never comes there: they get it when the test asks.

Nothing of Django's models is imported before a test runs.
"""

from bellhop.testing.mixin import BellhopTestMixin
from bellhop.testing.notified import Notifications, Notified

__all__ = ["BellhopTestMixin", "Notifications", "Notified"]
