"""This stack's own services are adopters like others: the package's checks find nothing to say of them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SERVICES = Path(__file__).resolve().parents[5] / "services"


@pytest.mark.parametrize("service", ["web", "worker", "ws"])
def test_nothing_is_said_of_a_service(service: str) -> None:
    folder = SERVICES / service
    run = subprocess.run(
        [sys.executable, "-m", "django", "check", "--tag", "bellhop", "--fail-level", "WARNING"],
        cwd=folder,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": os.pathsep.join([str(folder), *filter(None, sys.path)]),
        },
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert "no issues" in run.stdout
