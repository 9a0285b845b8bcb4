"""Checks that the list of notifications is seen in the project's own pages."""

from collections.abc import Iterator, Sequence

from django.core.checks import CheckMessage, Warning
from django.template.loader import get_template
from django.urls import reverse

from bellhop.checks.carefully import registered
from bellhop.checks.installed import pages_urlconf

HINT = (
    'Write templates/bellhop/inbox.html: {% extends "base.html" %}{% block <yours> %}'
    '{% include "bellhop/inbox_content.html" %}{% endblock %}'
)


@registered()
def base_template(_: Sequence[str]) -> Iterator[CheckMessage]:
    """Yield a warning where the project's base.html has no place for the list, and no page of its own has one."""
    if not pages_urlconf():
        return
    try:
        reverse("bellhop:inbox")
        page = get_template("bellhop/inbox.html")
    except Exception:
        # The page is not served here, or the addresses cannot be loaded: others say so.
        return
    # A socket server has no pages, and would load this for nothing.
    from bellhop.http.base_template import lacks_content

    if lacks_content(page):
        yield Warning(
            "base.html has no block named content: the inbox page stands in a bare page of the package's own.",
            hint=HINT,
            id="bellhop.W012",
        )
