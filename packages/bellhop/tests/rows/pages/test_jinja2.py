"""`bellhop.jinja2`: the same in a project whose templates are Jinja2's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.template import engines
from django.test import Client
from jinja2 import Environment

from bellhop.jinja2 import bellhop_bell, bellhop_script
from rows.pages.conftest import TEMPLATES, engine


def environment(**options: Any) -> Environment:
    """The function that such a project's TEMPLATES name."""
    made = Environment(**options)  # noqa: S701 - Django turns autoescaping on
    made.globals.update(bellhop_bell=bellhop_bell, bellhop_script=bellhop_script)
    return made


@pytest.fixture(autouse=True)
def _jinja2(project: Any, tmp_path: Any) -> None:
    (tmp_path / "base.html").write_text("<title>{% block title %}Theirs{% endblock %}</title>")
    (tmp_path / "home.html").write_text("{{ bellhop_bell(title_count=True) }}")
    project.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "NAME": "theirs",
            "DIRS": [tmp_path],
            "OPTIONS": {"environment": "rows.pages.test_jinja2.environment"},
        },
        engine({}),
    ]


def rendered(text: str, **context: Any) -> str:
    return str(engines["theirs"].from_string(text).render(context))


@pytest.mark.parametrize(
    ("call", "tag"),
    [
        ("bellhop_bell()", "bellhop_bell"),
        ("bellhop_bell(script=False)", "bellhop_bell script=False"),
        ("bellhop_bell(nonce='abc')", "bellhop_bell nonce='abc'"),
        ("bellhop_script()", "bellhop_script"),
    ],
)
def test_a_function_gives_what_the_tag_gives_and_escapes_nothing_twice(
    call: str, tag: str, render: Callable[..., str]
) -> None:
    assert rendered(f"{{{{ {call} }}}}") == render(f"{{% {tag} %}}")


def test_the_nonce_is_that_of_the_context() -> None:
    assert 'nonce="&lt;b&gt;"' in rendered("{{ bellhop_bell() }}", csp_nonce="<b>")


def test_a_macro_without_a_context_has_a_bell_too(render: Callable[..., str]) -> None:
    text = "{% macro header() %}{{ bellhop_bell(script=False) }}{% endmacro %}{{ header() }}"
    assert rendered(text) == render("{% bellhop_bell script=False %}")


def test_without_the_addresses_it_says_the_line_to_write(project: Any) -> None:
    project.ROOT_URLCONF = "rows.checks.no_urls"
    with pytest.raises(ImproperlyConfigured, match=r'include\("bellhop.urls"\)'):
        rendered("{{ bellhop_bell() }}")


@pytest.mark.django_db
def test_a_page_asks_no_query_and_reads_no_session(
    browser: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        answer = browser.get("/")
    assert b"title-count" in answer.content
    assert not answer.wsgi_request.session.accessed


@pytest.mark.django_db
def test_the_inbox_page_is_one_of_djangos_templates_and_passes_over_a_base_that_is_none(
    browser: Client, user: User, project: Any
) -> None:
    page = browser.get("/notifications/").content.decode()
    assert "<bellhop-inbox" in page
    assert "Theirs" not in page
    project.TEMPLATES = [project.TEMPLATES[0], engine(TEMPLATES)]
    page = browser.get("/notifications/").content.decode()
    assert "<bellhop-inbox" in page
    assert "<html><title>Notifications</title>" in page
