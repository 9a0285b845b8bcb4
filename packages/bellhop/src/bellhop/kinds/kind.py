"""Kind: what a project declares once about all notifications of one name."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import timedelta
from typing import Any, Final, Literal

from django.utils.functional import Promise

Facts = Mapping[str, Any]
"""The `data` of a row, as a frame carries it. Rows may have come past notify(): any of it may be missing or odd."""

Text = str | Promise
"""A str, or what gettext_lazy() returns."""

Words = Callable[[Facts], Text] | Text
"""Text made of the facts: a function of them, or a Django template in which each fact has its name. Plain text either
way: nothing is escaped, since nothing is ever shown as HTML. It reads nothing else, the database least of all: it runs
for each frame, in the event loop of the sockets too."""

SummaryWords = Callable[[int], Text] | Text
"""Text about so many notifications: a function of their number, or a template with `count`."""

Channel = Literal["inbox", "toast", "desktop"]
CHANNELS: Final[tuple[Channel, ...]] = ("inbox", "toast", "desktop")
"""Where a notification goes: the list, without which there is nothing else; a toast in an open tab; the desktop, while
no tab is in front."""

NAME: Final = re.compile(r"[a-z][a-z0-9_.-]{0,49}")
"""What kinds are called."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notification: its name, and what is special about it. By default little.

    Raises ValueError, which names the field, for a declaration that cannot be.
    """

    name: str
    _: KW_ONLY
    label: Text = ""
    """What people read about it on the page of preferences. Empty: made of the name."""
    icon: str = ""
    """A static file, e.g. ``shop/truck.svg``. Empty: the bell."""
    importance: Literal["low", "normal", "high"] = "normal"
    """``high``: it is told in quiet hours, too, and its toast stays until it is dismissed. ``low``: only listed, unless
    somebody has chosen otherwise."""
    message: Words | None = None
    """Makes the message of a row whose caller wrote none. None: such a row shows the label."""
    body: Words | None = None
    """Makes the body of a row whose caller wrote none. None: it stays empty."""
    summary: SummaryWords | None = None
    """Makes the message of a summary. None: the number and the label."""
    channels: Collection[Channel] | None = None
    """Where it goes unless somebody has chosen otherwise. None: inbox and toast; of ``low`` importance the inbox."""
    thread: Words | None = None
    """Makes the thread of a row whose caller named none: what belongs together. None: no thread."""
    can_be_muted: bool = True
    """False: nobody can keep it out of their inbox, nor without a toast: it is told in quiet hours, too."""
    at_most: int | None = 20
    """How many a minute one person is told of; the others of that minute are listed, and a summary tells of them. None:
    of all."""
    keep: timedelta | None = None
    """How long it is kept. None: as long as BELLHOP says of all."""
    keep_newest: int | None = None
    """How many of one person are kept. None: as many as BELLHOP says of all."""

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(
                f"kind {self.name!r}: lower-case letters, digits, '_', '.', '-', at most 50"
            )
        if self.importance not in ("low", "normal", "high"):
            raise ValueError(f"kind {self.name!r}: importance: low, normal or high")
        if self.channels is not None:
            if isinstance(self.channels, str) or not set(self.channels) <= set(CHANNELS):
                raise ValueError(f"kind {self.name!r}: channels: of {', '.join(CHANNELS)}")
            # However it is written: a frozen one can be compared and kept.
            object.__setattr__(self, "channels", frozenset(self.channels))
        if not self.can_be_muted and not self.goes_to("inbox"):
            raise ValueError(
                f"kind {self.name!r}: channels: what cannot be muted goes to the inbox"
            )
        for field in ("at_most", "keep_newest"):
            value = getattr(self, field)
            if value is not None and (type(value) is not int or value < 1):
                raise ValueError(f"kind {self.name!r}: {field}: a whole number from 1, or None")
        if self.keep is not None and (
            not isinstance(self.keep, timedelta) or self.keep <= timedelta()
        ):
            raise ValueError(f"kind {self.name!r}: keep: a timedelta above zero, or None")

    def goes_to(self, channel: Channel) -> bool:
        """Return whether it goes there where nobody has chosen otherwise."""
        if self.channels is not None:
            return channel in self.channels
        return channel == "inbox" or (channel == "toast" and self.importance != "low")
