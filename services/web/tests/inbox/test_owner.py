"""A page acts for the person it was rendered for: tab A of one person, while another signs in in tab B."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from bellhop.contract import user_key
from bellhop.models import Inbox, Notification
from tests.forms import Form, forms_of
from tests.rows import add

pytestmark = pytest.mark.django_db
API = "/api/notifications/"
# What a person would type; the rest is in the pages.
TYPED = {
    "oldpassword": "pw",
    "password": "pw",
    "password1": "an0ther-one!",
    "password2": "an0ther-one!",
    "login": "eve",
    "username": "new",
}


def sign_in(client: Client, name: str) -> None:
    answer = client.post("/accounts/login/", {"login": name, "password": "pw"})
    assert answer.status_code == 302


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Every address of the site without parameters, but those of the admin."""
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if path.startswith("admin/") or any(character in path for character in "<(["):
            continue
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, path)
        elif isinstance(pattern, URLPattern):
            yield f"/{path}"


def posts_of(client: Client) -> list[tuple[Form, dict[str, str]]]:
    """Every form of every page that this person can open, once for each of its buttons."""
    found = []
    for url in {*addresses(get_resolver()), "/?before=3"}:
        answer = client.get(url)
        if answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]:
            forms = [
                form for form in forms_of(answer.content.decode(), url) if form.method == "post"
            ]
            found += [(form, button) for form in forms for button in form.buttons or [{}]]
    return found


def standing(user: User) -> list[Any]:
    """Everything of that person that an action could change."""
    return [
        list(User.objects.filter(pk=user.pk).values("username", "password", "email", "is_active")),
        list(Inbox.objects.filter(pk=user.pk).values()),
        list(Notification.objects.filter(recipient=user).order_by("seq").values()),
        list(EmailAddress.objects.filter(user=user).order_by("pk").values()),
        set(UserSession.objects.filter(user=user).values_list("session_key", flat=True)),
        set(Session.objects.values_list("pk", flat=True)),
    ]


@pytest.fixture
def people(user: User, other: User) -> tuple[User, User]:
    for person in (user, other):
        add(person, 4)
        for place in ("a", "b"):
            email = f"{place}@{person.username}.example"
            EmailAddress.objects.create(user=person, email=email, primary=place == "a")
    sign_in(Client(), "eve")  # another device of hers, which "sign out elsewhere" would end
    sign_in(Client(), "ada")
    return user, other


@pytest.mark.parametrize("checks_tokens", [True, False])
def test_no_form_of_a_stale_tab_changes_anything_of_who_has_signed_in_since(
    people: tuple[User, User], checks_tokens: bool
) -> None:
    ada, eve = people
    jar = Client()
    sign_in(jar, "ada")
    stale = posts_of(jar)
    actions = {form.action.partition("?")[0] for form, _ in stale}
    # The walk has seen them: marks, sign out, e-mail, password, devices, and who one is.
    assert actions >= {
        "/notifications/mark/", "/accounts/logout/", "/accounts/email/", "/accounts/password/change/",
        "/accounts/sessions/",
    }  # fmt: skip
    jar.post("/accounts/logout/")
    sign_in(jar, "eve")
    jar.handler.enforce_csrf_checks = checks_tokens
    before = standing(eve)
    for form, button in stale:
        assert form.fields["user_key"] == user_key(ada), form.action
        typed = {**TYPED, "email": "b@eve.example", "through": "4"}
        fields = {name: typed.get(name) or value for name, value in form.fields.items()}
        answer = jar.post(form.action, {**fields, **button})
        assert (answer.status_code, answer.headers.get("Location")) == (302, "/"), form.action
        told = [str(message) for message in get_messages(answer.wsgi_request)]
        assert "Nothing was changed" in told[-1]
        assert standing(eve) == before, form.action
    assert "Nothing was changed" in jar.get("/").content.decode()


def test_without_its_owner_such_a_form_would_have_changed_them(people: tuple[User, User]) -> None:
    """What the walk above is worth: the same forms, as pages had them before."""
    _, eve = people
    jar = Client()
    sign_in(jar, "ada")
    stale = posts_of(jar)
    jar.post("/accounts/logout/")
    sign_in(jar, "eve")
    before = standing(eve)
    for form, button in stale:
        if form.action.startswith("/notifications/mark/"):
            jar.post(
                form.action,
                {**form.fields, **button, "user_key": user_key(eve)},
            )
    assert standing(eve) != before


def test_a_form_of_who_has_signed_out_leads_to_the_login_and_says_so(user: User) -> None:
    add(user)
    jar = Client()
    sign_in(jar, "ada")
    stale = posts_of(jar)
    jar.post("/accounts/logout/")
    before = standing(user)
    for form, button in stale:
        answer = jar.post(form.action, {**form.fields, **button})
        assert answer.headers["Location"] == "/accounts/login/?next=/", form.action
    assert standing(user) == before
    assert "You were signed out meanwhile" in jar.get("/accounts/login/?next=/").content.decode()


def test_an_own_form_goes_through(browser: Client, user: User) -> None:
    add(user, 2)
    (read_all,) = [
        form
        for form in forms_of(browser.get("/").content.decode(), "/")
        if form.fields.get("action") == "read"
    ]
    assert browser.post(read_all.action, read_all.fields).status_code == 302
    assert Inbox.state_of(user.pk).unread == 0


@pytest.mark.parametrize("action", ["read", "unread", "archive"])
@pytest.mark.parametrize("what", [{"through": 4}, {"ids": []}])
def test_the_api_refuses_an_action_of_somebody_elses_page(
    people: tuple[User, User], action: str, what: dict[str, Any]
) -> None:
    ada, eve = people
    jar = Client()
    sign_in(jar, "eve")
    before = standing(eve)
    ids = [str(row.pk) for row in Notification.objects.filter(recipient=eve)]
    body = {"ids": ids} if "ids" in what else what
    stale = {**body, "user_key": user_key(ada)}
    answer = jar.post(API + action, stale, content_type="application/json")
    assert answer.status_code == 409
    error = answer.json()["error"]
    assert (error["code"], error["field"]) == ("other_user", "user_key")
    assert standing(eve) == before
    own = {**body, "user_key": user_key(eve)}
    assert jar.post(API + action, own, content_type="application/json").status_code == 200


def test_an_account_that_got_the_id_of_an_earlier_one_is_somebody_else(user: User) -> None:
    jar = Client()
    sign_in(jar, "ada")
    earlier = f"{user.pk}-{int(user.date_joined.timestamp()) - 1}"
    body = {"through": 1, "user_key": earlier}
    assert jar.post(API + "read", body, content_type="application/json").status_code == 409


def test_whoever_signed_in_again_gets_a_token_that_works_from_the_summary(user: User) -> None:
    add(user)
    jar = Client()
    sign_in(jar, "ada")
    token = jar.get(API + "summary").json()["csrf_token"]
    jar.post("/accounts/logout/")
    sign_in(jar, "ada")
    jar.handler.enforce_csrf_checks = True
    body = {"through": 1, "user_key": user_key(user)}

    def read(token: str) -> int:
        headers = {"x-csrftoken": token}
        answer = jar.post(API + "read", body, content_type="application/json", headers=headers)
        return answer.status_code

    assert read(token) == 403
    assert read(jar.get(API + "summary").json()["csrf_token"]) == 200


def test_a_token_cookie_of_the_parent_domain_breaks_no_button(browser: Client, user: User) -> None:
    """The browser sends the older cookie first, the server reads the last: so must the page, which cannot tell."""
    add(user)
    browser.handler.enforce_csrf_checks = True
    browser.get("/")
    ours = f"sessionid={browser.cookies['sessionid'].value}; csrftoken={browser.cookies['csrftoken'].value}"
    jar = Client(enforce_csrf_checks=True, headers={"cookie": f"csrftoken={'x' * 32}; {ours}"})
    token = jar.get(API + "summary").json()["csrf_token"]
    answer = jar.post(
        API + "read",
        {"through": 1},
        content_type="application/json",
        headers={"x-csrftoken": token},
    )
    assert answer.status_code == 200
