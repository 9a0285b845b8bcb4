"""docs/kinds.md: its Python does what it says, in its order."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from bellhop import frame_from_row
from bellhop.kinds import registry
from bellhop.models import Notification
from bellhop.notify import notify
from bellhop.preferences.choices import Choices, choices_of
from rows.conftest import Kinds, Rings

pytestmark = pytest.mark.django_db(transaction=True)

DOCUMENT = (Path(__file__).parents[5] / "docs/kinds.md").read_text()
DECLARED, CHOSEN, RECALLED = re.findall(
    r"^```python\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL
)


@pytest.fixture
def declared(kinds: Kinds, rings: Rings) -> None:
    exec(DECLARED, {"__name__": "shop.bellhop_kinds"})  # noqa: S102 - our own document


def test_the_kind_that_it_declares_has_its_words(declared: None, user: User) -> None:
    assert registry.module_of(registry.find("order.paid")) == "shop.bellhop_kinds"
    (call,) = re.findall(r"`(notify\(.*?\))` then says \"Order 7 is paid\"", DOCUMENT)
    row: Notification = eval(call, {"notify": notify, "user": user})  # noqa: S307
    shown = frame_from_row.fields(row)
    assert (shown["message"], shown["thread"]) == ("Order 7 is paid", "order-7")


def test_what_it_chooses_is_chosen(declared: None, user: User) -> None:
    *lines, unmute = CHOSEN.strip().splitlines()
    assert unmute.startswith("unmute(")
    names: dict[str, Any] = {"user": user}
    exec("\n".join(lines), names)  # noqa: S102
    assert choices_of(user.pk).channels == {"order.paid": {"toast": False}}
    assert notify(user, kind="order.paid", data={"number": 7}).is_refused
    exec(unmute, names)  # noqa: S102
    assert choices_of(user.pk) == Choices({"order.paid": {"toast": False}})
    assert not notify(user, kind="order.paid", data={"number": 7}).toast


def test_what_it_recalls_says_something_else_and_is_gone(user: User, rings: Rings) -> None:
    *lines, withdraw = RECALLED.strip().splitlines()
    assert withdraw.startswith("withdraw(")
    names: dict[str, Any] = {"user": user}
    exec("\n".join(lines), names)  # noqa: S102
    row = Notification.objects.get(recipient=user)
    assert (row.message, row.url, row.seq) == ("The build has failed", "/builds/7/", 1)
    assert row.expires_at is not None
    exec(withdraw, names)  # noqa: S102
    assert not Notification.objects.filter(recipient=user).exists()
