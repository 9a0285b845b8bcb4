"""`./bellhop restore`: what is refused touches nothing, and what fails leaves what was there."""

from pathlib import Path

import pytest
from database_docker import Docker

STEPS = ("createdb", "pg_restore --username", "ANALYZE", "manage.py restored")
"""Before anybody is stopped."""


@pytest.fixture
def backup(docker: Docker) -> Path:
    assert docker.bellhop("backup", "x.dump").returncode == 0
    (docker.folder / "calls").unlink()
    return docker.folder / "x.dump"


def touched(docker: Docker) -> list[str]:
    words = ("stop", "start", " up ", "createdb", "dropdb", "ALTER", "migrate")
    return [call for call in docker.calls if any(word in call for word in words)]


def order(docker: Docker, *parts: str) -> bool:
    places = [next(i for i, call in enumerate(docker.calls) if part in call) for part in parts]
    return places == sorted(places)


def test_all_that_can_fail_comes_before_anybody_is_stopped(docker: Docker, backup: Path) -> None:
    done = docker.bellhop("restore", "x.dump")
    assert done.returncode == 0, done.stderr
    assert order(docker, "--file=/dev/null", *STEPS, "stop web worker ws", "ALTER", "up --detach")
    (exchange,) = [call for call in docker.calls if "ALTER" in call]
    assert "--single-transaction" in exchange
    assert "ALTER DATABASE bellhop RENAME TO bellhop_before_2" in exchange
    assert "ALTER DATABASE bellhop_restored RENAME TO bellhop" in exchange
    assert "Restored: 1,234 notifications." in done.stdout
    # Going back may be wanted more than once, and gives no number twice either.
    aside = exchange.split("RENAME TO bellhop_before_")[1].split()[0]
    back = done.stdout.partition("To go back to it")[2]
    assert f"manage.py restored bellhop_before_{aside}" in back
    assert f"ALTER DATABASE bellhop RENAME TO bellhop_undone_{aside}" in back
    assert f"ALTER DATABASE bellhop_before_{aside} RENAME TO bellhop" in back


def test_a_cut_file_is_refused_wherever_the_seal_is_cut(docker: Docker, backup: Path) -> None:
    whole = backup.read_bytes()
    for cut in (1, 2, 64, 65, 70, 80):
        backup.write_bytes(whole[:-cut])
        done = docker.bellhop("restore", "x.dump")
        assert done.stderr == "bellhop: x.dump is not whole: its last line is cut\n", cut
        assert touched(docker) == []
    backup.write_bytes(whole[:-81])
    assert docker.bellhop("restore", "x.dump").returncode == 0, "what pg_dump prints is a dump"


@pytest.mark.parametrize("place", [0, 5, 1000, 5000, 5124])
def test_a_changed_bit_is_refused(docker: Docker, backup: Path, place: int) -> None:
    content = bytearray(backup.read_bytes())
    content[place] ^= 1
    backup.write_bytes(content)
    done = docker.bellhop("restore", "x.dump")
    assert done.returncode == 1
    assert done.stderr == "bellhop: x.dump is damaged: it is not what was written (SHA-256)\n"
    assert touched(docker) == []


@pytest.mark.parametrize("fails", ["pg_restore --list", "pg_restore --file"])
def test_what_pg_restore_cannot_read_is_refused(docker: Docker, backup: Path, fails: str) -> None:
    docker.fails = fails
    done = docker.bellhop("restore", "x.dump")
    assert done.returncode == 1
    assert done.stderr == (
        "bellhop: x.dump is no dump, or not a whole one: pg_x: error: it broke\n"
    )
    assert touched(docker) == []


def test_a_file_that_is_not_there_is_refused(docker: Docker) -> None:
    done = docker.bellhop("restore", "y.dump")
    assert done.stderr == "bellhop: y.dump cannot be read: No such file or directory\n"
    assert touched(docker) == []


def test_where_production_has_no_database_yet_nothing_is_asked(
    docker: Docker, backup: Path
) -> None:
    docker.debug, docker.is_running = "false", False
    assert docker.bellhop("restore", "x.dump").returncode == 0
    # Stopped is not gone.
    docker.has_volume = True
    assert docker.bellhop("restore", "x.dump").returncode == 1


def test_production_wants_its_name(docker: Docker, backup: Path) -> None:
    docker.debug = "false"
    done = docker.bellhop("restore", "x.dump")
    assert done.returncode == 1
    assert done.stderr.startswith("bellhop: nothing was restored: its project is to be named;")
    assert docker.bellhop("restore", "x.dump", "--yes", "ship").returncode == 1
    assert touched(docker) == []
    assert docker.bellhop("restore", "x.dump", "--yes", "shop").returncode == 0


@pytest.mark.parametrize("fails", STEPS)
def test_what_fails_beside_the_running_database_stops_nobody(
    docker: Docker, backup: Path, fails: str
) -> None:
    docker.fails = fails
    done = docker.bellhop("restore", "x.dump")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(
        "bellhop: x.dump was not restored, nothing has changed: "
    )
    assert not docker.called("stop")
    assert "dropdb" in docker.calls[-1]


@pytest.mark.parametrize("fails", ["stop web worker ws", "ALTER"])
def test_what_fails_at_the_exchange_starts_the_services_again(
    docker: Docker, backup: Path, fails: str
) -> None:
    docker.fails = fails
    assert docker.bellhop("restore", "x.dump").returncode == 1
    assert docker.calls[-1] == "compose start web worker ws"
    assert not docker.called(" up ")


def test_the_empty_database_of_a_new_volume_is_not_kept(docker: Docker, backup: Path) -> None:
    docker.is_running, docker.tables = False, ""
    done = docker.bellhop("restore", "x.dump")
    assert done.returncode == 0, done.stderr
    # With nothing running the file is read by the image alone.
    assert order(
        docker,
        "run --rm --no-deps -T --entrypoint pg_restore db",
        "preflight",
        "up --detach --wait db",
    )
    assert docker.called("dropdb --username=bellhop --force bellhop_before_2")
    assert "To go back" not in done.stdout


def test_as_many_containers_run_as_before(docker: Docker, backup: Path) -> None:
    docker.web = "one\ntwo\nthree"
    assert docker.bellhop("restore", "x.dump").returncode == 0
    assert docker.calls[-1] == "compose up --detach --wait --scale web=3"
