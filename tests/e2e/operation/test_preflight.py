"""Production refuses to start with what development does without, and says which variable it is."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from support import containers
from support.gateway import BARE

WEB = Path(__file__).resolve().parents[3] / "services/web"
GOOD = {
    "SECRET_KEY": secrets.token_urlsafe(50),
    "POSTGRES_PASSWORD": secrets.token_urlsafe(16),
    "WEB_PROCESSES": "1",
}


def preflight(**environment: str) -> tuple[int, str]:
    """Run preflight as production would; return exit status and output."""
    command = ["python", "manage.py", "preflight"]
    production = {"DEBUG": "false", **environment}
    if BARE:
        done = subprocess.run(
            [sys.executable, *command[1:]],
            cwd=WEB,
            env={"PATH": os.environ["PATH"], **production},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout.strip()
    image = containers.container("web").attrs["Config"]["Image"]
    container = containers.engine().containers.run(
        image, command, environment=production, detach=True
    )
    try:
        return container.wait(timeout=60)["StatusCode"], container.logs().decode().strip()
    finally:
        container.remove(force=True)


def test_production_starts_with_secrets_of_its_own() -> None:
    assert preflight(**GOOD) == (0, "configuration ok")


@pytest.mark.parametrize(
    ("variable", "value"),
    # One of each place that refuses; every value that is refused is in the unit tests of the settings.
    [
        ("SECRET_KEY", "change-me"),
        ("POSTGRES_PASSWORD", "change-me"),
        ("WEB_PROCESSES", "64"),
        ("WEB_MEMORY", "128m"),
        ("WS_MEMORY", "128m"),
        ("SECRET_KEY_FILE", "/nowhere"),
        ("DATABASE_READER_URL", "postgres://reader:x@elsewhere/bellhop"),
        ("EMAIL_VERIFICATION", "perhaps"),
        ("EMAIL_URL", "garbage"),
        ("EMAIL_URL", "smtp://mail:port"),
    ],
)
def test_production_refuses_with_one_line_that_names_the_variable(
    variable: str, value: str
) -> None:
    status, output = preflight(**{**GOOD, "WEB_THREADS": "64", variable: value})
    assert status == 1
    assert output.startswith(f"bellhop: {variable}: ")
    assert len(output.splitlines()) == 1


def test_development_refuses_a_public_address_with_one_line_that_says_what_makes_it_production() -> (
    None
):
    status, output = preflight(DEBUG="true", PUBLIC_URL="https://notify.example.com")
    assert status == 1
    assert output.startswith("bellhop: PUBLIC_URL: ")
    assert "COMPOSE_FILE=docker-compose.yml" in output
    assert len(output.splitlines()) == 1
