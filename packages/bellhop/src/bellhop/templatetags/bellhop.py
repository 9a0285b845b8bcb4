"""`{% load bellhop %}`: the bell in Django's templates. For Jinja2 there is `bellhop.jinja2`."""

from typing import Final

from django.template import Context, Library
from django.utils.safestring import SafeString

from bellhop.http import element

register = Library()

_STYLE: Final = "bellhop inbox style"


@register.simple_tag(takes_context=True)
def bellhop_bell(
    context: Context, *, script: bool = True, title_count: bool = False, nonce: str | None = None
) -> SafeString:
    """Render the bell. The same for everybody: it may be cached, and needs no request.

    `script=False` leaves the script out, for a place inside of `{% cache %}` in a page whose CSP has nonces;
    `title_count=True` puts the count in front of the page's title; `nonce` is for a CSP that Django's own
    context processor and django-csp know nothing of. Raises ImproperlyConfigured without bellhop.urls.
    """
    return element.bell(context, script=script, title_count=title_count, nonce=nonce)


@register.simple_tag(takes_context=True)
def bellhop_script(context: Context, *, nonce: str | None = None) -> SafeString:
    """Render the script alone, once, wherever the page has its scripts."""
    return element.bell_script(context, nonce=nonce)


@register.simple_tag(takes_context=True)
def bellhop_inbox_style(context: Context, *, nonce: str | None = None) -> SafeString:
    """Render the link to the style of the inbox page, once a page.

    `bellhop/inbox_content.html` has it. A base.html that has it in its <head> is drawn sooner: a style sheet in the
    body holds up what comes after it.
    """
    return element.inbox_style(context, nonce=nonce) if _is_first(context) else SafeString()


@register.simple_tag(takes_context=True)
def bellhop_preferences_style(context: Context, *, nonce: str | None = None) -> SafeString:
    """Render the links to the styles of the page of preferences; its template has them already."""
    style = bellhop_inbox_style(context, nonce=nonce)
    return style + element.preferences_style(context, nonce=nonce)


def _is_first(context: Context) -> bool:
    """Tell whether the style has not been rendered before, in this page."""
    # What the outermost template keeps while it is rendered; those that it includes share it.
    page = context.render_context.dicts[1]
    is_first = _STYLE not in page
    page[_STYLE] = "rendered"
    return is_first
