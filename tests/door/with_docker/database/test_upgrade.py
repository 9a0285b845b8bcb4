"""`./bellhop upgrade`: refuses where there is nothing to do, and touches the old files when the new are complete."""

import signal

import pytest
from database_docker import Docker

OLD = "18\nPG_VERSION 17"
REFUSED = {
    "there is no database": ("18", "nothing to upgrade: there is no database yet"),
    "it is the image's": (
        "18\n18/docker/PG_VERSION 18",
        "nothing to upgrade: the data is PostgreSQL 18's",
    ),
    "it is newer": ("18\n19/docker/PG_VERSION 19", "the volume holds data of PostgreSQL 19"),
    "there are two": (
        "18\nPG_VERSION 17\n18/docker/PG_VERSION 18",
        "the volume holds data of PostgreSQL 17 and of 18",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_refuses_and_touches_nothing(docker: Docker, name: str) -> None:
    docker.volume, why = REFUSED[name]
    done = docker.bellhop("upgrade", "old.dump")
    assert done.returncode == 1
    assert done.stderr.startswith(f"bellhop: {why}")
    assert len(done.stderr.splitlines()) == 1
    assert not any(word in call for call in docker.calls for word in ("stop", "mv ", "pg_dump"))


@pytest.fixture
def no_other(docker: Docker) -> Docker:
    docker.volume = OLD
    return docker


@pytest.mark.parametrize(
    ("volume", "folder"),
    [
        (OLD, "/old"),
        ("18\ndata/PG_VERSION 17", "/old/data"),
        ("19\n18/docker/PG_VERSION 18", "/old/18/docker"),
    ],
)
def test_the_old_version_dumps_and_the_new_one_restores_beside(
    docker: Docker, volume: str, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    docker.volume = volume
    major, old = volume.partition("\n")[0], volume[-2:]
    done = docker.bellhop("upgrade", "old.dump")
    assert done.returncode == 0, done.stderr
    calls = docker.calls
    dump = next(i for i, call in enumerate(calls) if "pg_dump" in call)
    fill = next(i for i, call in enumerate(calls) if "pg_restore --username" in call)
    take = next(i for i, call in enumerate(calls) if "mv -T" in call)
    up = next(i for i, call in enumerate(calls) if call.startswith("compose up"))
    assert dump < fill < take < up
    assert f"PGDATA={folder} postgres:{old}" in next(
        call for call in calls if call.startswith("run ")
    )
    assert any(f"stop -t 120 shop-postgresql-{major}" in call for call in calls[fill:take])
    assert f"rm -r /var/lib/postgresql/postgresql-{old}" in done.stdout


@pytest.mark.parametrize("fails", ["pg_dump", "pg_restore db --file", "pg_restore --username"])
def test_what_fails_before_leaves_the_old_files_and_starts_what_ran(
    no_other: Docker, fails: str
) -> None:
    no_other.fails = fails
    done = no_other.bellhop("upgrade", "old.dump")
    assert done.returncode == 1
    assert "it broke" in done.stderr.splitlines()[-1]
    assert not no_other.called("mv ")
    assert no_other.calls[-1] == "compose start"


def test_an_interrupt_starts_what_ran(no_other: Docker) -> None:
    no_other.waits = "pg_restore --username"
    status, said = no_other.interrupted(signal.SIGINT, "upgrade", "old.dump")
    assert (status, said) == (130, "bellhop: interrupted; go on with: ./bellhop upgrade\n")
    assert no_other.calls[-1] == "compose start"


def test_a_new_version_that_has_taken_over_only_puts_the_old_files_aside(docker: Docker) -> None:
    docker.volume = "18\nPG_VERSION 17\n18/docker/PG_VERSION 18\n18/upgraded-from-17 17"
    assert docker.bellhop("upgrade", "old.dump").returncode == 0
    assert docker.called("mv -T")
    assert not docker.called("pg_dump")


def test_a_mark_without_the_new_files_means_nothing(docker: Docker) -> None:
    docker.volume = "18\nPG_VERSION 17\n18/upgraded-from-17 17"
    assert docker.bellhop("upgrade", "old.dump").returncode == 0
    assert docker.called("pg_dump")
