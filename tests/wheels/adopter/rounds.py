"""What is tried in an environment: without extras, with `ws`, with all. Each yields what was seen, in a few words."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Final

from wheels.adopter.people import PASSWORD, Person
from wheels.adopter.project import Project
from wheels.adopter.running import (
    RefusedError,
    Running,
    free_port,
    running,
    wait_for_port,
    wait_until,
)

WORKER: Final = ("-m", "celery", "-A", "hotel", "worker", "--loglevel", "INFO")


def pages_only(project: Project) -> Iterator[str]:
    """The project adopts the package in a process without a socket server: what is saved is listed."""
    project.start()
    yield from _set_up(project)
    pages = free_port()
    with _pages(project, pages) as site:
        wait_for_port(site, pages, "runserver")
        ada = Person("ada", pages)
        ada.sign_in("/admin/login/?next=/notifications/", "username")
        project.manage("bellhop_notify", "ada", "The boiler is warm")
        status, page = ada.open("/notifications/")
        _expect("the inbox", (status, "The boiler is warm" in page), (200, True))
        yield "bellhop_notify → listed"


def sockets(project: Project) -> Iterator[str]:
    """The project adopts the package, and rings by itself."""
    from wheels.adopter.sockets import Socket, refusal

    project.start()
    yield from _set_up(project)
    pages, port = free_port(), free_port()
    with _pages(project, pages) as site, _ws(project, port) as ws:
        wait_for_port(site, pages, "runserver")
        wait_for_port(ws, port, "bellhop_ws")
        ada, eve, nobody = (Person(name, pages) for name in ("ada", "eve", "nobody"))
        for person in (ada, eve):
            person.sign_in("/admin/login/?next=/notifications/", "username")
        _expect("the inbox", ada.open("/notifications/")[0], 200)
        _expect("the API", ada.open("/notifications/api/summary")[0], 200)
        _expect("the API without a session", nobody.open("/notifications/api/summary")[0], 401)
        yield "pages"
        _expect("a foreign page's socket", refusal(ada, port, "http://evil.example"), 403)
        _expect("a socket without a session", refusal(nobody, port), 4401)
        _check_what_runs(project, port)
        yield "bellhop_check"
        with Socket(ada, port) as hers, Socket(eve, port) as others:
            for socket in (hers, others):
                socket.frame("ready")
            project.manage("bellhop_notify", "ada", "The boiler is warm")
            took = hers.notification("The boiler is warm")
            yield f"bellhop_notify → frame {took:.0f} ms"
            # Had the outsider been sent the first, it would come here instead.
            project.manage("bellhop_notify", "eve", "Room 7 is free")
            others.notification("Room 7 is free")
            ada.open("/admin/logout/", go="")
            _expect("the socket after its logout", hers.close_code(), 4401)
            yield "logout → 4401"
            _expect("bellhop_ws at its end", ws.end(), 0)
            _expect("a socket at the server's end", others.close_code(), 1012)
            yield "end → 1012"


def everything(project: Project) -> Iterator[str]:
    """The project's Celery worker rings, and a login through allauth becomes a notification."""
    from wheels.adopter.sockets import Socket

    project.start()
    project.take_everything()
    yield from _set_up(project)
    pages, port = free_port(), free_port()
    with (
        _pages(project, pages) as site,
        _ws(project, port) as ws,
        running(project.folder, "worker", *WORKER) as worker,
    ):
        wait_for_port(site, pages, "runserver")
        wait_for_port(ws, port, "bellhop_ws")
        wait_until(lambda: worker.says(" ready."), "the worker")
        _check_what_runs(project, port)
        yield "bellhop_check"
        laptop, phone = Person("ada", pages), Person("ada", pages)
        laptop.sign_in("/accounts/login/", "login")
        with Socket(laptop, port) as socket:
            # Its own login, though the socket came after it.
            socket.notification("ada")
            phone.sign_in("/accounts/login/", "login")
            took = socket.notification("ada")
            yield f"allauth login → frame {took:.0f} ms"
            project.manage("bellhop_notify", "ada", "The boiler is warm")
            took = socket.notification("The boiler is warm")
            wait_until(lambda: worker.says("Task bellhop.tasks.ring["), "a ring in the worker")
            yield f"RING=celery → frame {took:.0f} ms"
        _expect("the worker at its end", worker.end(), 0)


ROUNDS: Final[dict[str, Callable[[Project], Iterator[str]]]] = {
    "": pages_only,
    "ws": sockets,
    "ws,celery,allauth": everything,
}
"""What is tried, by the extras that it takes."""


def _set_up(project: Project) -> Iterator[str]:
    """What every project does before it starts."""
    project.manage("check", "--fail-level", "WARNING")
    yield "check"
    for field in ("BigAutoField", "AutoField"):
        project.manage("makemigrations", "--check", AUTO_FIELD=f"django.db.models.{field}")
    yield "makemigrations --check"
    project.manage("migrate")
    yield "migrate"
    for name in ("ada", "eve"):
        who = ("--username", name, "--email", f"{name}@hotel.example")
        project.manage("createsuperuser", "--noinput", *who, DJANGO_SUPERUSER_PASSWORD=PASSWORD)


def _pages(project: Project, port: int) -> AbstractContextManager[Running]:
    address = f"127.0.0.1:{port}"
    return running(project.folder, "pages", "manage.py", "runserver", "--noreload", address)


def _ws(project: Project, port: int) -> AbstractContextManager[Running]:
    where = ("--host", "127.0.0.1", "--port", str(port))
    return running(project.folder, "ws", "manage.py", "bellhop_ws", *where)


def _check_what_runs(project: Project, port: int) -> None:
    """Have the package look for missing lines, and try a round trip. Refused where it finds one."""
    project.manage("bellhop_check", "--ws", f"http://127.0.0.1:{port}", "--user", "ada")


def _expect(what: str, seen: object, expected: object) -> None:
    """Refused where something else was seen."""
    if seen != expected:
        raise RefusedError(f"{what}: {seen!r} instead of {expected!r}")
