"""Checks how the language of a person is found."""

from collections.abc import Iterator, Sequence

from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error

from bellhop.checks.carefully import registered
from bellhop.checks.setting.bellhop_setting import chosen
from bellhop.checks.setting.functions import trouble_with
from bellhop.checks.setting.value_rules import RULES


@registered()
def language_of_users(_: Sequence[str]) -> Iterator[CheckMessage]:
    """Yield an error for a function that cannot be imported, or an attribute that users do not have."""
    name = chosen("LANGUAGE")
    if not isinstance(name, str) or not RULES["LANGUAGE"].allows(name):
        return
    if "." not in name:
        if not hasattr(get_user_model(), name):
            yield _no_language(name, f"is no attribute of {get_user_model().__name__}")
        return
    if what := trouble_with(name):
        yield _no_language(name, what)


def _no_language(name: str, what: str) -> Error:
    return Error(
        f'BELLHOP["LANGUAGE"], {name!r}, {what}.',
        hint="Write the name of an attribute of the user, or the dotted path of a function: def language(user) -> str",
        id="bellhop.E046",
    )
