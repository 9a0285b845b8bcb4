"""The report tells a kept promise from a broken one, and the broken one with examples."""

import json
from pathlib import Path

import pytest
from prove.oracle.verdict import COUNTS, Verdict
from prove.report.files import Phase, Run, is_kept, write
from prove.report.markdown import markdown
from prove.report.timeline import label
from prove.tests.world import END, START, World

RUN = Run(
    "2026-11-23",
    {"cores": "2", "memory": "4 GiB"},
    7,
    "20/s to 200 users",
    "./bellhop prove --seed 7",
)


def good() -> Verdict:
    world = World()
    world.deliver(START + 1, "t1")
    return world.judge()


def bad() -> Verdict:
    world = World()
    world.deliver(START + 1, "t1")
    for n in range(25):
        world.record.accept(START + 2, f"gone|{n}", "alice")
    return world.judge()


def phase(verdict: Verdict, kept: bool = True) -> Phase:
    return Phase(1, "Redis | killed", "shown within 15 s", "9.8 s", kept, verdict)


def test_a_kept_run_says_so_and_defines_every_count() -> None:
    text = markdown(RUN, [phase(good())], good())
    assert "**Kept: 1 of 1 phases.**" in text
    assert "NOT KEPT" not in text
    assert "What went wrong" not in text
    assert all(
        f"**{name.replace('_', ' ')}**: {meaning}" in text for name, meaning in COUNTS.items()
    )
    assert "./bellhop prove --seed 7" in text


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    lines = markdown(RUN, [phase(good()), phase(bad())], bad()).splitlines()
    for start in [n for n, line in enumerate(lines) if line.startswith("| # ")]:
        table = lines[start : lines.index("", start)]
        assert len({line.replace("\\|", "").count("|") for line in table}) == 1
        assert len(table) >= 4


def test_a_broken_promise_is_told_with_twenty_examples_and_how_many_more() -> None:
    text = markdown(RUN, [phase(bad())], bad())
    assert "**NOT KEPT: 0 of 1 phases.**" in text
    assert "**Phase 1, not stored: 25**" in text
    assert "gone\\|0 for alice was accepted" in text
    assert "- and 5 more" in text
    assert "Whole run" not in text


def test_what_lies_between_the_phases_is_told_of_the_whole_run() -> None:
    text = markdown(RUN, [phase(good())], bad())
    assert "**NOT KEPT: 1 of 1 phases.**" in text
    assert "**Whole run, not stored: 25**" in text


def test_a_clean_verdict_does_not_save_a_missed_bound_nor_the_reverse() -> None:
    assert is_kept([phase(good())], good())
    assert not is_kept([phase(good(), kept=False)], good())
    assert not is_kept([phase(bad())], good())
    assert not is_kept([phase(good())], bad())


def test_a_run_that_showed_nothing_proves_nothing() -> None:
    assert not is_kept([], good())
    nothing = Verdict(START, END)
    assert not is_kept([phase(nothing)], nothing)


def test_the_folder_gets_three_files_and_the_values_agree(tmp_path: Path) -> None:
    world = World()
    world.deliver(START + 1, "t1")
    world.disconnect("b1", START + 4)
    world.record.fault("Redis killed", START + 3, START + 9)
    total = world.judge()
    assert write(tmp_path / "new", RUN, [phase(good())], total, world.record)
    values = json.loads((tmp_path / "new/report.json").read_text())
    assert values["kept"] is True
    assert values["phases"][0]["counts"] == dict.fromkeys(COUNTS, 0)
    assert values["total"]["close_codes"] == {"1006": 1}
    assert "timeline.png" in (tmp_path / "new/report.md").read_text()
    assert (tmp_path / "new/timeline.png").read_bytes().startswith(b"\x89PNG")


def test_a_run_without_a_single_showing_is_drawn_and_not_kept(tmp_path: Path) -> None:
    world = World()
    assert not write(tmp_path, RUN, [], world.judge(), world.record)
    assert (tmp_path / "timeline.png").exists()


@pytest.mark.parametrize(
    ("among", "shown"), [(1, "6 ws 3 → 1, all restarted"), (12, "6 ws 3 → 1"), (50, "6")]
)
def test_the_more_faults_a_picture_has_the_shorter_it_names_each(among: int, shown: str) -> None:
    assert label("6 ws 3 → 1, all restarted", among) == shown
