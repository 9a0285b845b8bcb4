"""Start and stop the services as local processes, in order, each when what it needs is there."""

from __future__ import annotations

import fcntl
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bare import health, interrupts, layout, supervisor
from bare.errors import MissingError
from bare.host import system_packages, virtual_environment
from bare.programs import nginx_configuration, postgresql_cluster

STEPS = (("db", "redis"), ("web", "worker", "ws"), ("nginx",))
"""Services that start together, each step when those of the step before are ready."""
START_SECONDS = 60
"""How long the services of one step may take until they can."""

state = layout.state
is_ready = health.is_ready


def up(*, tests: bool = False) -> str:
    """Start what is not running, wait until every service can do its job, and return where to go.

    With `tests` the environment holds their tools, too, and a running stack stays as it is.
    """
    given = layout.settings()
    layout.refuse_production(given)
    bind, port = layout.address(given)
    packages = system_packages.missing(
        {**system_packages.RUN, **system_packages.TEST} if tests else system_packages.RUN
    )
    folder = layout.make_state()
    with _alone(folder):
        was_running = supervisor.running(folder)
        if was_running and not tests:
            was_running = not _stop_if_changed(folder, given)
        if not was_running:
            layout.claim(bind, port)
        system_packages.install(packages)
        virtual_environment.prepare(folder, tests=tests)
        if was_running:
            print("already running; starting what is not", flush=True)
            chosen = variables()
            _start(chosen)
            return chosen["PUBLIC_URL"]
        chosen = _lay_out(folder, given)
        try:
            supervisor.launch(folder, chosen)
            _start(chosen)
        except (KeyboardInterrupt, MissingError):
            with interrupts.deferred():
                _stop(folder)
            raise
    return chosen["PUBLIC_URL"]


def down(*, volumes: bool = False) -> bool:
    """Stop every service and then the supervisor; return whether there was one.

    With `volumes` the database is deleted, too.
    """
    folder = state()
    if not folder.exists():
        return False
    with _alone(folder), interrupts.deferred():
        stopped = _stop(folder)
        if volumes:
            shutil.rmtree(folder / "postgres", ignore_errors=True)
    return stopped


def running() -> bool:
    """Return whether this clone's stack runs, or at least what keeps it running."""
    return supervisor.running(state())


def variables() -> dict[str, str]:
    """Return the environment of the running services."""
    return layout.saved(state())


def control(command: str, service: str) -> str:
    """`start`, `stop` or say the `pid` of one service."""
    return supervisor.control(state(), command, service)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other command starts or stops this clone's stack, and keep others waiting."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("waiting for another ./bellhop that starts or stops this stack", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _stop_if_changed(folder: Path, given: Mapping[str, str]) -> bool:
    """Stop a stack that was started with other settings; return whether it was."""
    current = layout.saved(folder)
    wanted = layout.variables(given, folder, {name: current[name] for name in layout.INNER})
    names = layout.changed(current, wanted)
    if not names:
        return False
    if wanted["HTTP_PORT"] != current["HTTP_PORT"]:
        layout.claim(wanted["HTTP_BIND"], int(wanted["HTTP_PORT"]))
    print(f"starting again, since these have changed: {', '.join(names)}", flush=True)
    _stop(folder)
    return True


def _lay_out(folder: Path, given: Mapping[str, str]) -> dict[str, str]:
    """Make what the services need in `folder` and return their environment."""
    data = folder / "postgres"
    chosen = layout.variables(given, folder, layout.inner_ports())
    chosen["POSTGRES_BIN"] = str(postgresql_cluster.programs(data))
    nginx_configuration.render(folder / "nginx", chosen)
    postgresql_cluster.make(data, chosen)
    # An earlier worker's would speak for this one.
    Path(chosen["HEARTBEAT_FILE"]).unlink(missing_ok=True)
    layout.save(folder, chosen)
    return chosen


def _start(chosen: Mapping[str, str]) -> None:
    for step in STEPS:
        for service in step:
            control("start", service)
        _wait(step, chosen)
        if step == STEPS[0]:
            _prepare(chosen)


def _wait(services: tuple[str, ...], chosen: Mapping[str, str]) -> None:
    waiting = list(services)
    deadline = time.monotonic() + START_SECONDS
    while waiting:
        for service in waiting[:]:
            if health.is_ready(service, chosen):
                waiting.remove(service)
                print(f"  {service:7} ready", flush=True)
            elif supervisor.has_given_up(state(), service):
                raise MissingError(f"{service} does not start{_last_words(service)}")
        if waiting and time.monotonic() > deadline:
            raise MissingError(
                f"{waiting[0]} is not ready after {START_SECONDS} s{_last_words(waiting[0])}"
            )
        time.sleep(0.2)


def _last_words(service: str) -> str:
    log = state() / "log" / f"{service}.log"
    lines = log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
    return "; its log ends:\n" + "\n".join(lines) if lines else ""


def _prepare(chosen: Mapping[str, str]) -> None:
    """Apply the migrations; a wrong variable is refused with one line."""
    done = interrupts.run(
        [f"{chosen['BIN']}/python", "manage.py", "prepare", "--verbosity", "0"],
        cwd=layout.ROOT / "services/web",
        env=dict(chosen),
    )
    if done.returncode != 0:
        last = done.stdout.strip().splitlines()[-1:] or ["manage.py prepare failed"]
        raise MissingError(last[0].removeprefix("bellhop: "))


def _stop(folder: Path) -> bool:
    if not supervisor.running(folder):
        return False
    # In reverse: nobody loses what it depends on before it has stopped itself.
    for step in reversed(STEPS):
        for service in step:
            supervisor.control(folder, "stop", service)
    supervisor.shutdown(folder)
    return True
