"""Who is let in, and from where: session, `after`, `rev` and limits, checked in this order (the contract's)."""

from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs

from bellhop.conf import conf
from bellhop.contract import CloseCode
from bellhop.database.query_threads import ask_joining, sockets_lane, strangers_lane
from bellhop.sessions import cookie_to_user
from bellhop.sessions.cookie_to_user import Login, session_key
from bellhop.sockets import check_client_frames, missed_notifications
from bellhop.sockets.admission.batch_database_questions import Together
from bellhop.sockets.open_sockets import registry

_logins: Final = Together[str, Login](strangers_lane, lambda keys: cookie_to_user.read_logins(keys))
_states: Final = Together[Login, missed_notifications.Look](
    sockets_lane, lambda those: missed_notifications.first_looks(those)
)


class Refused(Exception):  # noqa: N818 - it is an answer, not an error of ours
    """The socket is accepted only to be closed with this code."""

    def __init__(self, code: CloseCode) -> None:
        self.code = code
        super().__init__(code)


class Start(NamedTuple):
    """What a browser says that it has, if it does: every notification up to seq `after`, every change up to `rev`."""

    after: int | None
    rev: int | None


async def admit(scope: dict[str, Any]) -> tuple[Login, Start]:
    """Return whose socket this is and where it starts; raise Refused, or DatabaseError where nobody can tell."""
    key = session_key(scope)
    login = await _logins.ask(key) if key else None
    if login is None:
        raise Refused(CloseCode.NO_SESSION)
    start = _start(scope)
    if conf.RATE_LIMITS and registry.count(login.user_id) >= conf.SOCKETS_PER_USER:
        raise Refused(CloseCode.TOO_MANY)
    return login, start


async def standing(login: Login) -> missed_notifications.Look:
    """Return where the user of a socket that has just joined stands; raise Refused if the session is over."""
    look = await _states.ask(login)
    if look is None:
        raise Refused(CloseCode.NO_SESSION)
    return look


async def first_missed(login: Login, start: int) -> missed_notifications.Missed:
    """Return what a socket that is being let in has missed."""
    return await ask_joining(login.user_id, missed_notifications.missed, login.user_id, start)


def _start(scope: dict[str, Any]) -> Start:
    query_string = scope["query_string"].decode("latin-1")
    try:
        query = parse_qs(query_string, keep_blank_values=True, max_num_fields=20)
        return Start(
            *(
                check_client_frames.parse_number(name, query.get(name, []))
                for name in ("after", "rev")
            )
        )
    except ValueError:
        raise Refused(CloseCode.BAD_FRAME) from None
