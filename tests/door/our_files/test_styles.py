"""The package's stylesheet keeps to itself, and says of colours what the elements say."""

import re

import pytest
from conftest import REPOSITORY

STATIC = REPOSITORY / "packages/bellhop/src/bellhop/static/bellhop"
CSS = re.sub(r"/\*.*?\*/", "", (STATIC / "inbox.css").read_text(), flags=re.DOTALL)
THEME = (REPOSITORY / "packages/bellhop/js/src/ui/theme.js").read_text()


def defaults(text: str) -> dict[str, str]:
    """Return what holds where a project says nothing, by the name of the custom property."""
    return dict(re.findall(r"--_[\w-]+: var\(--bellhop-([\w-]+), (.+)\);", text))


def test_the_inbox_has_the_colours_of_the_bell() -> None:
    inbox, bell = defaults(CSS), defaults(THEME)
    # A toast floats above the page, and a list lies on it.
    shared = (set(inbox) & set(bell)) - {"shadow"}
    assert len(shared) > 8
    assert {name: inbox[name] for name in shared} == {name: bell[name] for name in shared}


def test_all_of_it_is_in_a_layer_that_a_projects_own_css_wins_over() -> None:
    assert re.fullmatch(r"\s*@layer bellhop \{.*\}\s*", CSS, re.DOTALL)
    assert CSS.count("{") == CSS.count("}")


def test_no_rule_is_about_anything_of_a_projects() -> None:
    inside = CSS.partition("{")[2]
    selectors = [text.strip() for text in re.findall(r"(?<=[{};])([^{};]+)\{", inside)]
    rules = [text for text in selectors if not text.startswith("@media")]
    assert len(rules) > 20
    assert [text for text in rules if "bellhop-" not in text] == []


@pytest.mark.parametrize("property", ["margin", "padding", "border", "inset", "text-align"])
def test_nothing_is_left_or_right_where_a_page_may_run_the_other_way(property: str) -> None:
    assert not re.search(rf"\b{property}(-left|-right|: (left|right))", CSS)


def test_nothing_is_fetched_that_a_strict_policy_would_refuse() -> None:
    assert "url(" not in CSS
    assert "@import" not in CSS
