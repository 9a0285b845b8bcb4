"""Mail written to the log for a person to read, and the 503 for a request whose mail cannot leave."""

import sys
import textwrap
from collections.abc import Callable, Sequence

import structlog
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import HttpRequest, HttpResponse

from core.pages import errors

log = structlog.get_logger(__name__)


class LogBackend(BaseEmailBackend):
    """Writes one event a mail, `mail_written`, and below it the text as its author wrote it.

    Django's console backend writes what goes over the wire: there, a long link is cut by `=` at the end of
    each line, and can neither be clicked nor copied.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the mails; return how many."""
        for message in email_messages:
            log.info("mail_written", to=" ".join(message.recipients()), subject=message.subject)
            # One write, so that no other thread's line comes between.
            sys.stdout.write(textwrap.indent(str(message.body).strip(), "    ") + "\n")
            sys.stdout.flush()
        return len(email_messages)


class MailAwayError(Exception):
    """A mail that a person waits for could not be handed to the mail server."""


class MailMiddleware:
    """Answers a MailAwayError that no form has answered with a 503 page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return errors.mail_away(request) if isinstance(error, MailAwayError) else None
