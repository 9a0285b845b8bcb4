"""What a notification says where its caller wrote nothing, in the language of who receives it.

Words that raise, or give no text, cost nobody a notification: what they would have said is left out, and the log has a
line. Nothing here asks the database or blocks.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any, Final

from django.conf import settings
from django.templatetags.static import static
from django.utils import translation
from django.utils.functional import Promise

from bellhop.contract import FRAME_BYTES
from bellhop.kinds import registry
from bellhop.kinds.kind import Facts, Kind
from bellhop.kinds.plain_text import one_line, visible
from bellhop.kinds.templates import render
from bellhop.logs import get_logger, once_a_minute

log = get_logger(__name__)

_MOST: Final = 2 * FRAME_BYTES
"""Characters of a text that are looked at: more of it than a frame has bytes."""

THREAD_LENGTH: Final = 200

RESTART: Final = (
    "no bellhop_kinds.py that this process has loaded declares it; restart what was started before"
)


def message(name: str, facts: Facts, language: str, *, sums_up: int | None = None) -> str:
    """Return the one line that a notification of that kind's name shows; never empty.

    Of a summary `sums_up` is the number that it tells of. Where the kind has no words, or they fail, the kind's label;
    for an undeclared kind its name.
    """
    kind = registry.find(name)
    with _in(language):
        if sums_up is None:
            said = _said(kind, "message", kind.message, facts, facts)
        else:
            said = _said(kind, "summary", kind.summary, sums_up, {"count": sums_up})
        if line := one_line(said):
            return line
        if registry.is_declared(kind):
            what = label(kind)
        else:
            # Most likely declared since this process was started.
            once_a_minute(log.warning, "kind_unknown", name, note=RESTART)
            what = one_line(name) or "Notification"
    return what if sums_up is None else f"{sums_up} × {what}"  # noqa: RUF001


def body(name: str, facts: Facts, language: str) -> str:
    """Return what a notification of that kind's name says below its message; empty where the kind has no words."""
    kind = registry.find(name)
    if kind.body is None:
        return ""
    with _in(language):
        return _said(kind, "body", kind.body, facts, facts)


def thread(name: str, facts: Facts) -> str:
    """Return what a notification of that kind's name belongs to; empty: to nothing."""
    kind = registry.find(name)
    if kind.thread is None:
        return ""
    # In one language for all, or what belongs together would have two names.
    with _in(""):
        return one_line(_said(kind, "thread", kind.thread, facts, facts))[:THREAD_LENGTH]


def label(kind: Kind) -> str:
    """Return what people read about the kind, in the language that is active now; made of its name where none is."""
    said = one_line(_said(kind, "label", str, kind.label, {}))
    plain = " ".join(part for part in kind.name.replace("_", ".").replace("-", ".").split("."))
    return said or plain.capitalize()


def icon(name: str) -> str:
    """Return the address of the kind's icon; empty: it has none, or the project's static files do not have it."""
    kind = registry.find(name)
    if not kind.icon:
        return ""
    try:
        return str(static(kind.icon))
    except Exception as error:
        once_a_minute(log.warning, "icon_missing", kind.name, icon=kind.icon, error=repr(error))
        return ""


def _said(kind: Kind, field: str, words: Any, given: Any, values: Mapping[str, Any]) -> str:
    """Return the text of words: of a function, given that; of a template, in which the values have their names."""
    if words is None:
        return ""
    try:
        text = _text(words, given, values)
    except Exception as error:
        once_a_minute(log.warning, "words_failed", kind.name, field=field, error=repr(error)[:300])
        return ""
    return visible(text[:_MOST])


def _text(words: Any, given: Any, values: Mapping[str, Any]) -> str:
    if isinstance(words, str | Promise):
        return render(str(words), values)
    function: Callable[[Any], Any] = words
    # What it does to its facts must not change the frame's.
    text = function(dict(given) if isinstance(given, Mapping) else given)
    if not isinstance(text, str | Promise):
        raise TypeError(f"text, not {type(text).__name__}")
    return str(text)


def _in(language: str) -> AbstractContextManager[Any]:
    """Return a context in which that language is active; one that the project does not have is LANGUAGE_CODE."""
    wanted = settings.LANGUAGE_CODE
    if language:
        with suppress(LookupError, ValueError):
            wanted = translation.get_supported_language_variant(language)
    return nullcontext() if translation.get_language() == wanted else translation.override(wanted)
