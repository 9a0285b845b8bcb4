"""What the package's checks say of the settings as a test has made them."""

from collections.abc import Sequence

from django.core.checks import CheckMessage, run_checks

from bellhop.checks.carefully import TAG


def messages(databases: Sequence[str] = ()) -> dict[str, CheckMessage]:
    """Return what the package's checks find, by id; of several with one id the last."""
    return {
        str(message.id): message for message in run_checks(tags=[TAG], databases=list(databases))
    }


def ids(databases: Sequence[str] = ()) -> set[str]:
    """Return the ids of what the package's checks find."""
    return set(messages(databases))
