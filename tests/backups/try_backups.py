"""All of it on stacks of their own, with Docker: a backup under load, the volumes destroyed, restored; 17 → 18.

python tests/backups/try_backups.py     some four minutes; images postgres:17 and postgres:18
"""

import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backups.own_stack import (
    OLD,
    PROJECT,
    ROOT,
    URL,
    Rows,
    compose,
    digest,
    door,
    environment,
    manage,
    rows,
    say,
    sql,
)
from backups.plain_client import PlainClient

PEOPLE = 30
LOAD = """
import time
from django.contrib.auth.models import User
from bellhop.notify import notify
people = list(User.objects.order_by("pk"))
number = 0
while True:
    person = people[number % len(people)]
    row = notify(person, f"number {number}", data={"number": number})
    # In one write: the log of another thread goes the same way.
    print(f"saved {row.pk}\\n", end="", flush=True)
    number += 1
"""


class Load:
    """Notifies one after the other, as fast as it goes, and remembers what was accepted."""

    def __init__(self) -> None:
        self.accepted: list[str] = []
        command = [
            "docker",
            "compose",
            "exec",
            "-T",
            "web",
            "python",
            "manage.py",
            "shell",
            "-v0",
            "-c",
            LOAD,
        ]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            if line.startswith("saved "):
                self.accepted.append(line.split()[1])

    def until(self, count: int) -> None:
        while len(self.accepted) < count:
            assert self._process.poll() is None
            time.sleep(0.05)

    def stop(self) -> None:
        compose("restart", "web")
        self._process.wait()


def main() -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        try:
            _backup_and_restore(Path(folder))
            _upgrade(Path(folder) / "17.dump")
        finally:
            compose("down", "--volumes", "--remove-orphans", "--timeout", "3", files=(OLD,))
    say(f"all of it held, in {time.monotonic() - began:.0f} s")
    return 0


def _start(*files: str) -> None:
    compose("down", "--volumes", "--remove-orphans", "--timeout", "3", files=files)
    compose("up", "--build", "--detach", "--wait", files=files)
    people = (
        "from django.contrib.auth.models import User\n"
        f"for number in range({PEOPLE}): User.objects.create_user(f'p{{number}}', f'p{{number}}@example.com', 'secret')"
    )
    manage("shell", "-v0", "-c", people, files=files)


def _backup_and_restore(folder: Path) -> None:
    say("a stack of PostgreSQL 18")
    _start()
    ada = PlainClient(URL, "p0", "secret")
    ada.mark_read(ada.listed()[0]["id"])
    load = Load()
    load.until(200)
    sure, path = list(load.accepted), folder / "kept.dump"
    say(door("backup", str(path)).splitlines()[-1])
    load.until(len(load.accepted) + 200)
    load.stop()
    say(f"accepted: {len(sure)} before the backup began, {len(load.accepted) - len(sure)} since")
    before = rows()
    lost = _go_on_until_destroyed(ada)

    say("no other file destroys anything")
    _refusals(path, folder)

    say("volumes destroyed, restored")
    door("down", "--volumes", "--yes", PROJECT)
    say(door("restore", str(path), "--yes", PROJECT).splitlines()[-1])
    after = rows()
    _same(before, after, sure)
    _reads_and_sockets(ada, lost)


def _go_on_until_destroyed(ada: PlainClient) -> dict[str, int]:
    """Return what a browser knows at last, of which the backup holds less."""
    everything = ada.listed()
    answer = ada.mark_read(*(each["id"] for each in everything[:5]))
    return {"seq": answer["seq"], "rev": answer["rev"], "unread": answer["unread"]}


def _refusals(path: Path, folder: Path) -> None:
    whole, known = path.read_bytes(), rows()
    broken = {
        f"cut at {part:.0%}": whole[: int(len(whole) * part)] for part in (0, 0.01, 0.3, 0.6, 0.9)
    }
    broken |= {f"cut by {count}": whole[:-count] for count in (1, 40, 81, 90)}
    # By 81 bytes it is pg_dump's own dump, whole.
    del broken["cut by 81"]
    for place in (0.002, 0.05, 0.5, 0.95):
        at = int(len(whole) * place)
        broken[f"a bit at {place:.1%}"] = whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :]
    broken["text"] = b"CREATE TABLE nothing ();\n"
    for name, content in broken.items():
        other = folder / "broken.dump"
        other.write_bytes(content)
        said = door("restore", str(other), "--yes", PROJECT, fails=True).splitlines()
        assert said[-1].startswith("bellhop: "), (name, said)
        assert not [line for line in said if "stop" in line], (name, said)
    foreign = folder / "foreign.dump"
    dump = [
        "docker",
        "compose",
        "exec",
        "-T",
        "db",
        "pg_dump",
        "--username=bellhop",
        "--format=custom",
        "template1",
    ]
    foreign.write_bytes(
        subprocess.run(dump, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, check=True).stdout
    )
    assert "no dump of Bellhop's" in door("restore", str(foreign), "--yes", PROJECT, fails=True)
    assert "its project is to be named" in door("restore", str(path), fails=True)
    kept = digest(path)
    assert "exists already" in door("backup", str(path), fails=True)
    assert digest(path) == kept
    assert rows() == known
    say(f"refused: {len(broken) + 3}")


def _same(before: Rows, after: Rows, sure: list[str]) -> None:
    notifications = after["bellhop_notification"]
    missing = sorted(set(sure) - set(notifications))
    assert not missing, (
        f"accepted before the backup, and not in it: {missing[:3]} of {len(missing)}"
    )
    for table, found in after.items():
        assert found.items() <= before[table].items(), f"{table}: other rows than there were"
    holes = "SELECT count(*) FROM (SELECT max(seq) - count(*) AS n FROM bellhop_notification GROUP BY recipient_id) x"
    assert sql(f"{holes} WHERE n <> 0") == "0"
    say(
        "rows as they were: " + ", ".join(f"{len(found)} {table}" for table, found in after.items())
    )


def _reads_and_sockets(ada: PlainClient, lost: dict[str, int]) -> None:
    stored = [each["seq"] for each in ada.listed()]
    assert max(stored) < lost["seq"]
    assert sum(each["read"] for each in ada.listed()) == 1, "other read marks than the backup's"
    # As many as were lost, and more: their numbers must not be those.
    new = lost["seq"] - max(stored) + 3
    notified = (
        f"from bellhop.notify import notify\nfrom django.contrib.auth.models import User\n"
        f"for number in range({new}): notify(User.objects.get(username='p0'), f'new {{number}}')"
    )
    manage("shell", "-v0", "-c", notified)
    frames = ada.frames(f"?after={lost['seq']}&rev={lost['rev']}", 3)
    kinds = [frame["type"] for frame in frames]
    assert kinds[:2] == ["ready", "resync"], kinds
    shown = [frame for frame in frames if frame["type"] == "notification"]
    assert [frame["message"] for frame in shown] == [f"new {number}" for number in range(new)], (
        shown
    )
    seqs = [frame["seq"] for frame in shown]
    assert seqs == list(range(frames[1]["seq"] + 1, frames[1]["seq"] + 1 + new)), seqs
    assert [frame.get("reload") for frame in frames if frame["type"] == "state"] == [True]
    behind = ada.frames(f"?after={max(stored) - 1}", 3)
    assert [frame["seq"] for frame in behind if frame["type"] == "notification"] == [
        max(stored),
        *seqs,
    ]
    assert "resync" not in [frame["type"] for frame in behind]
    say(f"who was ahead (seq {lost['seq']} of {max(stored)}): resync, and all {new} new ones")


def _upgrade(dump: Path) -> None:
    say("a stack of PostgreSQL 17")
    _start(OLD)
    ada = PlainClient(URL, "p0", "secret")
    manage("shell", "-v0", "-c", LOAD.replace("while True", "while number < 500"), files=(OLD,))
    before, version = rows(), sql("SHOW server_version")
    assert version.startswith("17."), version
    inboxes = sql("SELECT md5(string_agg(i::text, ',' ORDER BY user_id)) FROM bellhop_inbox AS i")
    assert f"is kept: {dump}" in door("upgrade", str(dump))
    assert rows() == before
    assert (
        sql("SELECT md5(string_agg(i::text, ',' ORDER BY user_id)) FROM bellhop_inbox AS i")
        == inboxes
    )
    latest = max(each["seq"] for each in ada.listed())
    kinds = [frame["type"] for frame in ada.frames(f"?after={latest}", 2)]
    assert kinds == ["ready"], kinds
    assert "nothing to upgrade" in door("upgrade", fails=True)
    now = sql("SHOW server_version")
    say(
        f"{version.split()[0]} → {now.split()[0]}: {len(before['bellhop_notification'])} notifications, each as it was"
    )


if __name__ == "__main__":
    sys.exit(main())
