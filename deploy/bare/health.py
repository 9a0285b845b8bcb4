"""Whether a service can do its job: what its container's health check would say."""

from __future__ import annotations

import http.client
import socket
import subprocess
from collections.abc import Mapping

import published_address

from bare.layout import ROOT


def is_ready(service: str, variables: Mapping[str, str]) -> bool:
    """Return whether a service can do its job, given the environment that it was started with."""
    if service == "db":
        check = [f"{variables['POSTGRES_BIN']}/pg_isready", "--quiet", "--host=127.0.0.1"]
        return _succeeds(variables, *check, f"--port={variables['DB_PORT']}")
    if service == "redis":
        return _answers_ping(int(variables["REDIS_PORT"]))
    if service == "worker":
        return _succeeds(variables, "bash", "healthcheck.sh")
    if service == "nginx":
        address = published_address.reachable(variables.get("HTTP_BIND", ""))
        return _is_healthy(address, int(variables["HTTP_PORT"]))
    port = {"web": "WEB_PORT", "ws": "WS_PORT"}[service]
    return _is_healthy("127.0.0.1", int(variables[port]))


def _succeeds(variables: Mapping[str, str], *check: str) -> bool:
    done = subprocess.run(
        check,
        cwd=ROOT / "services/worker",
        env=dict(variables),
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def _answers_ping(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _is_healthy(address: str, port: int) -> bool:
    # Not by urllib: it would ask the proxy that a company's shell names.
    connection = http.client.HTTPConnection(address, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
