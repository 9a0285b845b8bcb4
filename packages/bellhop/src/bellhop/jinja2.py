"""The bell in Jinja2's templates: `{{ bellhop_bell() }}`, after

    environment.globals.update(bellhop_bell=bellhop_bell, bellhop_script=bellhop_script)

in the function that the project's TEMPLATES name as `environment`. The tags' arguments and errors.
"""

from django.utils.safestring import SafeString
from jinja2 import pass_context
from jinja2.runtime import Context

from bellhop.http import element

# A SafeString has `__html__`: Jinja2 escapes it no second time.


@pass_context
def bellhop_bell(
    context: Context, *, script: bool = True, title_count: bool = False, nonce: str | None = None
) -> SafeString:
    """Render the bell, as the tag of that name does."""
    return element.bell(context, script=script, title_count=title_count, nonce=nonce)


@pass_context
def bellhop_script(context: Context, *, nonce: str | None = None) -> SafeString:
    """Render the script alone, as the tag of that name does."""
    return element.bell_script(context, nonce=nonce)
