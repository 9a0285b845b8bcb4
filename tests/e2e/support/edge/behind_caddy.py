"""A second stack behind the example's Caddy: its own nginx, web and ws, production-shaped; database, Redis and worker
are the running stack's.
"""

import asyncio
import io
import json
import secrets
import socket
import ssl
import tarfile
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from docker.errors import APIError, ImageNotFound
from docker.models.containers import Container

from support import containers, replicas, stack
from support.edge.nginx import Edge, nginx

IMAGE = "caddy:2"
HOST = "bellhop.localhost"
PUBLIC_URL = f"https://{HOST}"
EXAMPLE = Path(__file__).resolve().parents[4] / "examples/behind-caddy"
AUTHORITY = "/data/caddy/pki/authorities/local/root.crt"


@dataclass(frozen=True)
class Site:
    """`host` is where Caddy answers, `address` the tests' own beside it, `tls` trusts Caddy's authority."""

    host: str
    address: str
    tls: ssl.SSLContext
    nginx: Edge


def is_there() -> bool:
    """Return whether this engine has an image of Caddy."""
    try:
        containers.engine().images.get(IMAGE)
    except ImageNotFound:
        return False
    return True


@asynccontextmanager
async def site() -> AsyncIterator[Site]:
    """Run all of it until a page can be asked for over TLS; remove it afterwards."""
    engine = containers.engine()
    network = engine.networks.create(f"{containers.project()}-behind-caddy-{uuid4().hex[:6]}")
    own = engine.containers.get(containers.own_id())
    try:
        network.connect(own)
        async with replicas.apart(("web", "ws"), _environment()) as services:
            for name, service in services.items():
                network.connect(service, aliases=[name])
            with ExitStack() as running:
                # As the example's compose file has it, for the one network there is.
                subnets = [each["Subnet"] for each in _described(network)["IPAM"]["Config"]]
                own_nginx = running.enter_context(
                    nginx(
                        network=network.name,
                        alias="nginx",
                        PUBLIC_URL=PUBLIC_URL,
                        TRUSTED_PROXIES=" ".join(subnets),
                    )
                )
                caddy = _caddy(network.name)
                running.callback(caddy.remove, force=True)
                host = _address(caddy, network)
                authority = await asyncio.to_thread(_authority, caddy, host)
                yield Site(
                    host,
                    _address(own, network),
                    ssl.create_default_context(cadata=authority),
                    own_nginx,
                )
    finally:
        for container in _described(network)["Containers"]:
            try:
                network.disconnect(container, force=True)
            except APIError:
                # It has just been removed.
                continue
        network.remove()


def _described(network: Any) -> Any:
    network.reload()
    return network.attrs


def _address(container: Container, network: Any) -> str:
    container.reload()
    return str(container.attrs["NetworkSettings"]["Networks"][network.name]["IPAddress"])


def _environment() -> dict[str, str]:
    """Return what makes web and ws production's, with the running stack's database and rings."""
    found = json.loads(
        stack.shell(
            "import json; from django.conf import settings as s; d = s.DATABASES['default'];"
            "print(json.dumps([d, getattr(s, 'INSTALLATION', '')], default=str))"
        )
    )
    database, installation = found
    where = f"{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
    return {
        "DEBUG": "false",
        "PUBLIC_URL": PUBLIC_URL,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DATABASE_URL": f"postgres://{database['USER']}:{database['PASSWORD']}@{where}",
        # The worker's, by which the rings find their way.
        "INSTALLATION": installation,
        "TRUSTED_PROXIES": "",
    }


def _caddy(network: str) -> Container:
    made = containers.engine().containers.create(
        IMAGE,
        ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"],
        environment={"PUBLIC_URL": PUBLIC_URL, "CADDY_TLS": "tls internal"},
        network=network,
        detach=True,
    )
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.add(EXAMPLE / "Caddyfile", "Caddyfile")
    made.put_archive("/etc/caddy", packed.getvalue())
    made.start()
    return made


def _authority(caddy: Container, host: str) -> str:
    """Return the certificate of Caddy's authority, once it answers over TLS.

    It listens before it has a certificate for its name.
    """
    deadline = time.monotonic() + 90
    while True:
        with suppress(OSError), socket.create_connection((host, 443), timeout=20) as connection:
            authority = str(caddy.exec_run(["cat", AUTHORITY])[1].decode())
            tls = ssl.create_default_context(cadata=authority)
            with tls.wrap_socket(connection, server_hostname=HOST):
                return authority
        assert time.monotonic() < deadline, caddy.logs().decode()
        time.sleep(0.1)
