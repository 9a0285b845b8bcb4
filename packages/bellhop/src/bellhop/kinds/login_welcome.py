"""The kind "login": "Welcome back, NAME", from where and with what.

Its facts are made by bellhop.contrib.login: `name`, `at` (ISO 8601), `address`, `device`.
"""

from typing import Final

from bellhop.kinds.kind import Facts, Kind
from bellhop.kinds.registry import register


def _message(facts: Facts) -> str:
    return f"Welcome back, {facts.get('name') or 'you'}"


def _body(facts: Facts) -> str:
    address, device = facts.get("address"), facts.get("device")
    where = f" from {address}" if address else ""
    what = f" with {device}" if device else ""
    return f"Signed in{where}{what}." if where or what else ""


LOGIN: Final = Kind(
    "login",
    label="Sign-ins",
    message=_message,
    body=_body,
    can_be_muted=False,
    at_most=None,
)

register(LOGIN)
