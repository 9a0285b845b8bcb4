"""What the oldest supported Python does differently, looked for in every file that runs on it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[4]


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for folder in ("packages", "services", "bench", "tests", "examples"):
        for path in (ROOT / folder).rglob("*.py"):
            yield path, ast.parse(path.read_text())


def test_no_eager_task_is_made_without_its_loop() -> None:
    """Python 3.12 and 3.13.0 raise there: they ask None whether it is running."""
    made = [
        (path, call)
        for path, tree in sources()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and any(word.arg == "eager_start" for word in call.keywords)
    ]
    assert made, "nothing was looked at"
    wrong = [
        f"{path}:{call.lineno}"
        for path, call in made
        if not any(word.arg == "loop" for word in call.keywords)
    ]
    assert wrong == []
