"""The kind "security": something about an account has changed, and its person shall know who did it, from where.

Its facts are made by whoever changes accounts (in our stack core.accounts.security_events): `event`, one of `EVENTS`;
`what`, an address or a device; `address` and `device` of who did it.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from bellhop.kinds.kind import Facts, Kind
from bellhop.kinds.registry import register

EVENTS: Final[Mapping[str, str | Promise]] = {
    "password_changed": gettext_lazy("Your password was changed"),
    "password_reset": gettext_lazy("Your password was reset"),
    "email_added": gettext_lazy("%(what)s was added to your account"),
    "email_changed": gettext_lazy("Your main e-mail address is now %(what)s"),
    "email_removed": gettext_lazy("%(what)s was removed from your account"),
    "email_confirmed": gettext_lazy("%(what)s was confirmed as yours"),
    "device_signed_out": gettext_lazy("%(what)s was signed out"),
    "devices_signed_out": gettext_lazy("All other devices were signed out"),
}
"""What may have happened, and what its person reads."""


def _message(facts: Facts) -> str:
    words = EVENTS.get(str(facts.get("event")))
    if words is None:
        return gettext("Something about your account has changed")
    return str(words) % {"what": facts.get("what") or gettext("Something")}


def _body(facts: Facts) -> str:
    address, device = facts.get("address"), facts.get("device")
    told = {"address": address, "device": device}
    where = ""
    if address and device:
        where = gettext("From %(address)s with %(device)s.") % told
    elif address:
        where = gettext("From %(address)s.") % told
    return f"{where} {gettext('Was it not you? Change your password.')}".strip()


SECURITY: Final = Kind(
    "security",
    label=gettext_lazy("Your account"),
    importance="high",
    message=_message,
    body=_body,
    can_be_muted=False,
    at_most=None,
)

register(SECURITY)
