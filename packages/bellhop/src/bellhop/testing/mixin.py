"""For unittest: a mixin for Django's TestCase and TransactionTestCase."""

from typing import Any

from bellhop.testing.notified import Notifications, Notified, without_ringing


class BellhopTestMixin:
    """Put it before the TestCase. `self.notified(user)` lists a user's notifications, oldest first; nothing is rung.

    class OrderTests(BellhopTestMixin, TestCase):
        def test_a_paid_order_is_told(self) -> None:
            pay(order_of(self.ada))
            self.assert_notified(self.ada, kind="order.paid")
            self.assert_not_notified(self.eve)
    """

    notified: Notifications

    def setUp(self) -> None:
        quiet = without_ringing()
        self.notified = quiet.__enter__()
        test: Any = self
        test.addCleanup(quiet.__exit__, None, None, None)
        super().setUp()  # type: ignore[misc] # of the TestCase behind this

    def assert_notified(self, user: Any, **expected: Any) -> Notified:
        """Return the one notification of the user with these fields; fail where there is none, or are more."""
        return self.notified.assert_one(user, **expected)

    def assert_not_notified(self, user: Any, **unexpected: Any) -> None:
        """Fail where the user has a notification with these fields; without any, any notification at all."""
        self.notified.assert_none(user, **unexpected)
