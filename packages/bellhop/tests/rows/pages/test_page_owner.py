"""The context processor that says for whom a page is rendered."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.test import RequestFactory

from bellhop.contract import user_key
from bellhop.http.context_processors import page_owner

FIELD = '{% include "bellhop/page_owner.html" %}'


def page(request: HttpRequest) -> str:
    return Template(FIELD).render(RequestContext(request, page_owner(request))).strip()


@pytest.mark.django_db
def test_a_form_names_its_owner(user: User) -> None:
    request = RequestFactory().get("/")
    request.user = user
    assert page(request) == f'<input type="hidden" name="user_key" value="{user_key(user)}">'


def test_a_form_of_nobody_names_nobody() -> None:
    request = RequestFactory().get("/")
    assert page(request) == ""
    request.user = AnonymousUser()
    assert page(request) == ""


def test_nobody_is_asked_for_where_no_template_wants_to_know() -> None:
    class Careful(HttpRequest):
        @property
        def user(self) -> Any:  # type: ignore[override]
            raise AssertionError

    request = Careful()
    context = page_owner(request)
    assert set(context) == {"bellhop_user_key"}
    assert HttpResponse(Template("nothing").render(RequestContext(request, context))).content
