"""The package's stylesheet keeps to itself, and says of colours what the elements say."""

import re

import pytest
from conftest import REPOSITORY

PACKAGE = REPOSITORY / "packages/bellhop"
SOURCES = sorted((PACKAGE / "css/inbox").glob("*.css"))
CSS = re.sub(r"/\*.*?\*/", "", "".join(path.read_text() for path in SOURCES), flags=re.DOTALL)
"""What is written; SERVED is what is made of it (packages/bellhop/js/build.mjs)."""
SERVED = re.sub(
    r"/\*.*?\*/",
    "",
    (PACKAGE / "src/bellhop/static/bellhop/inbox.css").read_text(),
    flags=re.DOTALL,
)
THEME = (PACKAGE / "js/src/ui/theme.js").read_text()


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
    imports = re.findall(r"^@import (.+);$", (PACKAGE / "css/inbox.css").read_text(), re.MULTILINE)
    assert sorted(imports) == [f'"./inbox/{path.name}" layer(bellhop)' for path in SOURCES]
    depth = 0
    for match in re.finditer(r"[^{}]*([{}])", SERVED):
        if depth == 0:
            assert match[0].strip() == "@layer bellhop{"
        depth += 1 if match[1] == "{" else -1
    assert depth == 0


def test_no_rule_is_about_anything_of_a_projects() -> None:
    selectors = [text.strip() for text in re.findall(r"(?:^|(?<=[{};]))([^{};]+)\{", CSS)]
    rules = [text for text in selectors if not text.startswith("@media")]
    assert len(rules) > 20
    assert [text for text in rules if "bellhop-" not in text] == []


@pytest.mark.parametrize("property", ["margin", "padding", "border", "inset", "text-align"])
def test_nothing_is_left_or_right_where_a_page_may_run_the_other_way(property: str) -> None:
    assert not re.search(rf"\b{property}(-left|-right|: (left|right))", CSS)


def test_nothing_is_fetched_that_a_strict_policy_would_refuse() -> None:
    assert "url(" not in SERVED
    assert "@import" not in SERVED
