"""A missing package is installed, or named in one line."""

import os
import pwd
import shutil
import sys
from pathlib import Path

import pytest
from bare.errors import MissingError
from bare.host import system_packages


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with all the programs that are on the PATH of a Debian host: none but apt-get, so far."""
    folder = tmp_path / "bin"
    folder.mkdir()
    add(folder, "apt-get")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    monkeypatch.setattr(system_packages, "find", shutil.which)
    monkeypatch.setattr(os, "geteuid", lambda: pwd.getpwnam("nobody").pw_uid)
    return folder


def add(folder: Path, *names: str, script: str = "exit 0") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)


def no_active_python(monkeypatch: pytest.MonkeyPatch, version: tuple[int, int] = (3, 11)) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python3")
    monkeypatch.setattr(sys, "version_info", version)


def test_a_user_who_is_not_root_is_told_one_line_to_type(on_path: Path) -> None:
    with pytest.raises(MissingError) as refusal:
        system_packages.missing({**system_packages.RUN, **system_packages.TEST})
    assert str(refusal.value) == (
        "run: sudo apt-get install postgresql redis-server nginx-light util-linux chromium pgbouncer"
    )


def test_only_what_is_missing_is_named(on_path: Path) -> None:
    add(on_path, "postgres", "nginx", "setpriv")
    with pytest.raises(MissingError, match=r"^run: sudo apt-get install redis-server$"):
        system_packages.missing(system_packages.RUN)


def test_nothing_is_asked_for_where_nothing_is_missing(on_path: Path) -> None:
    add(on_path, *system_packages.RUN)
    assert system_packages.missing(system_packages.RUN) == []


def test_root_on_debian_gets_the_packages_to_install(
    on_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    add(on_path, "postgres", "setpriv")
    assert system_packages.missing(system_packages.RUN) == ["redis-server", "nginx-light"]


def test_elsewhere_the_programs_are_named(on_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (on_path / "apt-get").unlink()
    add(on_path, "postgres", "setpriv")
    with pytest.raises(MissingError, match=r"missing: redis-server nginx \(on Debian .*\)$"):
        system_packages.missing(system_packages.RUN)


def test_a_python_that_is_too_old_is_said_in_the_same_line(
    on_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_active_python(monkeypatch)
    with pytest.raises(MissingError) as refusal:
        system_packages.missing({"nginx": "nginx-light"})
    said = str(refusal.value)
    assert said.startswith("run: sudo apt-get install nginx-light; then: Python 3.12 or newer")
    assert "\n" not in said


def test_a_debian_python_without_virtual_environments_gets_them_installed(
    on_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_active_python(monkeypatch, (3, 13))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert system_packages.missing({}) == ["python3-venv"]


def test_the_active_python_comes_first() -> None:
    assert system_packages.python() == sys.executable


def test_the_newest_python_that_pyenv_keeps_is_found_and_broken_ones_are_passed_over(
    on_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_active_python(monkeypatch)
    # pyenv's shim of a version that is not active.
    add(on_path, "python3.14", script="echo 3 14; exit 127")
    kept = tmp_path / ".pyenv/versions"
    for version in ("3.9.18", "3.11.7", "3.12.1", "3.13.9", "3.13.10"):
        minor = version.split(".")[1]
        add(kept / version / "bin", "python", script=f"echo 3 {minor}")
    assert system_packages.python() == str(kept / "3.13.10/bin/python")
    shutil.rmtree(kept / "3.13.10")
    add(kept / "3.13.9/bin", "python", script="exit 1")
    assert system_packages.python() == str(kept / "3.12.1/bin/python")
    shutil.rmtree(kept / "3.12.1")
    assert system_packages.python() is None


def test_the_newest_postgresql_is_found_by_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("9.6", "15", "17"):
        add(tmp_path / version / "bin", "postgres")
    real = Path.glob
    monkeypatch.setattr(
        Path,
        "glob",
        lambda self, pattern: real(
            tmp_path if str(self) == "/usr/lib/postgresql" else self, pattern
        ),
    )
    monkeypatch.setenv("PATH", "/nonexistent")
    assert system_packages.find("postgres") == str(tmp_path / "17/bin/postgres")


@pytest.fixture
def apt(on_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Record what apt-get and dpkg are told, and whether servers were kept from starting meanwhile."""
    record = tmp_path / "told"
    policy = tmp_path / "policy-rc.d"
    monkeypatch.setattr(system_packages, "_POLICY", policy)
    monkeypatch.setattr(system_packages, "_CLUSTER", tmp_path / "createcluster.conf")
    script = f'echo "${{0##*/}} $*" >>{record}; test -x {policy} || echo unguarded >>{record}'
    add(on_path, "apt-get", "dpkg", script=script)
    return record


def test_packages_are_installed_without_starting_their_servers(apt: Path, tmp_path: Path) -> None:
    system_packages.install(["nginx-light"])
    told = apt.read_text()
    assert "install" in told
    assert "nginx-light" in told
    assert "unguarded" not in told
    assert not (tmp_path / "policy-rc.d").exists()


def test_a_policy_of_the_hosts_own_stays(apt: Path, tmp_path: Path) -> None:
    own = tmp_path / "policy-rc.d"
    own.write_text("#!/bin/sh\nexit 104\n")
    system_packages.install(["nginx-light"])
    assert own.read_text() == "#!/bin/sh\nexit 104\n"


def test_a_policy_that_an_interrupt_has_left_behind_goes(apt: Path, tmp_path: Path) -> None:
    left = tmp_path / "policy-rc.d"
    left.write_text(system_packages._POLICY_TEXT)
    system_packages.install(["nginx-light"])
    assert not left.exists()


def test_a_failing_installation_is_one_line(on_path: Path, apt: Path, tmp_path: Path) -> None:
    add(
        on_path,
        "apt-get",
        script="echo first >&2; echo 'E: Unable to locate package' >&2; exit 100",
    )
    with pytest.raises(MissingError, match=r"^apt-get update failed: E: Unable to locate package$"):
        system_packages.install(["nonsense"])
    assert not (tmp_path / "policy-rc.d").exists()


def test_an_installation_without_a_network_asks_for_one(on_path: Path, apt: Path) -> None:
    update = "echo 'W: Failed to fetch the list' >&2"
    install = "echo 'E: Unable to locate package' >&2; exit 100"
    add(on_path, "apt-get", script=f'if [ "$1" = update ]; then {update}; else {install}; fi')
    with pytest.raises(
        MissingError, match=r"\A.*Unable to locate package; is there a network\?.*\Z"
    ):
        system_packages.install(["nginx-light"])
