"""Secrets from the environment: production refuses to start with a missing, well-known or short one."""

from typing import Final

from stack.environment import refuse, text

# What .env.example holds, what tutorials hold, and what people type while trying something out.
PLACEHOLDERS: Final = frozenset(
    {"bellhop", "change-me", "changeme", "development", "example", "password", "postgres", "secret"}
)
# Shorter keys can be guessed; `secrets.token_urlsafe(50)` gives 67 characters.
SECRET_KEY_MIN_LENGTH: Final = 32


def secret(name: str, *, development: bool, default: str, min_length: int = 1) -> str:
    """Return a secret. Development may leave it out; production refuses a missing or well-known one."""
    given = text(name)
    if development:
        return given or default
    if not given:
        refuse(name, "is missing; production needs a secret of its own (see .env.example)")
    if given == default or given.lower() in PLACEHOLDERS or given.startswith("django-insecure-"):
        refuse(name, "is a placeholder; production needs a secret of its own (see .env.example)")
    if len(given) < min_length:
        refuse(name, f"is too short; use at least {min_length} characters (see .env.example)")
    return given
