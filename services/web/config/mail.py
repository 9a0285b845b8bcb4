"""EMAIL_URL as Django's MAILERS: how mail leaves."""

import warnings
from typing import Any

import dj_email_url

from stack import environment

TIMEOUT = 5
"""Seconds to wait for the mail server; a request waits for it."""


def mailer(*, development: bool, name: str = "EMAIL_URL") -> dict[str, Any] | None:
    """Return the default mailer: SMTP by URL, or the log by the word `log`, which development need not say.

    None where no mail leaves. Links in a log are as good as passwords: production must ask for them.
    """
    given = environment.text(name, "log" if development else "")
    if not given:
        return None
    if given.lower() == "log":
        return {"BACKEND": "core.accounts.mail.LogBackend"}
    why = (
        "must look like smtp://user:password@mail.example.com:587/?tls=True, or be log, or be empty"
    )
    try:
        with warnings.catch_warnings(action="ignore"):
            parsed = dj_email_url.parse(given)
    except (ValueError, KeyError):
        environment.refuse(name, why)
    backend = parsed.get("EMAIL_BACKEND") or environment.refuse(name, why)
    if backend.endswith("console.EmailBackend"):
        return {"BACKEND": "core.accounts.mail.LogBackend"}
    if not backend.endswith("smtp.EmailBackend"):
        return {"BACKEND": backend}
    if not parsed["EMAIL_HOST"]:
        environment.refuse(name, why)
    options = {
        "host": parsed["EMAIL_HOST"],
        "port": parsed["EMAIL_PORT"],
        "username": parsed["EMAIL_HOST_USER"] or "",
        "password": parsed["EMAIL_HOST_PASSWORD"] or "",
        "use_tls": parsed["EMAIL_USE_TLS"],
        "use_ssl": parsed["EMAIL_USE_SSL"],
        "timeout": TIMEOUT,
    }
    return {"BACKEND": backend, "OPTIONS": options}
