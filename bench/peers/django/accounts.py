"""`python /bench/accounts.py COUNT` in a web container: that many accounts, each with a login session.

Writes one JSON line, [[user id, session key], …]. Idempotent: a repeat finds the accounts and makes new sessions. The
rows are those that Django's login() writes, in bulk, since five thousand logins would take minutes.
"""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.utils import timezone  # noqa: E402

PASSWORD = "bench"  # noqa: S105 - of accounts that live as long as the benchmark
BACKEND = "django.contrib.auth.backends.ModelBackend"


def main(count: int) -> None:
    names = [f"bench-{number}" for number in range(count)]
    known = set(
        User.objects.filter(username__startswith="bench-").values_list("username", flat=True)
    )
    secret = make_password(PASSWORD)
    User.objects.bulk_create(
        User(username=name, email=f"{name}@example.com", password=secret)
        for name in names
        if name not in known
    )
    users = User.objects.filter(username__in=names).order_by("pk")
    expires = timezone.now() + timedelta(days=1)
    sessions = [
        (
            user.pk,
            Session(
                session_key=SessionStore()._get_new_session_key(),
                session_data=SessionStore().encode(
                    {
                        SESSION_KEY: str(user.pk),
                        BACKEND_SESSION_KEY: BACKEND,
                        HASH_SESSION_KEY: user.get_session_auth_hash(),
                    }
                ),
                expire_date=expires,
            ),
        )
        for user in users
    ]
    Session.objects.bulk_create(session for _, session in sessions)
    print(json.dumps([[user_id, session.session_key] for user_id, session in sessions]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
