"""The fields of the project's user model by which a person is found."""

from typing import Any

from django.contrib.auth import get_user_model


def email_field() -> str | None:
    """Return the name of the field with a user's address; None where the model has none."""
    model: Any = get_user_model()
    name = str(getattr(model, "EMAIL_FIELD", "email"))
    return name if any(field.name == name for field in model._meta.get_fields()) else None


def name_fields() -> list[str]:
    """Return the names of the fields that a user may be called by: the one that the model logs in with, the address."""
    model: Any = get_user_model()
    return list(dict.fromkeys(filter(None, [model.USERNAME_FIELD, email_field()])))
