"""`./bellhop backup`: under the file's name there is nothing, or all of it."""

import hashlib
import signal
import stat

import pytest
from database_docker import Docker


def names(docker: Docker) -> set[str]:
    return {path.name for path in docker.folder.iterdir() if "dump" in path.name} - {"dump"}


def test_it_writes_what_pg_dump_prints_and_seals_it(docker: Docker) -> None:
    done = docker.bellhop("backup", "x.dump")
    assert done.returncode == 0, done.stderr
    path = docker.folder / "x.dump"
    seal = f"\nbellhop-sha256 {hashlib.sha256(docker.dump).hexdigest()}\n"
    assert path.read_bytes() == docker.dump + seal.encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert names(docker) == {"x.dump"}
    dump, listed, read = [line for line in done.stdout.splitlines() if line.startswith("$ ")]
    assert dump == (
        "$ docker compose exec -T db pg_dump --username=bellhop --dbname=bellhop --format=custom > x.dump"
    )
    assert listed == "$ docker compose exec -T db pg_restore --list < x.dump"
    assert read == "$ docker compose exec -T db pg_restore --file=/dev/null < x.dump"
    assert "x.dump (5,206 bytes)" in done.stdout.splitlines()[-1]


def test_a_folder_gets_a_file_named_by_the_time(docker: Docker) -> None:
    (docker.folder / "dumps").mkdir()
    assert docker.bellhop("backup", "dumps").returncode == 0
    (path,) = (docker.folder / "dumps").iterdir()
    assert path.name.startswith("bellhop-2")
    assert path.name.endswith("Z.dump")


def test_a_file_that_exists_is_left_alone(docker: Docker) -> None:
    (docker.folder / "x.dump").write_text("mine")
    done = docker.bellhop("backup", "x.dump")
    assert done.returncode == 1
    assert done.stderr == "bellhop: x.dump exists already, and is left as it is\n"
    assert (docker.folder / "x.dump").read_text() == "mine"
    assert not docker.called("pg_dump")


@pytest.mark.parametrize("fails", ["pg_dump", "pg_restore --list", "pg_restore --file"])
def test_what_fails_is_one_line_and_leaves_nothing(docker: Docker, fails: str) -> None:
    docker.fails = fails
    done = docker.bellhop("backup", "x.dump")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("bellhop: ")
    assert "pg_x: error: it broke" in done.stderr
    assert names(docker) == set()


def test_a_full_disk_is_one_line_and_leaves_nothing(docker: Docker) -> None:
    docker.dump = bytes(200_000)
    done = docker.bellhop("backup", "x.dump", limit=100_000)
    assert done.returncode == 1
    assert done.stderr == "bellhop: x.dump cannot be written: File too large\n"
    assert names(docker) == set()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("waits", ["pg_dump", "pg_restore --file"])
def test_an_interrupt_leaves_nothing(
    docker: Docker, number: signal.Signals, status: int, waits: str
) -> None:
    docker.waits = waits
    found, said = docker.interrupted(number, "backup", "x.dump")
    assert found == status
    if number == signal.SIGINT:
        assert said == "bellhop: interrupted; no backup was written\n"
    assert names(docker) == set()


def test_a_database_that_does_not_run_is_said_and_not_started(docker: Docker) -> None:
    docker.is_running = False
    done = docker.bellhop("backup", "x.dump")
    assert done.stderr == (
        "bellhop: the database does not run; start it: docker compose up --detach --wait db\n"
    )
    assert not docker.called(" up ")


@pytest.mark.parametrize("verb", [("backup",), ("restore", "dump"), ("upgrade",)])
def test_another_database_is_its_administrators_business(
    docker: Docker, verb: tuple[str, ...]
) -> None:
    docker.database_url = "postgres://elsewhere/x"
    docker.bellhop("backup", "x.dump")
    done = docker.bellhop(*verb)
    assert done.returncode == 1
    assert done.stderr.startswith("bellhop: DATABASE_URL: ")
    assert len(done.stderr.splitlines()) == 1
    assert not docker.called("pg_")


def test_a_dump_of_something_else_is_not_kept(docker: Docker) -> None:
    docker.listed = docker.listed.replace("bellhop_inbox", "shop_order")
    done = docker.bellhop("backup", "x.dump")
    assert (
        done.stderr == "bellhop: x.dump is no dump of Bellhop's: it has no rows of bellhop_inbox\n"
    )
    assert names(docker) == set()
