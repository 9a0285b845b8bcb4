"""The devices on which a person is signed in: allauth's list of sessions, written and read in a few queries.

allauth's own receivers and view ask three queries for each session of the user: with fifty sessions, 150 at each login.
"""

import re
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.signals import password_changed, password_set, user_logged_in
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from bellhop.contrib.device_names import describe, user_agent
from bellhop.retention.signals import pruning
from bellhop.sessions.signature import is_signed_for
from core.accounts import last_seen, security_events

AT_ONCE: Final = 1000
"""Devices that one statement forgets."""

_ID: Final = re.compile("[0-9]{1,9}")
"""What the rows' ids look like."""


@receiver([user_logged_in, password_changed, password_set])
def remember(request: HttpRequest, user: AbstractBaseUser, **others: Any) -> None:
    """Add the request's session to the user's devices, and forget those of the user's sessions that are over.

    Two queries, however many sessions the user has; raises DatabaseError. A session that is listed already, because
    the same person signs in again with it, keeps its place.
    """
    length = UserSession._meta.get_field("user_agent").max_length
    device = UserSession(
        user_id=user.pk,
        session_key=request.session.session_key,
        ip=get_adapter().get_client_ip(request),
        user_agent=user_agent(request)[:length],
    )
    with transaction.atomic():
        _over().filter(user_id=user.pk).exclude(session_key=device.session_key).delete()
        UserSession.objects.bulk_create(
            [device],
            update_conflicts=True,
            unique_fields=["session_key"],
            update_fields=["user", "ip", "user_agent", "last_seen_at"],
        )
    last_seen.noted.note(device.session_key)


def _over() -> QuerySet[UserSession]:
    """Return the devices whose session has expired or been deleted."""
    living = Session.objects.filter(
        session_key=OuterRef("session_key"), expire_date__gt=timezone.now()
    )
    return UserSession.objects.filter(~Exists(living))


def forget_expired() -> None:
    """Delete every expired session and its device, in two queries.

    Not by Django's `clearsessions`, which loads each row to tell the receivers of its deletion: an expired session has
    no sockets to close.
    """
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(Session._meta.db_table)
        cursor.execute(f"DELETE FROM {table} WHERE expire_date <= now()")  # noqa: S608 - a constant
    _over().delete()


@receiver(pruning)
def forget_devices(**others: Any) -> int:
    """Delete the devices whose session is over, AT_ONCE at a time; return how many that were. Raises DatabaseError."""
    done = 0
    while some := list(_over().values_list("pk", flat=True)[:AT_ONCE]):
        done += _over().filter(pk__in=some).delete()[0]
    return done


def living(user: AbstractBaseUser) -> list[UserSession]:
    """Return the devices on which that user is signed in, newest first, in two queries."""
    known = list(UserSession.objects.filter(user_id=user.pk).order_by("-created_at"))
    rows = Session.objects.filter(
        session_key__in=[session.session_key for session in known],
        expire_date__gt=timezone.now(),
    )
    signed_in = {row.session_key for row in rows if is_signed_for(row.get_decoded(), user)}
    return [session for session in known if session.session_key in signed_in]


class DevicesView(ListUserSessionsView):
    """The page of devices. Its forms end one other session, or all but the one that sends it.

    Devices are named by the ids of their rows: a session key opens an account, and stands in no page.
    """

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "device" in request.POST:
            return self._sign_out(request.POST["device"])
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        security_events.changed(self.request, self.request.user, "devices_signed_out")
        return answer

    def _sign_out(self, chosen: str) -> HttpResponse:
        """End that session of the person's own, and say so; another's, or one that is over, is told as over."""
        here = self.request.session.session_key
        own = UserSession.objects.filter(user_id=self.request.user.pk).exclude(session_key=here)
        device = own.filter(pk=int(chosen)).first() if _ID.fullmatch(chosen) else None
        if device is None:
            messages.info(self.request, _("That device was signed out already."))
        else:
            # Deletes the session's row: its sockets close (bellhop.sessions.logout_closes_sockets).
            device.end()
            name = _name(device)
            security_events.changed(self.request, self.request.user, "device_signed_out", name)
            messages.success(self.request, _("%(device)s is signed out.") % {"device": name})
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # FormView's own, past allauth's, which asks for each session in turn.
        context: dict[str, Any] = FormView.get_context_data(self, **kwargs)
        here = self.request.session.session_key
        devices = [
            {
                "id": session.pk,
                "name": _name(session),
                "address": session.ip,
                "since": session.created_at,
                "seen": session.last_seen_at,
                "is_here": session.session_key == here,
            }
            for session in living(self.request.user)
        ]
        # This one first, then by when they were seen last; living() has them newest first.
        devices.sort(key=lambda device: (device["is_here"], device["seen"]), reverse=True)
        context["devices"] = devices
        return context


def _name(session: UserSession) -> str:
    return describe(session.user_agent) or _("A program without a name")
