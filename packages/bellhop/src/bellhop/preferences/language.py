"""In which language a person reads: asked once for each notification, when it is saved."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any, Final

from django.db import DatabaseError
from django.utils import translation
from django.utils.module_loading import import_string

from bellhop.conf import conf
from bellhop.logs import get_logger, once_a_minute
from bellhop.models import write_database

log = get_logger(__name__)

_LANGUAGE_CODE: Final = ""


def languages_of(people: Mapping[Any, Any]) -> dict[Any, str]:
    """Return the language of each user, by id, as conf.LANGUAGE says; "" stands for LANGUAGE_CODE.

    So it does where conf.LANGUAGE fails, or names a language that the project does not have: then the log has a line.
    No query but those of the project's own function or attribute; their errors leave a caller's transaction usable.
    """
    chosen: Any = conf.LANGUAGE
    if chosen is None:
        return dict.fromkeys(people, _LANGUAGE_CODE)
    found: dict[Any, str] = {}
    try:
        # A statement that fails would spoil the transaction with all that follows in it.
        inside = write_database.connection().in_atomic_block
        with write_database.atomic() if inside else nullcontext():
            ask = _asks(chosen)
            for user_id, user in people.items():
                found[user_id] = _language(ask, user_id, user)
    except Exception as error:
        _failed(error)
    return {user_id: found.get(user_id, _LANGUAGE_CODE) for user_id in people}


def _asks(chosen: Any) -> Callable[[Any], Any]:
    if callable(chosen):
        return chosen
    if "." in chosen:
        return import_string(chosen)
    return lambda user: getattr(user, chosen)


def _language(ask: Callable[[Any], Any], user_id: Any, user: Any) -> str:
    try:
        language = ask(user)
        return translation.get_supported_language_variant(language) if language else _LANGUAGE_CODE
    except DatabaseError:
        raise
    except Exception as error:
        _failed(error, user=user_id)
        return _LANGUAGE_CODE


def _failed(error: Exception, **whose: Any) -> None:
    once_a_minute(log.warning, "language_failed", "LANGUAGE", error=repr(error)[:300], **whose)
