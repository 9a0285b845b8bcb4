"""allauth's accounts with this site's rules: mail that cannot leave or is not sent; addresses that need no proof."""

from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from smtplib import SMTPException
from typing import Any, Final

import structlog
from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from core import private_apis
from core.accounts import security_events
from core.accounts.mail import MailAwayError
from core.pages import errors

log = structlog.get_logger(__name__)

_AWAY: Final = gettext_lazy(
    "Mail cannot be sent just now, so nothing was changed. Please try again in a few minutes."
)


class AccountAdapter(DefaultAccountAdapter):
    """allauth's hooks: how mail is sent, and which steps a login has."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send the mail, or raise MailAwayError. A site that sends none sends none, and logs no link either."""
        if not settings.SENDS_MAIL:
            log.info("mail_not_sent", mail=template_prefix, variable="EMAIL_URL")
            return
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            log.warning("mail_lost", mail=template_prefix, error=" ".join(str(error).split()))
            # allauth has counted it as sent: for minutes nobody could have it sent again.
            ratelimit.clear(self.request, action="confirm_email", key=email.lower())
            raise MailAwayError from error

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send word of a change that has been made. The change stands, whether the mail leaves or not."""
        with suppress(MailAwayError):  # logged as mail_lost
            super().send_notification_mail(*args, **kwargs)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse to look where there were too many failures before, and note it."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            security_events.login_locked(request, _typed(credentials))
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        security_events.login_failed(request, _typed(credentials))

    def get_login_stages(self) -> list[str]:
        """Return allauth's steps, with ours in place of the one that asks for a confirmed address."""
        own = {private_apis.STAGE: "core.accounts.adapter.EmailVerificationStage"}
        return [own.get(stage, stage) for stage in super().get_login_stages()]


def _typed(credentials: Mapping[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "")


class EmailVerificationStage(private_apis.EmailVerificationStage):
    """allauth's, except that it locks out no account that the shell or an administrator has made."""

    def handle(self) -> Any:
        is_mandatory = self.login.email_verification == EmailVerificationMethod.MANDATORY
        return (
            (None, True) if is_mandatory and _is_vouched_for(self.login.user) else super().handle()
        )


def _is_vouched_for(user: Any) -> bool:
    """Return whether an administrator has made the account, so that its address needs no confirmation. May ask a query.

    Superusers are made by a shell or another superuser, and so are accounts without any address: the sign-up asks for
    one.
    """
    if user is None or user.is_superuser:
        return user is not None
    return not user.email and not EmailAddress.objects.filter(user_id=user.pk).exists()


class SendsMail:
    """A form whose mail may fail to leave: then nothing has changed, a 503, and the typed fields are still there."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return self._form_valid(form)
        except MailAwayError:
            return self._unsent(form)

    def _form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        return response

    def _unsent(self: Any, form: Any) -> HttpResponse:
        form.add_error(None, _AWAY)
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return errors.try_again(response)


class LoginView(SendsMail, views.LoginView):
    """A login sends the mail that confirms an address, where that is mandatory."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            # Without a transaction around it: nothing is saved before that mail, and a login is counted in queries.
            return self._form_valid(form)
        except MailAwayError:
            return self._unsent(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Answer a lock with the status that programs understand; the page is the form all the same."""
        response: HttpResponse = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, "too_many_login_attempts"):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        return response


class SignupView(SendsMail, views.SignupView):
    """Makes an account once its mail is on the way."""

    def form_valid(self, form: Any) -> HttpResponse:
        if settings.ACCOUNT_EMAIL_VERIFICATION == "none":
            return self._form_valid(form)
        return super().form_valid(form)


class EmailView(SendsMail, views.EmailView):
    """Adds an address once its mail is on the way."""


class PasswordResetView(SendsMail, views.PasswordResetView):
    """Sends a link by mail, or answers that this site sends none and names the person to ask."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.SENDS_MAIL:
            return super().dispatch(request, *args, **kwargs)
        status = 200 if request.method in ("GET", "HEAD") else 503
        return render(request, "account/no_mail.html", status=status)
