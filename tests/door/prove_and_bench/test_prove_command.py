"""`./bellhop prove` before it starts anything: what it is told, what it hands on, what it would take out."""

import argparse
import json
import shutil
from pathlib import Path

import pytest
from conftest import REPOSITORY
from prove.sabotages import SABOTAGES
from verbs import prove_command


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    prove_command.add_arguments(parser)
    return parser.parse_args(words)


def test_what_was_chosen_is_handed_on() -> None:
    options = prove_command._options(parsed("--faults", "1,5", "--short", "--seed", "7"))
    assert options == [
        "--seed",
        "7",
        "--people",
        "200",
        "--rate",
        "20",
        "--faults",
        "1,5",
        "--short",
    ]


def test_nothing_chosen_is_every_fault_in_full() -> None:
    assert prove_command._options(parsed()) == ["--seed", "1", "--people", "200", "--rate", "20"]


def test_an_unknown_sabotage_is_refused_with_the_known_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert prove_command.main(parsed("--sabotage", "coffee")) == 2
    said = capsys.readouterr().err
    assert "'coffee'" in said
    assert all(name in said for name in SABOTAGES)


@pytest.mark.parametrize("name", SABOTAGES)
def test_a_sabotage_fits_the_code_and_leaves_the_original_alone(name: str, tmp_path: Path) -> None:
    edits = SABOTAGES[name].edits
    for file in {file for file, _, _ in edits}:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / file, tmp_path / file)
    prove_command._edit(tmp_path, edits)
    for file in {file for file, _, _ in edits}:
        assert (tmp_path / file).read_text() != (REPOSITORY / file).read_text()
        compile((tmp_path / file).read_text(), file, "exec")


def test_a_sabotage_that_no_longer_fits_says_so(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("something else\n")
    with pytest.raises(SystemExit, match="does not fit the code any more"):
        prove_command._edit(tmp_path, [("code.py", "what there was", "")])


def phase(kept: bool, **counts: int) -> dict[str, object]:
    return {"number": 10, "measured": "logout 4.20 s", "kept": kept, "counts": counts}


def test_red_is_what_was_counted_and_which_bound_was_broken(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text(json.dumps({"phases": [phase(False, lost=3, deaf=0), phase(False, lost=0)]}))
    assert prove_command._red(report) == "3 lost, the bound of 10: logout 4.20 s"


def test_nothing_red_is_nothing_said(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text(json.dumps({"phases": [phase(True, lost=0, deaf=0)]}))
    assert prove_command._red(report) == prove_command._red(tmp_path / "missing.json") == ""
