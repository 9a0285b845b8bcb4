"""The context of pages with forms: for whom they are rendered."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bellhop.http.page_owner import key_of


def page_owner(request: HttpRequest) -> dict[str, Any]:
    """Return `bellhop_user_key`: the user key of the signed-in user, empty where nobody is signed in.

    Asked for when a template wants it. Costs no query but that of `request.user`.
    """
    return {"bellhop_user_key": SimpleLazyObject(lambda: key_of(request))}
