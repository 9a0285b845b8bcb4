"""Undocumented parts of Django and allauth that this service uses: each with the reason, and what breaks without it.

tests/test_private_apis.py tries each against the installed version.
"""

from typing import Any, Final

from allauth.account.stages import EmailVerificationStage
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.handlers.wsgi import WSGIRequest
from django.utils.http import parse_header_parameters

__all__ = ["STAGE", "EmailVerificationStage", "Utf8Request", "error_behind"]

STAGE: Final = f"{EmailVerificationStage.__module__}.{EmailVerificationStage.__qualname__}"
"""allauth's own name for the step of a login that asks for a confirmed address.

core.accounts.adapter puts a subclass in its place, as no setting exempts accounts made by an administrator. If allauth
renames it, those accounts cannot sign in where EMAIL_VERIFICATION is mandatory.
"""


class Utf8Request(WSGIRequest):
    """A request in UTF-8, whatever its Content-Type says.

    Django believes any codec that Python has: some are none for text, and some make halves of surrogate pairs. That
    exception, and that of a header which it cannot read, would come before the first middleware. If Django no longer
    calls this method, such requests become 500s again.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            parsed = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            parsed = "", {}
        self.content_type, self.content_params = parsed


def error_behind(
    interrupted: SessionInterrupted, kinds: tuple[type[Exception], ...]
) -> Exception | None:
    """Return the error of those kinds that led to a session being called interrupted; None if there was none.

    Django says this of any failed update of a session, a lost database included. It names no cause, so what it was
    handling is looked at. If Django no longer raises the one while it handles the other, a database that is lost in
    that moment is answered with 400 instead of 503.
    """
    reason = interrupted.__context__
    while reason is not None and not isinstance(reason, kinds):
        reason = reason.__context__
    return reason
