"""The devices on which a person is signed in: allauth's list of sessions, written and read in a few queries.

allauth's own receivers and view ask three queries for each session of the user: with fifty sessions, 150 at each login.
"""

from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.signals import password_changed, password_set, user_logged_in
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.views.generic import FormView

from bellhop.contrib.device_names import describe, user_agent
from bellhop.retention.signals import pruning
from bellhop.sessions.signature import is_signed_for

AT_ONCE: Final = 1000
"""Devices that one statement forgets."""


@receiver([user_logged_in, password_changed, password_set])
def remember(request: HttpRequest, user: AbstractBaseUser, **_: Any) -> None:
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
def forget_devices(**_: Any) -> int:
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
    """The page of devices; its form ends all sessions but the one that sends it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # FormView's own, past allauth's, which asks for each session in turn.
        context: dict[str, Any] = FormView.get_context_data(self, **kwargs)
        here = self.request.session.session_key
        context["devices"] = [
            {
                "name": describe(session.user_agent) or "A program without a name",
                "address": session.ip,
                "since": session.created_at,
                "is_here": session.session_key == here,
            }
            for session in living(self.request.user)
        ]
        return context
