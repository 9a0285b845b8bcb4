"""What the inbox page stands in: the project's base.html, if the list would be seen there."""

import re
from typing import Any

import pytest
from django.test import Client

from rows.checks.found import ids, messages
from rows.pages.conftest import engine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]
THEIRS = "<i>theirs</i>"
"""Of the project's base.html: is it there, the page stands in it."""
BARE = THEIRS + "{% block main %}nothing{% endblock %}"
"""A base with another block."""
WITHOUT = "bellhop.W012"


@pytest.fixture(autouse=True)
def _plain(settings: Any) -> None:
    settings.BELLHOP = {"REDIS_URL": "redis://127.0.0.1:1/0"}


def page_of(browser: Client, project: Any, templates: dict[str, str]) -> str:
    """Return the page of a project with these templates. AssertionError where the list is not in it, once."""
    project.TEMPLATES = [engine(templates)]
    answer = browser.get("/notifications/")
    page = answer.content.decode()
    seqs = re.findall(r'data-seq="(\d+)" data-kind', page.split("<template ")[0])
    assert (answer.status_code, seqs) == (200, ["3", "2", "1"])
    return page


FIT = {
    "its own block": {"base.html": THEIRS + "{% block content %}{% endblock %}"},
    "a parent's block": {
        "base.html": '{% extends "layout.html" %}{% block title %}Shop{% endblock %}',
        "layout.html": THEIRS + "{% block content %}{% endblock %}",
    },
    "a block in the parent's, which it fills": {
        "base.html": '{% extends "layout.html" %}{% block main %}{% block content %}{% endblock %}{% endblock %}',
        "layout.html": THEIRS + "{% block main %}{% endblock %}",
    },
    "what it shows of its parent's": {
        "base.html": '{% extends "layout.html" %}{% block main %}Hello {{ block.super }}{% endblock %}',
        "layout.html": THEIRS + "{% block main %}{% block content %}{% endblock %}{% endblock %}",
    },
    "a condition": {
        "base.html": THEIRS
        + "{% if 1 %}{% with a=2 %}{% block content %}{% endblock %}{% endwith %}{% endif %}",
    },
    "a grandparent, by a filter": {
        "base.html": '{% extends "one.html" %}',
        "one.html": '{% extends "TWO.html"|lower %}',
        "two.html": THEIRS + "{% block content %}{% endblock %}",
    },
}


@pytest.mark.parametrize("templates", FIT.values(), ids=FIT)
def test_a_base_that_shows_the_list_is_taken(
    browser: Client, project: Any, templates: dict[str, str]
) -> None:
    assert THEIRS in page_of(browser, project, templates)
    assert ids() == set()


UNFIT = {
    "another block": {"base.html": BARE},
    "no block": {"base.html": THEIRS},
    "no block in a parent": {"base.html": '{% extends "layout.html" %}', "layout.html": BARE},
    "a block that its parent does not show": {
        "base.html": '{% extends "layout.html" %}{% block content %}{% endblock %}',
        "layout.html": BARE,
    },
    "a block that it fills itself": {
        "base.html": '{% extends "layout.html" %}{% block main %}filled{% endblock %}',
        "layout.html": THEIRS + "{% block main %}{% block content %}{% endblock %}{% endblock %}",
    },
    "a parent that only a request knows": {"base.html": "{% extends theme %}", "layout.html": BARE},
}


@pytest.mark.parametrize("templates", UNFIT.values(), ids=UNFIT)
def test_with_a_base_that_hides_the_list_it_is_shown_in_a_bare_page_and_that_is_said(
    browser: Client, project: Any, templates: dict[str, str]
) -> None:
    assert THEIRS not in page_of(browser, project, templates)
    assert ids() == {WITHOUT}
    assert "templates/bellhop/inbox.html" in str(messages()[WITHOUT].hint)


STYLE = '<link rel="stylesheet" href="/static/bellhop/inbox.css">'
IN_ITS_HEAD = "{% load bellhop %}<head>{% if bellhop %}{% bellhop_inbox_style %}{% endif %}</head>"


@pytest.mark.parametrize("where", ["/notifications/", "/notifications/preferences/"])
def test_the_style_is_in_the_head_of_a_base_that_asks_for_it_and_there_alone(
    browser: Client, project: Any, where: str
) -> None:
    content = THEIRS + "{% block content %}{% endblock %}"
    for base, in_head in ((content, 0), (IN_ITS_HEAD + content, 1)):
        project.TEMPLATES = [engine({"base.html": base})]
        # Each answer, not the first one alone.
        for _ in range(2):
            head, _, body = browser.get(where).content.decode().partition(THEIRS)
            assert (head.count(STYLE), body.count(STYLE)) == (in_head, 1 - in_head)


@pytest.mark.parametrize("base", ['"base.html"', "bellhop.base_template"])
def test_a_page_of_the_projects_own_stands_where_it_says_and_nothing_is_said(
    browser: Client, project: Any, base: str
) -> None:
    own = f'{{% extends {base} %}}{{% block main %}}{{% include "bellhop/inbox_content.html" %}}{{% endblock %}}'
    assert THEIRS in page_of(browser, project, {"base.html": BARE, "bellhop/inbox.html": own})
    assert ids() == set()


def test_without_a_base_nothing_is_said(browser: Client, project: Any) -> None:
    page_of(browser, project, {})
    assert ids() == set()


def test_a_base_for_jinja2_is_none(browser: Client, project: Any, tmp_path: Any) -> None:
    (tmp_path / "base.html").write_text(THEIRS + "{% block main %}{{ nothing() }}{% endblock %}")
    jinja2 = {"BACKEND": "django.template.backends.jinja2.Jinja2", "DIRS": [tmp_path]}
    for order in ([jinja2, engine({})], [engine({}), jinja2]):
        project.TEMPLATES = order
        page = browser.get("/notifications/").content.decode()
        assert 'data-seq="3"' in page
        assert THEIRS not in page
        assert ids() == set()


def test_a_base_that_extends_another_of_its_name_is_followed(
    browser: Client, project: Any, tmp_path: Any
) -> None:
    (tmp_path / "base.html").write_text(THEIRS + "{% block content %}{% endblock %}")
    project.TEMPLATES = [engine({"base.html": '{% extends "base.html" %}'})]
    project.TEMPLATES[0]["OPTIONS"]["loaders"].insert(
        1, ("django.template.loaders.filesystem.Loader", [tmp_path])
    )
    assert THEIRS in browser.get("/notifications/").content.decode()
    assert ids() == set()


def test_a_base_that_cannot_be_read_stops_no_check(project: Any) -> None:
    project.TEMPLATES = [engine({"base.html": "{% block content %}"})]
    assert ids() == {"bellhop.W001"}


def test_who_has_mounted_no_page_hears_nothing_of_it(project: Any) -> None:
    project.TEMPLATES = [engine({"base.html": BARE})]
    project.ROOT_URLCONF = "rows.checks.no_urls"
    assert WITHOUT not in ids()
