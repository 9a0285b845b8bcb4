"""Who may keep an answer, and who is told what the API is."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["/", "/accounts/email/", "/accounts/password/change/", "/accounts/sessions/", "/admin/",
             "/accounts/logout/", "/?before=1", "/nothing/here", "/accounts/login/"]
)  # fmt: skip
def test_no_page_may_be_kept_by_anybody_between(browser: Client, path: str) -> None:
    assert "no-store" in browser.get(path).headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "notifications",
        "notifications/",
        "notifications/summary",
        "nothing",
        "notifications/openapi.json",
    ],
)
def test_no_answer_of_the_api_may_be_kept_either(browser: Client, path: str) -> None:
    for client in (browser, Client(), Client(headers={"host": "elsewhere.example"})):
        assert client.get(f"/api/{path}").headers["Cache-Control"] == "no-store"
        assert client.post(f"/api/{path}").headers["Cache-Control"] == "no-store"


def test_the_description_of_the_api_is_for_staff(browser: Client, user: User) -> None:
    url = "/api/notifications/openapi.json"
    stranger, person = Client().get(url), browser.get(url)
    assert (stranger.status_code, stranger.json()["error"]["code"]) == (401, "no_session")
    assert (person.status_code, person.json()["error"]["code"]) == (404, "not_found")
    User.objects.filter(pk=user.pk).update(is_staff=True)
    assert "/api/notifications/read" in browser.get(url).json()["paths"]
