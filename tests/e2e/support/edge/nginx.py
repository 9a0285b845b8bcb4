"""One more nginx, told otherwise than the stack's own: another PUBLIC_URL, proxies it trusts, services of a test's."""

import io
import socket
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bellhop.contract import SOCKET_PATH
from support.gateway import BARE, PUBLIC_HOST, PUBLIC_URL

if BARE:
    from bare import start_and_stop as bare
    from bare.programs import nginx_configuration as bare_nginx
else:
    from support import containers, networks


@dataclass(frozen=True)
class Edge:
    """`address` is where it answers, host:port; `name` its container's, if it is one."""

    address: str
    _log: Any
    name: str = ""

    def log(self) -> list[str]:
        """Return the lines it has written so far."""
        return str(self._log()).splitlines()


@contextmanager
def nginx(
    *, upstreams: str = "", network: str = "", alias: str = "", **environment: str
) -> Iterator[Edge]:
    """Run one more nginx with these variables until it answers, and remove it afterwards.

    `upstreams` takes the place of its file of that name; `network` and `alias` are about containers.
    """
    variables = {"PUBLIC_URL": PUBLIC_URL, "RATE_LIMITS": "on", **environment}
    run = (
        _process(variables, upstreams) if BARE else _container(variables, upstreams, network, alias)
    )
    with run as edge:
        deadline = time.monotonic() + 90
        while not _answers(edge, reaches_services=not upstreams):
            assert time.monotonic() < deadline, edge.log()
            time.sleep(0.05)
        yield edge


def _answers(edge: Edge, *, reaches_services: bool) -> bool:
    """Whether it answers by itself and, for the stack's own services, has found their addresses: it asks for those."""
    asked = [("TRACE", "/")]
    if reaches_services:
        asked += [("GET", "/healthz"), ("GET", SOCKET_PATH)]
    try:
        answers = [
            httpx.request(
                method, f"http://{edge.address}{path}", headers={"Host": PUBLIC_HOST}, timeout=5
            )
            for method, path in asked
        ]
    except httpx.HTTPError:
        return False
    return not {answer.status_code for answer in answers} & {502, 503, 504}


@contextmanager
def _container(
    variables: dict[str, str], upstreams: str, network: str, alias: str
) -> Iterator[Edge]:
    there = containers.container("nginx")
    network = network or networks.full_name(there, networks.EDGE)
    engine = containers.engine()
    made = engine.containers.create(
        there.attrs["Config"]["Image"],
        environment={**variables, "NGINX_ENTRYPOINT_LOCAL_RESOLVERS": "1"},
        network=network,
        networking_config={
            network: engine.api.create_endpoint_config(aliases=[alias] if alias else [])
        },
        detach=True,
    )
    try:
        # Production's, which in development come from web.
        static, _ = containers.container("web").get_archive("/opt/static")
        made.put_archive("/usr/share/nginx", b"".join(static))
        if upstreams:
            made.put_archive("/etc/nginx/templates", _tar("upstreams.conf.template", upstreams))
        made.start()
        made.reload()
        address = made.attrs["NetworkSettings"]["Networks"][network]["IPAddress"]
        yield Edge(f"{address}:8080", lambda: made.logs().decode(errors="replace"), made.name)
    finally:
        made.remove(force=True)


def _tar(name: str, text: str) -> bytes:
    data, packed = text.encode(), io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(data), 0o644
        archive.addfile(entry, io.BytesIO(data))
    return packed.getvalue()


@contextmanager
def _process(variables: dict[str, str], upstreams: str) -> Iterator[Edge]:
    running = bare.variables()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare_nginx.render(folder, {**running, **variables, "HTTP_PORT": str(port)})
        if upstreams:
            (folder / "conf.d/upstreams.conf").write_text(upstreams)
        log = folder / "log"
        options = ["-e", "stderr", "-c", f"{folder}/nginx.conf"]
        options += ["-g", f"daemon off; {running['NGINX_USER']}"]
        with (
            log.open("wb") as file,
            subprocess.Popen(
                [running["NGINX_PROGRAM"], *options], stdout=file, stderr=subprocess.STDOUT
            ) as process,
        ):
            try:
                yield Edge(f"127.0.0.1:{port}", lambda: log.read_text(errors="replace"))
            finally:
                process.terminate()
