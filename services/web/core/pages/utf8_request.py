"""Requests as this site takes them."""

from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.utils.http import parse_header_parameters


class Utf8Request(WSGIRequest):
    """A request in UTF-8, whatever its Content-Type says.

    Django believes any codec that Python has: some are none for text, and some make halves of surrogate pairs. That
    exception, and that of a header which it cannot read, would come before the first middleware.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            parsed = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            parsed = "", {}
        self.content_type, self.content_params = parsed
