"""The limit on open files decides how many sockets there can be; each case in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

SERVICE = Path(__file__).parents[1]
ASK = "from core.descriptors import *; import resource; print(sockets_allowed({most}), *resource.getrlimit(7))"


def ask(limit: str, most: int) -> list[str]:
    """Return the log's lines, and last the answer with the limits afterwards."""
    shell = f"ulimit {limit} && exec '{sys.executable}' -c '{ASK.format(most=most)}'"
    asked = subprocess.run(
        ["/bin/bash", "-c", shell], cwd=SERVICE, capture_output=True, text=True, check=True
    )
    return asked.stdout.splitlines()


def test_the_soft_limit_is_raised_as_far_as_needed() -> None:
    assert ask("-Sn 400 && ulimit -Hn 2000", 1000) == ["1000 1256 2000"]


def test_a_hard_limit_lowers_the_number_of_sockets_and_is_logged_once() -> None:
    *lines, answer = ask("-n 1024", 10_000)
    assert answer == "768 1024 1024"
    (line,) = lines
    assert "sockets_limited" in line
    assert "768" in line


@pytest.mark.parametrize("most", [1, 700])
def test_a_limit_that_suffices_is_left_alone(most: int) -> None:
    assert ask("-n 1024", most) == [f"{most} 1024 1024"]


def test_one_socket_at_least_is_tried() -> None:
    assert ask("-n 100", 10_000)[-1] == "1 100 100"
