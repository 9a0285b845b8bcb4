"""Expired sessions of the project's own store (SESSION_ENGINE): deleted, and then whoever keeps more is told.

They are of use to nobody, and Django deletes them only where somebody calls `manage.py clearsessions`.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.contrib.sessions.backends import db
from django.utils import timezone

from bellhop.logs import get_logger
from bellhop.retention.signals import pruning

log = get_logger(__name__)

AT_ONCE: Final = 500
"""Sessions of one statement: the store's own way loads all of them at once where anybody hears of deletions."""

_DJANGOS: Final = db.SessionStore.clear_expired.__func__  # type: ignore[attr-defined]


def clear() -> Iterator[int]:
    """Delete expired sessions, AT_ONCE at a time where they are rows; yield how many; at the end send `pruning`.

    Of a store in a cache nothing is left to delete. Never raises: an error is logged, and what is left is left to the
    next time.
    """
    try:
        yield from _clear()
    except Exception as error:
        # The project's own store, its database, its cache: whatever it is, the rest goes on.
        log.warning("expired_sessions_left", error=" ".join(str(error).split()))
    for receiver, answer in pruning.send_robust(sender=None):
        if isinstance(answer, int):
            yield answer
        elif isinstance(answer, Exception):
            name = getattr(receiver, "__qualname__", repr(receiver))
            log.warning("pruning_failed", receiver=name, error=" ".join(str(answer).split()))


def _clear() -> Iterator[int]:
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    if getattr(store.clear_expired, "__func__", None) is not _DJANGOS:
        store.clear_expired()
        return
    sessions = store.get_model_class()._default_manager
    while True:
        expired = sessions.filter(expire_date__lt=timezone.now())
        keys = list(expired.values_list("pk", flat=True)[:AT_ONCE])
        if keys:
            # Asked again: one that its owner has used meanwhile lives on.
            yield expired.filter(pk__in=keys).delete()[0]
        if len(keys) < AT_ONCE:
            return
