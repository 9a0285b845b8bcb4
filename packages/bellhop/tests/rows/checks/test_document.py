"""docs/checks.md names each id that a check has, and no other."""

import re
from pathlib import Path

import bellhop.checks

PACKAGE = Path(bellhop.checks.__file__).parent
DOCUMENT = Path(__file__).parents[5] / "docs/checks.md"


def test_each_id_is_explained_once() -> None:
    used = {
        identity
        for folder in (PACKAGE, PACKAGE / "setting")
        for file in folder.glob("*.py")
        for identity in re.findall(r'"bellhop\.([EW]\d{3})"', file.read_text())
    }
    lines = [line for line in DOCUMENT.read_text().splitlines() if line.startswith(("| E", "| W"))]
    explained = [id_ for line in lines for id_ in re.findall(r"[EW]\d{3}", line.split("|")[1])]
    assert len(used) >= 20
    assert sorted(explained) == sorted(used)
