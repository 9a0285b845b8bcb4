"""The mixin for Django's own test cases."""

from django.contrib.auth.models import User
from django.test import TestCase, TransactionTestCase

from bellhop.conf import conf
from bellhop.notify import notify
from bellhop.ring import ways
from bellhop.testing import BellhopTestMixin


class InTestCase(BellhopTestMixin, TestCase):
    ada: User
    eve: User

    @classmethod
    def setUpTestData(cls) -> None:
        cls.ada = User.objects.create_user("ada")
        cls.eve = User.objects.create_user("eve")

    def setUp(self) -> None:
        super().setUp()
        notify(self.ada, "set up")

    def test_who_was_notified_is_told(self) -> None:
        notify(self.ada, "Paid", kind="order.paid")
        assert [each.message for each in self.notified(self.ada)] == ["set up", "Paid"]
        assert self.assert_notified(self.ada, kind="order.paid").seq == 2
        self.assert_not_notified(self.eve)

    def test_the_other_test_is_forgotten(self) -> None:
        assert [each.seq for each in self.notified(self.ada)] == [1]
        self.assert_not_notified(self.ada, kind="order.paid")

    def test_what_is_done_after_the_commit_may_be_executed(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            row = notify(self.ada, "Paid")
        assert row.seq == 2

    def test_nothing_is_rung(self) -> None:
        assert ways.way() == "off"


class InTransactionTestCase(BellhopTestMixin, TransactionTestCase):
    def test_who_was_notified_is_told(self) -> None:
        ada, eve = (User.objects.create_user(name) for name in ("ada", "eve"))
        notify(ada, "Paid")
        assert self.assert_notified(ada).message == "Paid"
        self.assert_not_notified(eve)


class BesideTheMixin(TestCase):
    def test_the_setting_is_what_it_was(self) -> None:
        assert conf.RING == "celery"
