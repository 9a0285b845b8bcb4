"""Where a person is signed in. allauth keeps the list; asked for all of it at once, it costs a few queries.

allauth's own way asks up to three queries for each session, at each login.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.generic import FormView

from bellhop.contrib.device_names import describe, user_agent

_USER = get_user_model()._meta
_REMEMBER = f"""
    WITH noted AS (
        UPDATE {_USER.db_table} SET last_login = %(now)s WHERE {_USER.pk.column} = %(user)s
    ), forgotten AS (
        DELETE FROM {UserSession._meta.db_table} AS device
         WHERE user_id = %(user)s AND session_key <> %(key)s
           AND NOT EXISTS (SELECT FROM {Session._meta.db_table} AS session
                            WHERE session.session_key = device.session_key AND expire_date > %(now)s)
    )
    INSERT INTO {UserSession._meta.db_table}
           (user_id, session_key, created_at, last_seen_at, ip, user_agent, data)
    VALUES (%(user)s, %(key)s, %(now)s, %(now)s, %(ip)s, %(user_agent)s, '{{}}')
    ON CONFLICT (session_key) DO UPDATE
       SET user_id = excluded.user_id, ip = excluded.ip, user_agent = excluded.user_agent,
           last_seen_at = excluded.last_seen_at
"""  # noqa: S608 - names of tables, our own and Django's


def remember(request: HttpRequest, user: AbstractBaseUser, **_: Any) -> None:
    """Receive allauth's user_logged_in: note the time, forget which of the user's sessions are over, add the new one.

    Django's `update_last_login` and allauth's `create_from_request` in one statement. Who signs in again as the same
    person keeps the session.
    """
    now = timezone.now()
    length = UserSession._meta.get_field("user_agent").max_length
    values = {
        "user": user.pk,
        "now": now,
        "key": request.session.session_key,
        "ip": get_adapter().get_client_ip(request),
        "user_agent": user_agent(request)[:length],
    }
    with connection.cursor() as cursor:
        cursor.execute(_REMEMBER, values)
    # Links to reset a password are signed with it.
    user.last_login = now


def forget_expired() -> None:
    """Delete every expired session, and what is listed of it.

    Not by `clearsessions`, which loads each row to tell whoever listens that it goes: nobody is signed in with it.
    """
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(Session._meta.db_table)
        cursor.execute(f"DELETE FROM {table} WHERE expire_date <= now()")  # noqa: S608 - a constant
    living = Session.objects.filter(
        session_key=OuterRef("session_key"), expire_date__gt=timezone.now()
    )
    UserSession.objects.filter(~Exists(living)).delete()


def living(user: AbstractBaseUser) -> list[UserSession]:
    """Return the sessions with which that user is signed in, newest first, in two queries."""
    known = list(UserSession.objects.filter(user_id=user.pk).order_by("-created_at"))
    rows = Session.objects.filter(
        session_key__in=[session.session_key for session in known],
        expire_date__gt=timezone.now(),
    )
    signed_in = {row.session_key for row in rows if _is_signed_for(user, row.get_decoded())}
    return [session for session in known if session.session_key in signed_in]


def _is_signed_for(user: AbstractBaseUser, session: dict[str, Any]) -> bool:
    """Whether the session is this user's, and not from before a change of password."""
    valid = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return session.get(SESSION_KEY) == str(user.pk) and any(
        constant_time_compare(session.get(HASH_SESSION_KEY, ""), hash_) for hash_ in valid
    )


class DevicesView(ListUserSessionsView):
    """The page of devices; sent as a form it ends all sessions but the one that sends it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # FormView's, past allauth's: the list is made here.
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
