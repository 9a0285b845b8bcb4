"""The files and links that documents name exist, and the README stays short."""

import re
from pathlib import Path

import pytest
from conftest import REPOSITORY

DOCUMENTS = [
    REPOSITORY / "README.md",
    REPOSITORY / "CHANGELOG.md",
    *sorted((REPOSITORY / "docs").rglob("*.md")),
    *sorted((REPOSITORY / "examples").rglob("*.md")),
]
NAMES = [str(document.relative_to(REPOSITORY)) for document in DOCUMENTS]
BELLHOP = "packages/bellhop/src/bellhop"
ROOTS = (
    "",
    "packages/bellhop/src",
    "packages/stack/src",
    f"{BELLHOP}/static",
    f"{BELLHOP}/templates",
)
"""Where a path of a document may begin."""

MADE = ("/bench/results/",)
"""What a run writes, and a clone does not have."""

PATH = re.compile(
    r"(?<![\w./-])((?:bellhop|bench|deploy|docs|examples|packages|services|stack|tests)/[\w./*-]*\w/?)"
)
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[\w-]+)?\)")


def is_there(path: str) -> bool:
    return any(list((REPOSITORY / root).glob(path.rstrip("/"))) for root in ROOTS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_a_document_links_to_what_is_there(document: Path) -> None:
    links = LINK.findall(document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_a_document_names_paths_that_are_there(document: Path) -> None:
    paths = {path for path in PATH.findall(document.read_text()) if f"/{path}" not in MADE}
    assert sorted(path for path in paths if not is_there(path)) == []


def test_the_readme_has_at_most_two_hundred_lines() -> None:
    assert len((REPOSITORY / "README.md").read_text().splitlines()) <= 200
