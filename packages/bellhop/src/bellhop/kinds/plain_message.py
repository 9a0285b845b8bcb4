"""The kind "message": what notify() saves where its caller names no kind."""

from typing import Final

from django.utils.translation import gettext_lazy

from bellhop.kinds.kind import Kind
from bellhop.kinds.registry import register

MESSAGE: Final = Kind("message", label=gettext_lazy("Messages"), at_most=None)

register(MESSAGE)
