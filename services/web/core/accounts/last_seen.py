"""When each device was last seen: written at most once in EVERY for a session, and never at the cost of a request."""

import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta
from threading import Lock
from typing import Final

import structlog
from allauth.usersessions.models import UserSession
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from bellhop.saving.savepoint import shielded

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(minutes=5)

KEPT: Final = 20_000
"""Sessions that this process remembers; who comes back after as many others costs a query that changes nothing."""


class _Noted:
    """The sessions that this process has noted lately, the latest last."""

    def __init__(self) -> None:
        self._lock: Final = Lock()
        self._times: OrderedDict[str, float] = OrderedDict()

    def note(self, session_key: str) -> bool:
        """Note the session; return whether it was not, within EVERY."""
        now = time.monotonic()
        with self._lock:
            before = self._times.get(session_key)
            if before is not None and now - before < EVERY.total_seconds():
                return False
            self._times[session_key] = now
            self._times.move_to_end(session_key)
            while len(self._times) > KEPT:
                self._times.popitem(last=False)
        return True

    def forget(self) -> None:
        """Begin anew, for tests."""
        with self._lock:
            self._times.clear()


noted: Final = _Noted()


class LastSeenMiddleware:
    """Notes that the session of a request is in use, once the answer is made.

    Not allauth's own (USERSESSIONS_TRACK_ACTIVITY), which asks and writes at each request, and fails it where it
    cannot. Nothing is read here that the request has not read: the user has been loaded by DatabaseMiddleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # An answer of 5xx: the database may be why, and would be waited for once more.
        if response.status_code < 500 and request.session.accessed:
            key = request.session.session_key
            if key and request.user.is_authenticated and noted.note(key):
                _write(key)
        return response


def _write(session_key: str) -> None:
    """Write that the session is in use now, unless another process has done so within EVERY. One query."""
    now = timezone.now()
    device = UserSession.objects.filter(session_key=session_key, last_seen_at__lt=now - EVERY)
    try:
        with shielded():
            device.update(last_seen_at=now)
    except (DatabaseError, InterfaceError) as error:
        log.info("last_seen_lost", error=" ".join(str(error).split()))
