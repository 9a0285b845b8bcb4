"""Who is let in, and from where: session, `after` and limits, checked in this order (the contract's)."""

from typing import Any, Final
from urllib.parse import parse_qs

from django.conf import settings

from bellhop.contract import CloseCode
from bellhop.models import InboxState
from core import feed, frames, logins
from core.database import ask_joining, sockets_lane, strangers_lane
from core.logins import Login, session_key
from core.registry import registry
from core.together import Together

_logins: Final = Together[str, Login](strangers_lane, lambda keys: logins.read_logins(keys))
_states: Final = Together[Login, InboxState](sockets_lane, lambda those: feed.first_looks(those))


class Refused(Exception):  # noqa: N818 - it is an answer, not an error of ours
    """The socket is accepted only to be closed with this code."""

    def __init__(self, code: CloseCode) -> None:
        self.code = code
        super().__init__(code)


async def admit(scope: dict[str, Any]) -> tuple[Login, int | None]:
    """Return whose socket this is and its `after`; raise Refused, or DatabaseError where nobody can tell."""
    key = session_key(scope)
    login = await _logins.ask(key) if key else None
    if login is None:
        raise Refused(CloseCode.NO_SESSION)
    after = _after(scope)
    if settings.RATE_LIMITS and registry.count(login.user_id) >= settings.SOCKETS_PER_USER:
        raise Refused(CloseCode.TOO_MANY)
    return login, after


async def standing(login: Login) -> InboxState:
    """Return where the user of a socket that has just joined stands; raise Refused if the session is over."""
    state = await _states.ask(login)
    if state is None:
        raise Refused(CloseCode.NO_SESSION)
    return state


async def first_missed(login: Login, start: int) -> feed.Missed:
    """Return what a socket that is being let in has missed."""
    return await ask_joining(login.user_id, feed.missed, login.user_id, start)


def _after(scope: dict[str, Any]) -> int | None:
    query_string = scope["query_string"].decode("latin-1")
    try:
        query = parse_qs(query_string, keep_blank_values=True, max_num_fields=20)
        return frames.parse_after(query.get("after", []))
    except ValueError:
        raise Refused(CloseCode.BAD_FRAME) from None
