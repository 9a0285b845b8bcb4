"""The kind "login": "Welcome back, NAME", from where and with what.

Its facts are made by bellhop.contrib.login: `name`, `at` (ISO 8601), `address`, `device`.
"""

from typing import Final

from django.utils.translation import gettext, gettext_lazy

from bellhop.kinds.kind import Facts, Kind
from bellhop.kinds.registry import register


def _message(facts: Facts) -> str:
    if not (name := facts.get("name")):
        return gettext("Welcome back, you")
    return gettext("Welcome back, %(name)s") % {"name": name}


def _body(facts: Facts) -> str:
    address, device = facts.get("address"), facts.get("device")
    told = {"address": address, "device": device}
    if address and device:
        return gettext("Signed in from %(address)s with %(device)s.") % told
    if address:
        return gettext("Signed in from %(address)s.") % told
    return gettext("Signed in with %(device)s.") % told if device else ""


LOGIN: Final = Kind(
    "login",
    label=gettext_lazy("Sign-ins"),
    message=_message,
    body=_body,
    can_be_muted=False,
    at_most=None,
)

register(LOGIN)
