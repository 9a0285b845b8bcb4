"""Who is let in, and from where: session, `after` and limits, checked in this order (the contract's)."""

from typing import Any, Final
from urllib.parse import parse_qs

from bellhop.conf import conf
from bellhop.contract import CloseCode
from bellhop.database.query_threads import ask_joining, sockets_lane, strangers_lane
from bellhop.models import InboxState
from bellhop.sessions import cookie_to_user
from bellhop.sessions.cookie_to_user import Login, session_key
from bellhop.sockets import check_client_frames, missed_notifications
from bellhop.sockets.admission.batch_database_questions import Together
from bellhop.sockets.open_sockets import registry

_logins: Final = Together[str, Login](strangers_lane, lambda keys: cookie_to_user.read_logins(keys))
_states: Final = Together[Login, InboxState](
    sockets_lane, lambda those: missed_notifications.first_looks(those)
)


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
    if conf.RATE_LIMITS and registry.count(login.user_id) >= conf.SOCKETS_PER_USER:
        raise Refused(CloseCode.TOO_MANY)
    return login, after


async def standing(login: Login) -> InboxState:
    """Return where the user of a socket that has just joined stands; raise Refused if the session is over."""
    state = await _states.ask(login)
    if state is None:
        raise Refused(CloseCode.NO_SESSION)
    return state


async def first_missed(login: Login, start: int) -> missed_notifications.Missed:
    """Return what a socket that is being let in has missed."""
    return await ask_joining(login.user_id, missed_notifications.missed, login.user_id, start)


def _after(scope: dict[str, Any]) -> int | None:
    query_string = scope["query_string"].decode("latin-1")
    try:
        query = parse_qs(query_string, keep_blank_values=True, max_num_fields=20)
        return check_client_frames.parse_after(query.get("after", []))
    except ValueError:
        raise Refused(CloseCode.BAD_FRAME) from None
