"""`./bellhop bench` before it starts anything: what it is told, what it hands on."""

import argparse
from pathlib import Path

import pytest
from verbs import bench_command

from bench.__main__ import main as harness_main
from bench.measures import MEASURES
from bench.peers import PEERS


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    bench_command.add_arguments(parser)
    return parser.parse_args(words)


def test_the_door_knows_the_peers_and_measures_that_there_are() -> None:
    assert bench_command.peers()[0] == "bellhop"
    assert set(bench_command.peers()) == set(PEERS)
    assert set(bench_command.measures()) == set(MEASURES)


def test_what_was_chosen_is_handed_on() -> None:
    words = ("--quick", "--rounds", "3", "--measures", "idle,cpu", "--peers", "bellhop")
    assert bench_command._options(parsed(*words)) == list(words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--measures", "coffee"), "--measures: there is no 'coffee'; there are broadcast,"),
        (("--peers", "nobody"), "--peers: there is no 'nobody'; there are bellhop,"),
        (("--rounds", "0"), "--rounds: a whole number from 1 to 100"),
    ],
)
def test_nonsense_is_refused_in_one_line(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench_command.main(parsed(*words)) == 2
    assert capsys.readouterr().err.startswith(f"bellhop: {said}")


def test_what_an_earlier_run_kept_is_gone_before_the_stacks_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It may be another clone's, whose database has another password."""
    asked: list[str] = []

    def compose(_: object, words: list[str]) -> int:
        (word,) = {"build", "down", "up", "run"} & set(words)
        asked.append(f"{word} --volumes" if "--volumes" in words else word)
        return 0

    monkeypatch.setattr(bench_command, "_compose", compose)
    monkeypatch.setattr("verbs.bench_command.signal.signal", lambda *_: None)
    assert bench_command.main(parsed("--keep", "--results", str(tmp_path))) == 0
    assert asked == ["build", "down --volumes", "up", "run"]
    asked.clear()
    assert bench_command.main(parsed("--results", str(tmp_path))) == 0
    assert asked == ["build", "down --volumes", "up", "run", "down --volumes"]


@pytest.mark.parametrize("url", ["https://notify.example.com", "http://192.168.1.5:8080"])
def test_load_is_never_put_on_a_stack_that_people_may_use(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PUBLIC_URL", url)
    monkeypatch.setattr("sys.argv", ["bench", "--quick"])
    assert harness_main() == 2
    assert capsys.readouterr().out.startswith("bellhop: PUBLIC_URL: ")
