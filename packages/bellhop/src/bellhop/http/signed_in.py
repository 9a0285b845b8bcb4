"""The type of a request whose user is signed in."""

from django.contrib.auth.models import User
from django.http import HttpRequest


class SignedInRequest(HttpRequest):
    """A request behind `login_required` or the API's session check."""

    user: User
