"""What the system checks say."""

from collections.abc import Iterator, Sequence

from django.core.checks import ERROR, CheckMessage, run_checks

from bellhop.checks.carefully import TAG
from bellhop.checks.running.findings import Finding, missing, note, ok, words


def try_settings() -> Iterator[Finding]:
    """Yield each error of the project's system checks, and each warning of ours. Asks no database for anything."""
    is_well = True
    messages: Sequence[CheckMessage]
    try:
        messages = run_checks()
    except Exception as error:
        # Somebody else's check: MySQL's connects, for one.
        is_well = False
        yield missing(f"settings: a system check fails: {words(error)}. Run python manage.py check")
        messages = run_checks(tags=[TAG])
    for message in messages:
        is_error = message.level >= ERROR
        if message.is_silenced() or not (is_error or str(message.id).startswith(f"{TAG}.")):
            continue
        text = f"{message.id or message.obj}: {message.msg} {message.hint or ''}"
        is_well &= not is_error
        yield missing(text) if is_error else note(text)
    if is_well:
        yield ok("settings: no system check has found an error")
