"""The virtual environment: complete or made anew, and one line when no package comes."""

import sys
from pathlib import Path

import pytest
from bare.errors import MissingError
from bare.host import system_packages, virtual_environment


def test_what_an_interrupt_has_left_half_made_is_made_anew(tmp_path: Path) -> None:
    venv = tmp_path / "venv"

    def interrupted() -> None:
        with virtual_environment._whole(venv):
            venv.mkdir()
            (venv / "half a package").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with virtual_environment._whole(venv):
        assert not venv.exists()
        venv.mkdir()
    with virtual_environment._whole(venv):
        assert venv.exists()


def test_an_installation_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    venv.mkdir()
    with pytest.raises(MissingError), virtual_environment._whole(venv):
        raise MissingError
    with virtual_environment._whole(venv):
        assert venv.exists()


@pytest.mark.parametrize(
    "said",
    [
        "ERROR: Could not find a version\nWARNING: Temporary failure in name resolution\n",
        "error: Failed to fetch: `https://index.example/simple/django/`\n  Caused by: dns error\n",
        "error: operation timed out\n",
    ],
)
def test_without_a_network_one_line_says_so_and_the_rest_is_in_a_file(
    said: str, tmp_path: Path
) -> None:
    log = tmp_path / "install.log"
    with pytest.raises(MissingError) as refusal:
        virtual_environment._run("uv", log, "sh", "-c", 'printf "%s" "$1"; exit 1', "-", said)
    assert "\n" not in str(refusal.value)
    assert "is there a network?" in str(refusal.value)
    assert str(log) in str(refusal.value)
    assert said in log.read_text()


def test_a_certificate_that_is_not_trusted_is_not_called_a_missing_network(tmp_path: Path) -> None:
    said = "error: Failed to fetch\n cause: invalid peer certificate: UnknownIssuer\n"
    with pytest.raises(MissingError, match="does not trust the package index's certificate"):
        virtual_environment._run("uv", tmp_path / "log", "sh", "-c", 'echo "$1"; exit 1', "-", said)


def test_another_failure_is_told_by_its_last_line(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"^uv could not be installed: disk is full \(details"):
        virtual_environment._run(
            "uv", tmp_path / "log", "sh", "-c", "echo a; echo disk is full; exit 1"
        )


def test_a_python_whose_environment_was_left_half_made_is_not_what_makes_it_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = []
    half = tmp_path / "venv/bin/python"
    half.parent.mkdir(parents=True)
    half.symlink_to(sys.executable)
    (tmp_path / "venv.unfinished").touch()
    (tmp_path / "tools/bin").mkdir(parents=True)
    (tmp_path / "tools/bin/uv").touch()
    monkeypatch.setattr(
        virtual_environment,
        "_run",
        lambda *command, **variables: used.append(variables["UV_PYTHON"]),
    )
    monkeypatch.setattr(system_packages, "python", lambda: "/another/python")
    virtual_environment.prepare(tmp_path, tests=False)
    assert used == ["/another/python"]
