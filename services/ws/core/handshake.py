"""Who is let in, and from where: session, `after` and limits, checked in this order (the contract's)."""

from typing import Any
from urllib.parse import parse_qs

from django.conf import settings

from bellhop.contract import CloseCode
from core import frames
from core.beat import beat
from core.database import ask
from core.logins import Login, read_login, session_key


class Refused(Exception):  # noqa: N818 - it is an answer, not an error of ours
    """The socket is accepted only to be closed with this code."""

    def __init__(self, code: CloseCode) -> None:
        self.code = code
        super().__init__(code)


async def admit(scope: dict[str, Any]) -> tuple[Login, int | None]:
    """Return whose socket this is and its `after`; raise Refused, or DatabaseError where nobody can tell."""
    login = await ask(read_login, session_key(scope))
    if login is None:
        raise Refused(CloseCode.NO_SESSION)
    after = _after(scope)
    if settings.RATE_LIMITS and beat.count(login.user_id) >= settings.SOCKETS_PER_USER:
        raise Refused(CloseCode.TOO_MANY)
    return login, after


def _after(scope: dict[str, Any]) -> int | None:
    query_string = scope["query_string"].decode("latin-1")
    try:
        query = parse_qs(query_string, keep_blank_values=True, max_num_fields=20)
        return frames.parse_after(query.get("after", []))
    except ValueError:
        raise Refused(CloseCode.BAD_FRAME) from None
