"""The stack as local processes on a host without Docker: the same operations, through supervisord."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "deploy"))

from bare import start_and_stop as bare  # noqa: E402 - the same code that `./bellhop up` runs


def attempt(service: str, *command: str) -> tuple[int, str]:
    """Run a command in a service's folder, as its container would; return exit status and output."""
    done = subprocess.run(
        command,
        cwd=ROOT / "services" / service,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


_launched: list["subprocess.Popen[bytes]"] = []


def launch(service: str, *command: str) -> None:
    """Start a command in a service's folder, and leave it to itself."""
    _launched.append(subprocess.Popen(command, cwd=ROOT / "services" / service))


def sql(statement: str) -> tuple[int, str]:
    database = os.environ["DATABASE_URL"]
    done = subprocess.run(
        ["psql", database, "-Atc", statement], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def redis(*command: str) -> tuple[int, str]:
    return attempt("web", "redis-cli", "-p", os.environ["REDIS_PORT"], *command)


def reload_nginx() -> None:
    os.kill(int(bare.control("pid", "nginx")), signal.SIGHUP)


def logs(service: str, since: float = 0) -> list[str]:
    lines, recent = [], not since
    text = (bare.state() / "log" / f"{service}.log").read_text(errors="replace")
    for line in text.splitlines():
        # A line without a time belongs to the one before it.
        if stamp := re.match(r"timestamp=(\S+?)Z ", line):
            recent = datetime.fromisoformat(stamp[1] + "+00:00").timestamp() >= int(since)
        if recent:
            lines.append(line)
    return lines


def stop(service: str) -> None:
    bare.control("stop", service)


def start(service: str) -> None:
    bare.control("start", service)


def kill(service: str) -> None:
    _signal(service, signal.SIGKILL)


def pause(service: str) -> None:
    _signal(service, signal.SIGSTOP)


def resume(service: str) -> None:
    _signal(service, signal.SIGCONT)


def _signal(service: str, number: signal.Signals) -> None:
    # supervisord gives each program a process group of its own.
    os.killpg(int(bare.control("pid", service)), number)


def memory(service: str) -> int:
    """Return the resident bytes of a service's processes; the kernel's socket buffers are not in them."""
    group, total = int(bare.control("pid", service)), 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if os.getpgid(int(entry.name)) == group:
                    pages = int((entry / "statm").read_text().split()[1])
                    total += pages * os.sysconf("SC_PAGE_SIZE")
    return total


def health(service: str) -> str:
    return "healthy" if bare.is_ready(service, bare.variables()) else "unhealthy"


def healthz(service: str) -> str:
    port = os.environ[f"{service.upper()}_PORT"]
    try:
        # Not by the proxy that a company's shell names.
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.read().decode()}"
    except urllib.error.URLError as error:
        return f"no answer: {error.reason}"
