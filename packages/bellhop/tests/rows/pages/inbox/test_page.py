"""The inbox page in somebody else's project, which may have no context processor at all."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from bellhop.contract import SESSION_MARK, user_key
from bellhop.models import Inbox, Notification
from rows.pages.conftest import BASE, TEMPLATES, add, engine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]
INBOX = "/notifications/"
MARK = f"{INBOX}mark/"


def html(client: Client, url: str = INBOX) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def element(page: str) -> dict[str, str]:
    """Return the attributes of <bellhop-inbox>."""
    (tag,) = re.findall(r"<bellhop-inbox ([^>]*)>", page)
    return dict(re.findall(r'([\w-]+)="([^"]*)"', tag))


def listed(page: str) -> list[int]:
    """Return the seqs of the notifications that are shown, the template aside."""
    return [
        int(seq) for seq in re.findall(r'data-seq="(\d+)" data-kind', page.split("<template ")[0])
    ]


def test_it_is_the_content_of_the_projects_own_base(browser: Client) -> None:
    page = html(browser)
    assert page.startswith("<html><title>Notifications</title>")
    assert page.rstrip().endswith("</html>")
    assert listed(page) == [3, 2, 1]


def test_its_title_is_in_the_block_that_the_base_has(browser: Client, project: Any) -> None:
    base = BASE.replace("block title", "block head_title")
    project.TEMPLATES = [engine({"base.html": base})]
    assert "<title>Notifications</title>" in html(browser)


def test_without_a_base_it_has_one_of_its_own_with_a_bell(browser: Client, project: Any) -> None:
    project.TEMPLATES = [engine({})]
    page = html(browser)
    assert "<!doctype html>" in page
    assert "<bellhop-bell " in page


def test_a_project_with_other_blocks_includes_the_content(browser: Client, project: Any) -> None:
    project.TEMPLATES = [
        engine(
            {
                "layout.html": "<main>{% block main %}{% endblock %}</main>",
                "bellhop/inbox.html": '{% extends "layout.html" %}{% block main %}'
                '{% include "bellhop/inbox_content.html" %}{% endblock %}',
            }
        )
    ]
    page = html(browser)
    assert page.lstrip().startswith("<main>")
    assert listed(page) == [3, 2, 1]


def test_the_element_knows_its_addresses_its_owner_and_where_it_stands(
    browser: Client, user: User, settings: Any
) -> None:
    settings.CSRF_HEADER_NAME = "HTTP_X_SHOP"
    found = element(html(browser))
    assert len(found.pop("data-csrf")) == 64
    assert found == {
        "class": "bellhop-inbox", "id": "bellhop-inbox",
        "api": "/notifications/api/", "socket": "/ws/notifications/", "csrf-header": "X-SHOP",
        "panel": "/static/bellhop/panel.js",
        "data-url": "/notifications/", "data-newest": "true", "data-bellhop-user": user_key(user),
        "data-view": "inbox", "data-kind": "", "data-q": "", "data-zone": settings.TIME_ZONE,
        "data-seq": "3", "data-rev": "0", "data-unread": "3", "data-seen": "0",
        "data-login-url": "/login/?next=/notifications/",
    }  # fmt: skip


def test_it_brings_its_style_and_the_script_with_the_pages_nonce(
    browser: Client, project: Any
) -> None:
    page = html(browser)
    assert '<link rel="stylesheet" href="/static/bellhop/inbox.css">' in page
    assert '<script defer src="/static/bellhop/bellhop.js"></script>' in page
    project.TEMPLATES = [engine(TEMPLATES, "rows.pages.inbox.test_page.nonce")]
    page = html(browser)
    assert '<link rel="stylesheet" href="/static/bellhop/inbox.css" nonce="abc">' in page
    assert 'bellhop.js" nonce="abc"></script>' in page


def nonce(_: Any) -> dict[str, str]:
    return {"csp_nonce": "abc"}


def test_nothing_in_it_is_inline_or_named_without_our_prefix(browser: Client) -> None:
    page = html(browser)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]* src=)", page)
    names = {name for given in re.findall(r'class="([^"]*)"', page) for name in given.split()}
    assert [name for name in names if not name.startswith("bellhop-")] == []


def test_it_leaves_the_projects_own_variables_alone(browser: Client, project: Any) -> None:
    """A base.html may show a variable of the project's, whatever its name."""
    names = ("notifications", "standing", "url", "unread", "newer", "page", "item")
    shown = "".join(f"[{name}:{{{{ {name} }}}}]" for name in names)
    base = {"base.html": shown + BASE}
    project.TEMPLATES = [engine(base, "rows.pages.inbox.test_page.theirs")]
    assert html(browser).startswith("".join(f"[{name}:theirs]" for name in names))


def theirs(_: Any) -> dict[str, str]:
    return dict.fromkeys(
        ("notifications", "standing", "url", "unread", "newer", "page", "item"), "theirs"
    )


def test_numbers_are_written_for_programs_whatever_the_projects_format(
    browser: Client, user: User, settings: Any
) -> None:
    settings.USE_THOUSAND_SEPARATOR = True
    Inbox.objects.filter(pk=user.pk).update(last_seq=12345, rev=6789)
    add(user, "number 12346")
    page = html(browser)
    assert (element(page)["data-seq"], element(page)["data-rev"]) == ("12346", "6789")
    assert listed(page)[0] == 12346
    assert 'name="through" value="12346"' in page


def test_what_is_listed_is_escaped_and_no_link_is_made_of_a_script(
    browser: Client, user: User
) -> None:
    add(user, "<b>bold</b>", body='"><i>', url="javascript:alert(1)")
    page = html(browser)
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<i>" not in page
    assert "javascript:" not in page


def test_the_unread_count_and_the_button_for_all_need_no_javascript(browser: Client) -> None:
    page = html(browser)
    assert ">3 unread<" in page
    assert "data-mark-all>" in page
    browser.post(MARK, {"action": "read", "through": "3"})
    page = html(browser)
    assert ">All caught up<" in page
    assert "data-mark-all hidden>" in page


def test_an_older_page_leads_back_and_marks_all_by_what_was_numbered_until_now(
    browser: Client,
) -> None:
    page = html(browser, f"{INBOX}?before=3")
    assert listed(page) == [2, 1]
    assert element(page)["data-newest"] == "false"
    assert 'data-newer href="/notifications/?after=2"' in page
    assert 'name="through" value="3"' in page
    assert 'name="next" value="/notifications/?before=3"' in page


def test_the_banner_for_an_ended_session_is_hidden_and_leads_back_here(browser: Client) -> None:
    page = html(browser, f"{INBOX}?before=3")
    assert re.search(r'role="alert" data-bellhop-signed-out hidden>', page)
    assert 'href="/login/?next=/notifications/%3Fbefore%3D3"' in page


def test_a_form_works_without_javascript_and_leads_back_to_its_page(
    browser: Client, user: User
) -> None:
    browser.handler.enforce_csrf_checks = True
    page = html(browser, f"{INBOX}?before=3")
    fields = dict(
        re.findall(r'name="([\w-]+)" value="([^"]*)"', page.partition("data-mark-all")[2])
    )
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]
    row = Notification.objects.get(seq=1)
    form = {"csrfmiddlewaretoken": token, "user_key": user_key(user), "id": str(row.pk)}
    answer = browser.post(MARK, {**form, "action": "read", "next": fields["next"]})
    assert (answer.status_code, answer.headers["Location"]) == (
        302, "/notifications/?before=3&done=read.1.1",
    )  # fmt: skip
    assert Inbox.state_of(user.pk).unread == 2


def test_a_form_of_somebody_elses_page_changes_nothing(
    browser: Client, user: User, other: User
) -> None:
    """Without a middleware of ours, and where the project checks no tokens."""
    stale = {"action": "read", "through": "3", "user_key": user_key(other)}
    answer = browser.post(MARK, stale)
    assert (answer.status_code, answer.headers["Location"]) == (302, INBOX)
    assert Inbox.state_of(user.pk) == (3, 0, 3, 0)


def test_an_outsider_sees_none_of_it(other: User) -> None:
    client = Client()
    client.force_login(other, "django.contrib.auth.backends.ModelBackend")
    page = html(client)
    assert listed(page) == []
    assert "number" not in page
    assert ">All caught up<" in page


def test_a_stranger_is_led_to_the_login(client: Client) -> None:
    answer = client.get(INBOX)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/?next=/notifications/")


def test_rendering_it_writes_no_session_and_is_kept_by_no_cache(browser: Client) -> None:
    answer = browser.get(INBOX)
    assert not answer.wsgi_request.session.modified
    assert SESSION_MARK not in browser.session
    assert "private" in answer.headers["Cache-Control"]


def test_without_the_api_in_the_addresses_it_says_the_line_to_write(
    browser: Client, project: Any
) -> None:
    project.ROOT_URLCONF = "rows.pages.no_api"
    with pytest.raises(ImproperlyConfigured, match=r'include\("bellhop.urls"\)'):
        browser.get(INBOX)
