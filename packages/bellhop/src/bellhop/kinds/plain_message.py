"""The kind "message": what notify() saves where its caller names no kind."""

from typing import Final

from bellhop.kinds.kind import Kind
from bellhop.kinds.registry import register

MESSAGE: Final = Kind("message", label="Messages", at_most=None)

register(MESSAGE)
