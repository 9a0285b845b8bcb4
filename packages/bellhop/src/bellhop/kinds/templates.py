"""Django templates as words: plain text, of nothing but what they are given."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from django.template import Context, Engine, Template

# Nothing on disk belongs to it: `include` and `extends` find nothing.
_engine: Final = Engine(
    autoescape=False,
    libraries={
        "i18n": "django.templatetags.i18n",
        "l10n": "django.templatetags.l10n",
        "tz": "django.templatetags.tz",
    },
)


@lru_cache(maxsize=1024)
def compiled(source: str) -> Template:
    """Return the template of that source, compiled once a process. Raises TemplateSyntaxError."""
    return _engine.from_string(source)


def render(source: str, values: Mapping[str, Any]) -> str:
    """Return the text that the template makes of the values, nothing escaped. Raises whatever a template raises."""
    return compiled(source).render(Context(dict(values), autoescape=False))
