"""Whole stacks beside the running one, made like it: a network and a database of its own, the same images and settings.

What is broken in one is not noticed in another. The running stack's containers are the pattern, as in `replicas`; a
mounted source becomes a copy of it as it is now, run by what the image runs by itself: nothing is edited there.
"""

import time
from collections.abc import Iterable, Sequence
from typing import Any

from docker.models.containers import Container

from support import containers, networks
from support.beside import traces
from support.beside.copies import copy

QUICK_SETTINGS = """
from config.settings import *
# Signing in costs half a second of a processor, on purpose; here it is hundreds of times.
PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("MD5", "PBKDF2")]
"""
QUICKLY = "DJANGO_SETTINGS_MODULE=quick_settings"
"""What web's settings are there: passwords are hashed at once."""

WHOLE = ("db", "redis", "migrate", "web", "worker", "ws", "nginx")
HEALTHY_SECONDS = 180


def can_be_made() -> bool:
    """Return whether a stack like the running one has a database and a Redis of its own: no address names others."""
    environment = containers.container("web").attrs["Config"]["Env"]
    return not any(
        line.startswith(("DATABASE_URL=", "REDIS_URL=")) and not line.endswith("=")
        for line in environment
    )


class StackBeside:
    """One stack, with the services it was asked for; `project` and `networks` (by the pattern's) are its own names."""

    def __init__(self, name: str, services: Sequence[str] = WHOLE) -> None:
        self.project = f"{containers.project()}-{name}"
        self.networks: dict[str, str] = {}
        self._services = services
        self._volumes: dict[str, str] = {}
        self._filled: set[str] = set()
        self._labels = traces.labels(self.project)
        self._made: dict[str, Container] = {}

    def make(self) -> None:
        """Make its containers, with what they mount copied as it is now; nothing runs yet."""
        self._made = {service: self._make(service) for service in self._services}

    def start(self) -> None:
        """Start it; return once its database is there, migrated if it has `migrate`. The rest is under way."""
        made = self._made
        first = [made.pop(service) for service in ("db", "redis")]
        for container in first:
            container.start()
        _wait_healthy(first)
        if migrate := made.pop("migrate", None):
            migrate.start()
            assert migrate.wait()["StatusCode"] == 0, migrate.logs().decode()
        for container in made.values():
            container.start()

    def _make(self, service: str) -> Container:
        found = containers.engine().api.inspect_container(containers.container(service).id)
        mounts = [mount for mount in found["Mounts"] if not _is_unused_secret(mount)]
        kept = [mount for mount in mounts if _is_program(mount)]
        mounts = [mount for mount in mounts if mount not in kept]
        is_mounted = any(mount["Type"] == "bind" for mount in mounts)
        pattern = networks.endpoints(containers.container(service), [service])
        joined = {self._network(name): endpoint for name, endpoint in pattern.items()}
        configuration = {
            **found["Config"],
            "Hostname": "",
            "Labels": {**found["Config"]["Labels"], **self._labels},
            "HostConfig": {
                **found["HostConfig"],
                "NetworkMode": next(iter(joined)),
                "PortBindings": {},
                "Binds": [f"{mount['Source']}:{mount['Destination']}:ro" for mount in kept],
                "Mounts": [self._volume(mount) for mount in mounts],
            },
            "NetworkingConfig": {"EndpointsConfig": joined},
        }
        if is_mounted and service != "migrate":
            image = containers.engine().images.get(found["Image"])
            configuration["Cmd"] = image.attrs["Config"]["Cmd"]
        if is_mounted and service == "web":
            configuration["Env"] = [*found["Config"]["Env"], QUICKLY]
        made = containers.engine().api.create_container_from_config(
            configuration, f"{self.project}-{service}-1"
        )
        container: Container = containers.engine().containers.get(made["Id"])
        for mount in mounts:
            if mount["Type"] == "bind":
                self._fill(container, mount)
        return container

    def join(self, like: Container) -> dict[str, Any]:
        """Return this stack's networks for who is in those of the pattern that `like` is in."""
        return {self._network(name): each for name, each in networks.endpoints(like).items()}

    def _network(self, pattern: str) -> str:
        """Return this stack's own in place of a network of the pattern, made like it."""
        if pattern not in self.networks:
            name = f"{self.project}_{pattern.rpartition('_')[2]}"
            like = containers.engine().networks.get(pattern).attrs
            containers.engine().networks.create(
                name, internal=like["Internal"], options=like["Options"], labels=self._labels
            )
            self.networks[pattern] = name
        return self.networks[pattern]

    def _volume(self, mount: dict[str, Any]) -> dict[str, Any]:
        """Return a volume in place of what is mounted in the pattern: one for each source.

        Credentials are the running stack's own: whoever tests has those.
        """
        source = mount.get("Name") or mount["Source"]
        if mount["Destination"].startswith("/credentials/"):
            self._volumes[source] = source
        if source not in self._volumes:
            name = f"{self.project}_{len(self._volumes)}"
            traces.volume(name)
            self._volumes[source] = name
        return {
            "Type": "volume",
            "Source": self._volumes[source],
            "Target": mount["Destination"],
            # What an older image has there is not what is mounted.
            "VolumeOptions": {"NoCopy": mount["Type"] == "bind"},
        }

    def _fill(self, container: Container, mount: dict[str, Any]) -> None:
        """Copy what is mounted in the pattern into the volume in its place, unless it is there already."""
        if mount["Source"] in self._filled:
            return
        self._filled.add(mount["Source"])
        folder = mount["Destination"]
        # Its one-shot has ended, but the others of that source run.
        added = {"quick_settings": QUICK_SETTINGS} if folder == "/app" else {}
        copy(_running_with(mount["Source"]), container, folder, **added)


def _is_program(mount: dict[str, Any]) -> bool:
    """Return whether it is a file of the clone that its service runs, and no test edits."""
    return bool(mount["Type"] == "bind" and mount["Destination"].startswith("/usr/local/bin/"))


def _is_unused_secret(mount: dict[str, Any]) -> bool:
    """Return whether it is a file that holds nothing: no stack that may be broken has its secrets in files."""
    return bool(mount["Destination"].startswith("/run/secrets/"))


def _running_with(source: str) -> Container:
    """Return a container of the pattern that has this mounted."""
    for service in ("web", "worker", "ws"):
        container = containers.container(service)
        if any(mount["Source"] == source for mount in container.attrs["Mounts"]):
            return container
    raise LookupError(source)


def _wait_healthy(started: Iterable[Container]) -> None:
    deadline = time.monotonic() + HEALTHY_SECONDS
    for container in started:
        while container.attrs["State"].get("Health", {}).get("Status") != "healthy":
            assert time.monotonic() < deadline, f"{container.name}: {container.logs(tail=20)!r}"
            time.sleep(0.2)
            container.reload()
