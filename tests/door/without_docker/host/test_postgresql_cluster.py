"""The cluster is made whole or not at all, and a killed server's lock does not keep it from starting."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bare.errors import MissingError
from bare.host import system_packages
from bare.programs import postgresql_cluster


def programs(folder: Path, version: str, initdb: str = 'mkdir -p "${@: -1}"') -> None:
    """Make a PostgreSQL that says its version and whose initdb does no more than told."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, script in (
        ("postgres", f"echo 'postgres (PostgreSQL) {version}'"),
        ("initdb", initdb),
    ):
        (folder / name).write_text(f"#!/bin/bash\n{script}\n")
        (folder / name).chmod(0o755)


@pytest.fixture
def data(state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    programs(tmp_path / "pg", "17.2 (Debian)")
    monkeypatch.setattr(system_packages, "find", lambda program: str(tmp_path / "pg" / program))
    return state / "postgres"


# Whoever runs the tests, who is root in a container: `chown` to oneself is allowed to everybody.
VARIABLES = {"DB_USER": str(subprocess.check_output(["id", "-un"], text=True).strip())}


def test_a_cluster_that_was_made_is_complete_and_the_password_is_gone(data: Path) -> None:
    postgresql_cluster.make(data, VARIABLES)
    assert data.is_dir()
    assert sorted(path.name for path in data.parent.iterdir()) == ["postgres"]


def test_a_cluster_that_was_left_half_made_is_made_anew(data: Path) -> None:
    half = data.with_name("postgres.unfinished")
    half.mkdir()
    (half / "PG_VERSION").write_text("17")
    postgresql_cluster.make(data, VARIABLES)
    assert not half.exists()
    assert not (data / "PG_VERSION").exists()


def test_a_failing_initdb_is_one_line_and_leaves_no_cluster(data: Path, tmp_path: Path) -> None:
    programs(tmp_path / "pg", "17", initdb="echo first >&2; echo 'no locale' >&2; exit 1")
    with pytest.raises(MissingError, match=r"\Ainitdb failed: no locale\Z"):
        postgresql_cluster.make(data, VARIABLES)
    assert not data.exists()
    assert not data.with_name("password").exists()


def test_a_lock_whose_process_id_is_somebody_elses_by_now_is_removed(data: Path) -> None:
    data.mkdir()
    lock = data / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{data}\n")
    postgresql_cluster.make(data, VARIABLES)
    assert not lock.exists()


def test_the_lock_of_a_server_that_runs_stays(data: Path) -> None:
    data.mkdir()
    lock = data / "postmaster.pid"
    code = "print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=data, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as server:
        assert server.stdout
        server.stdout.readline()
        lock.write_text(f"{server.pid}\n{data}\n")
        postgresql_cluster.make(data, VARIABLES)
        assert lock.exists()
        server.communicate(b"\n")


def test_a_postgresql_that_is_too_old_is_one_line(data: Path, tmp_path: Path) -> None:
    programs(tmp_path / "pg", "13.9")
    with pytest.raises(MissingError, match=r"\APostgreSQL 15 or newer is needed, found 13\Z"):
        postgresql_cluster.programs(data)


def test_a_database_of_another_version_says_what_to_do(data: Path) -> None:
    data.mkdir()
    (data / "PG_VERSION").write_text("14\n")
    with pytest.raises(MissingError, match=r"made by PostgreSQL 14: .*down --volumes\Z"):
        postgresql_cluster.programs(data)


def test_a_database_of_the_same_version_is_used(data: Path, tmp_path: Path) -> None:
    data.mkdir()
    (data / "PG_VERSION").write_text("17\n")
    assert postgresql_cluster.programs(data) == tmp_path / "pg"
