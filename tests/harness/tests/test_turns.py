"""Several runs beside each other: each test file is one run's, and none is nobody's."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import turns

E2E = Path(__file__).resolve().parents[2] / "e2e"
FILES = sorted(E2E.rglob("test_*.py"))
_ASK = """
import json, sys
from pathlib import Path
from support import turns
files = sorted(map(Path, json.loads(sys.argv[1])), key=turns.order)
print(json.dumps([str(file) for file in files if turns.is_ours(file)]))
"""


def asked(**environment: str) -> "subprocess.Popen[str]":
    """Begin a run that asks for every file."""
    own = {name: value for name, value in os.environ.items() if name not in ("TURNS", "LANE")}
    return subprocess.Popen(
        [sys.executable, "-c", _ASK, json.dumps([str(file) for file in FILES])],
        env={**own, "PYTHONPATH": str(E2E), **environment},
        stdout=subprocess.PIPE,
        text=True,
    )


def had(run: "subprocess.Popen[str]") -> list[Path]:
    return [Path(name) for name in json.loads(run.communicate()[0])]


def test_runs_beside_each_other_have_every_file_once(tmp_path: Path) -> None:
    runs = [asked(TURNS=str(tmp_path))]
    runs += [asked(TURNS=str(tmp_path), STACK_BESIDE="1") for _ in range(2)]
    found = [file for run in runs for file in had(run)]
    assert sorted(found) == FILES


def test_what_is_about_the_stack_as_it_was_started_is_its_own_runs(tmp_path: Path) -> None:
    beside = had(asked(TURNS=str(tmp_path), STACK_BESIDE="1"))
    given = had(asked(TURNS=str(tmp_path)))
    assert {file.parent.name for file in given} == {turns.GIVEN_ONLY}
    assert not [file for file in beside if file.parent.name == turns.GIVEN_ONLY]


def test_files_that_share_what_takes_long_to_set_up_stay_together(tmp_path: Path) -> None:
    runs = [asked(TURNS=str(tmp_path)) for _ in range(3)]
    for room in turns.ONE_TURN:
        files = [file for file in FILES if file.parent.name == room]
        (found,) = [run for run in map(had, runs) if set(files) & set(run)]
        first = found.index(files[0])
        assert found[first : first + len(files)] == files


def test_a_run_alone_has_all_of_them() -> None:
    assert sorted(had(asked())) == FILES


def test_what_takes_longest_begins_first() -> None:
    names = {turns.turn(file) for file in FILES}
    assert [name for name in turns.LONGEST_FIRST if name not in names] == []
    first = min(FILES, key=turns.order)
    assert first.parent.name == turns.GIVEN_ONLY


def test_two_files_of_one_name_would_be_taken_for_one() -> None:
    stems = [file.stem for file in FILES]
    assert len(stems) == len(set(stems))


@pytest.mark.parametrize("room", sorted({file.parent for file in FILES}, key=str))
def test_no_room_holds_more_than_ten_files(room: Path) -> None:
    assert len(list(room.glob("*.py"))) <= 10
