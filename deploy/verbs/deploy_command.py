"""`bellhop deploy`: an update that nobody notices, by plain Compose commands, which it prints.

Python's standard library only, 3.9 or newer, as all of the door.
"""

import argparse
import json
import sys
import time

from verbs import docker_compose
from verbs.rolling_update import SERVICES, NotHealthyError, roll

HEALTHY_SECONDS = 120
"""For a new replica. A web container is healthy after 2 to 10 s (2 cores, 2026-11-28)."""


def main(arguments: argparse.Namespace) -> int:
    """Build, migrate, replace replica by replica; return 0, or 1 after everything is as it was."""
    stack = ComposeReplicas()
    missing = [service for service in SERVICES if not stack.running(service)]
    if missing:
        print(f"bellhop: {missing[0]} does not run; start the stack: ./bellhop up", file=sys.stderr)
        return 1
    try:
        if docker_compose.compose("build") != 0:
            raise NotHealthyError("the images were not built; every replica is as it was")
        stack.migrate()
        roll(stack, lambda line: print(line, flush=True))
    except NotHealthyError as error:
        stack.go_back()
        print(f"bellhop: {error}", file=sys.stderr)
        print("bellhop: the update was taken back; what ran before runs", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        stack.go_back()
        print("bellhop: interrupted; what ran before runs", file=sys.stderr)
        return 130
    if stack.is_new("nginx"):
        print(
            "nginx is new, too. Replacing it refuses visitors for a second or some: when it suits you,"
        )
        print("  docker compose up -d nginx")
    print("Deployed: every replica of ws, worker and web is new.")
    return 0


class ComposeReplicas:
    """The running stack's replicas, as Compose and the Docker Engine handle them."""

    def __init__(self) -> None:
        shown = docker_compose.capture(["docker", "compose", "config", "--format", "json"])
        if shown.returncode != 0:
            raise SystemExit(f"bellhop: {docker_compose.last_line(shown.stderr)}")
        self._services = json.loads(shown.stdout)["services"]
        self._images = {
            self._services[service]["image"]: self._ask(
                "image", "inspect", "--format", "{{.Id}}", self._services[service]["image"]
            )
            for service in (*SERVICES, "nginx")
        }
        """What each image's name means before the update."""
        self._is_migrated = False

    def migrate(self) -> None:
        """Run the new `preflight` and `migrate` beside the old services; NotHealthyError where one refuses."""
        self._is_migrated = True
        status = docker_compose.compose("up", "--detach", "preflight", "migrate")
        for service in ("preflight", "migrate"):
            found = self._all(service)
            code = self._ask("wait", *found) if found else "1"
            if code != "0" or (status != 0 and service == "migrate"):
                said = docker_compose.read_logs([], service)
                raise NotHealthyError(f"{service} refused: {said[-1] if said else 'see its logs'}")

    def running(self, service: str) -> "list[str]":
        """Return the ids of a service's running containers, the oldest first."""
        found = docker_compose.capture(
            ["docker", "compose", "ps", "--quiet", "--status", "running", service]
        ).stdout.split()
        return sorted(found, key=lambda one: self._ask("inspect", "--format", "{{.Created}}", one))

    def add(self, service: str) -> str:
        """Start one more container of a service, from the image that its name means now."""
        before = self._all(service)
        # What it depends on is there, and is left alone: the one-shots run once more, and change nothing.
        status = docker_compose.compose(
            *("up", "--detach", "--no-recreate", "--scale", f"{service}={len(before) + 1}", service)
        )
        new = [one for one in self._all(service) if one not in before]
        if status != 0 or len(new) != 1:
            for one in new:
                self.remove(one)
            raise NotHealthyError(f"{service}: no new replica could be started")
        return new[0]

    def wait_healthy(self, replica: str) -> None:
        """Return when a container is healthy; NotHealthyError with its last line if it is not."""
        deadline = time.monotonic() + HEALTHY_SECONDS
        while True:
            # One that ends is started again, and again.
            state = "{{.State.Health.Status}} {{.RestartCount}} {{.State.Running}} {{.Name}}"
            health, restarts, is_running, name = self._ask(
                "inspect", "--format", state, replica
            ).split()
            if health == "healthy":
                return
            why = ""
            if health == "unhealthy":
                why = "is not healthy"
            elif restarts != "0" or is_running != "true":
                why = "does not go on running"
            elif time.monotonic() > deadline:
                why = f"is not healthy after {HEALTHY_SECONDS} s"
            if why:
                said = docker_compose.capture(["docker", "logs", "--tail", "1", replica])
                last = docker_compose.last_line(said.stdout + said.stderr)
                raise NotHealthyError(f"{name.lstrip('/')} {why}; it said last: {last}")
            time.sleep(0.5)

    def remove(self, replica: str) -> None:
        """Stop a container, with its service's stop_grace_period, and remove it."""
        service = self._ask(
            "inspect", "--format", '{{index .Config.Labels "com.docker.compose.service"}}', replica
        )
        # As Compose writes it: 1m30s.
        minutes, _, rest = self._services[service]["stop_grace_period"].rpartition("m")
        seconds = str(int(minutes or 0) * 60 + int(rest.rstrip("s") or 0))
        print(f"$ docker stop -t {seconds} {replica[:12]}; docker rm {replica[:12]}", flush=True)
        self._ask("stop", "-t", seconds, replica)
        self._ask("rm", "--force", replica)

    def go_back(self) -> None:
        """Let the images' names mean what they meant, and the one-shots be those of before."""
        for name, image in self._images.items():
            if image and image != self._ask("image", "inspect", "--format", "{{.Id}}", name):
                print(f"$ docker tag {image[7:19]} {name}", flush=True)
                self._ask("tag", image, name)
        if self._is_migrated:
            self._is_migrated = False
            docker_compose.compose("up", "--detach", "preflight", "migrate")

    def is_new(self, service: str) -> bool:
        """Return whether a service runs another image than its name means now."""
        now = self._ask("image", "inspect", "--format", "{{.Id}}", self._services[service]["image"])
        running = [
            self._ask("inspect", "--format", "{{.Image}}", one) for one in self._all(service)
        ]
        return any(image != now for image in running)

    def _all(self, service: str) -> "list[str]":
        return docker_compose.capture(
            ["docker", "compose", "ps", "--all", "--quiet", service]
        ).stdout.split()

    def _ask(self, *command: str) -> str:
        return docker_compose.capture(["docker", *command]).stdout.strip()
