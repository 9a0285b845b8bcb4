"""A `docker` that answers as a stack with a database does, notes what it was asked, and fails where a test says so."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LISTED = "\n".join(
    f"{number}; 0 {number} TABLE DATA public {table} bellhop"
    for number, table in enumerate(
        ("auth_user", "bellhop_inbox", "bellhop_notification", "django_migrations")
    )
)


class Docker:
    """What `docker` says is chosen by a test; `fails` is a part of the command that ends with 1."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.dump, self.listed = b"PGDMP" + bytes(range(256)) * 20, LISTED
        self.is_running, self.debug, self.database_url = True, "true", ""
        self.fails, self.waits, self.web, self.volume = "", "", "one", "18\n18/docker/PG_VERSION 18"
        self.tables = "bellhop_inbox"
        self.has_volume = False

    def start(self, *arguments: str, limit: "int | None" = None) -> "subprocess.Popen[str]":
        config = {
            "name": "shop",
            "services": {
                "nginx": {"ports": [{"published": "80"}], "environment": {}},
                "web": {"environment": {"DEBUG": self.debug, "DATABASE_URL": self.database_url}},
                "db": {
                    "image": "postgres:18",
                    "volumes": [
                        {"type": "volume", "source": "db", "target": "/var/lib/postgresql"}
                    ],
                },
            },
            "volumes": {"db": {"name": "shop_db"}},
        }
        (self.folder / "config.json").write_text(json.dumps(config))
        (self.folder / "dump").write_bytes(self.dump)
        for name in ("listed", "volume", "web", "tables"):
            (self.folder / name).write_text(getattr(self, name))
        script = self.folder / "docker"
        script.write_text(
            f"""#!/bin/sh
cd "{self.folder}"
echo "$*" >> calls
fails='{self.fails}'
waits='{self.waits}'
case "$*" in
  *"${{waits:-nothing waits}}"*) printf PGDMP; touch waiting; exec sleep 60 ;;
esac
case "$*" in
  *"${{fails:-nothing fails}}"*) printf PGDMP; printf 'noise\\npg_x: error: it broke\\nmore\\n' >&2; exit 1 ;;
  info*) echo 26.1.5 ;;
  *version*) echo 2.26.1 ;;
  *config*) cat config.json ;;
  *"ps --quiet --status running"*) {"echo one" if self.is_running else ":"} ;;
  *"ps --quiet web"*) cat web ;;
  *"volume ls"*"shop_db"*) {"echo shop_db" if self.has_volume else ":"} ;;
  *pg_dump*) cat dump ;;
  *"pg_restore --list"*|*"pg_restore db --list"*) cat > /dev/null; cat listed ;;
  *pg_restore*) cat > /dev/null ;;
  *PG_MAJOR*) cat volume ;;
  *to_regclass*) cat tables ;;
  *"count(*)"*) echo 1234 ;;
esac
"""
        )
        script.chmod(0o755)

        def bounded() -> None:
            if limit is not None:
                import resource

                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        return subprocess.Popen(
            [sys.executable, str(ROOT / "bellhop"), *arguments],
            cwd=self.folder,
            env={"PATH": f"{self.folder}:/usr/bin:/bin"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=bounded,
        )

    def bellhop(
        self, *arguments: str, limit: "int | None" = None
    ) -> "subprocess.CompletedProcess[str]":
        process = self.start(*arguments, limit=limit)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess([], process.returncode, out, err)

    def interrupted(self, number: signal.Signals, *arguments: str) -> "tuple[int, str]":
        """Run a verb until `docker` waits, and signal it as a terminal does; return its status and what it says."""
        process = self.start(*arguments)
        while not (self.folder / "waiting").exists():
            assert process.poll() is None
            time.sleep(0.02)
        if number == signal.SIGINT:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        _, said = process.communicate(timeout=60)
        return process.returncode, said

    @property
    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text().splitlines()

    def called(self, part: str) -> bool:
        return any(part in call for call in self.calls)
