"""Start and stop the services as local processes, under supervisord, which restarts what dies."""

import hashlib
import json
import os
import pwd
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from bare import host

ROOT = host.ROOT
SERVICES = ("db", "redis", "web", "worker", "ws", "nginx")
START_SECONDS = 60
"""How long one service may take until it can do its job."""


def state() -> Path:
    """Return the folder of everything this clone's stack keeps: environment, database, logs.

    PostgreSQL refuses to run as root, and another user may not reach a clone in root's home: then it is
    outside of the clone.
    """
    if os.geteuid() != 0:
        return ROOT / ".bellhop"
    return Path("/var/lib/bellhop") / hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]


def up(*, tests: bool = False) -> str:
    """Start what is not running, wait until every service can do its job, and return where to go.

    With `tests` the environment holds their tools, too.
    """
    folder = state()
    host.provide(host.RUN)
    folder.mkdir(parents=True, exist_ok=True)
    binaries = host.environment(folder, tests=tests)
    if running(folder):
        print("already running; starting what is not", flush=True)
        chosen = variables()
    else:
        chosen = _variables(folder, binaries)
        _free(int(chosen["HTTP_PORT"]))
        _lay_out(folder, chosen)
        (folder / "variables.json").write_text(json.dumps(chosen))
        (folder / "variables.json").chmod(0o600)
        _supervisor(folder, "supervisord", chosen)
    try:
        _start(chosen)
    except (KeyboardInterrupt, host.MissingError):
        down()
        raise
    return chosen["PUBLIC_URL"]


def down() -> bool:
    """Stop every service and then the supervisor; return whether there was one."""
    folder = state()
    if not running(folder):
        return False
    # In reverse: nobody loses what it depends on before it has stopped itself.
    for service in reversed(SERVICES):
        control("stop", service)
    pid = int((folder / "supervisord.pid").read_text())
    control("shutdown")
    deadline = time.monotonic() + 30
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    return True


def forget() -> None:
    """Delete the database of a stopped stack."""
    shutil.rmtree(state() / "postgres", ignore_errors=True)


def variables() -> "dict[str, str]":
    """Return the environment of the running services."""
    found: dict[str, str] = json.loads((state() / "variables.json").read_text())
    return found


def control(*command: str) -> str:
    """Run supervisorctl; return what it said."""
    return _supervisor(state(), "supervisorctl", variables(), *command)


def running(folder: Path) -> bool:
    """Return whether this clone's supervisor is there."""
    pidfile = folder / "supervisord.pid"
    return pidfile.exists() and _alive(int(pidfile.read_text()))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _variables(folder: Path, binaries: Path) -> "dict[str, str]":
    """Return the environment of all services: .env, the caller's, and what a bare host decides."""
    given = {**_dotenv(ROOT / ".env"), **os.environ}
    web, ws, db, redis = _free_ports(4)
    http = given.get("HTTP_PORT") or "80"
    default_url = "http://localhost" + ("" if http == "80" else f":{http}")
    root = os.geteuid() == 0
    return {
        **given,
        "DEBUG": "true",
        "HTTP_PORT": http,
        "PUBLIC_URL": given.get("PUBLIC_URL") or default_url,
        "DATABASE_URL": given.get("DATABASE_URL")
        or f"postgres://bellhop:development@127.0.0.1:{db}/bellhop",
        "REDIS_URL": given.get("REDIS_URL") or f"redis://127.0.0.1:{redis}",
        "HEARTBEAT_FILE": str(folder / "worker-heartbeat"),
        "PATH": f"{binaries}:{folder / 'tools/bin'}:{given.get('PATH', os.defpath)}",
        "STATE": str(folder),
        "ROOT": str(ROOT),
        "BIN": str(binaries),
        "WEB_PORT": str(web),
        "WS_PORT": str(ws),
        "DB_PORT": str(db),
        "REDIS_PORT": str(redis),
        "PGDATA": str(folder / "postgres"),
        "POSTGRES": str(host.find("postgres")),
        "DB_USER": "postgres" if root else pwd.getpwuid(os.geteuid()).pw_name,
        "REDIS_SERVER": str(host.find("redis-server")),
        "NGINX": str(host.find("nginx")),
        # Workers as whoever started it: the clone may be readable for nobody else.
        "NGINX_USER": "user root;" if root else "",
    }


def _dotenv(path: Path) -> "dict[str, str]":
    lines = path.read_text().splitlines() if path.exists() else []
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _free_ports(count: int) -> "list[int]":
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [bound.getsockname()[1] for bound in sockets]
    for bound in sockets:
        bound.close()
    return ports


def _free(port: int) -> None:
    try:
        socket.create_server(("", port)).close()
    except PermissionError:
        raise host.MissingError(f"port {port} needs root; choose another: HTTP_PORT=8080") from None
    except OSError:
        raise host.MissingError(f"port {port} is taken; choose another: HTTP_PORT=8080") from None


def _lay_out(folder: Path, variables: "dict[str, str]") -> None:
    """Make folders, the database cluster and nginx's configuration."""
    (folder / "log").mkdir(exist_ok=True)
    _render_nginx(folder / "nginx", variables)
    data = Path(variables["PGDATA"])
    if not data.exists():
        print("making the database", flush=True)
        data.mkdir()
        shutil.chown(data, variables["DB_USER"])
        password = folder / "password"
        password.write_text("development")
        shutil.chown(password, variables["DB_USER"])
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        initdb = str(host.find("initdb"))
        arguments = [
            "-U",
            "bellhop",
            "--pwfile",
            str(password),
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
            "-D",
            str(data),
        ]
        done = subprocess.run(
            [*as_user, initdb, *arguments], cwd="/", capture_output=True, text=True, check=False
        )
        password.unlink()
        if done.returncode != 0:
            shutil.rmtree(data)
            raise host.MissingError(f"initdb failed:\n{done.stderr[-2000:]}")


def _render_nginx(folder: Path, variables: "dict[str, str]") -> None:
    """Render the containers' own configuration for this host; only the upstreams are a file of their own."""
    configuration = folder / "conf.d"
    configuration.mkdir(parents=True, exist_ok=True)
    source = ROOT / "deploy/nginx"
    moved = {
        "/etc/nginx/conf.d/": f"{configuration}/",
        "/tmp/": f"{folder}/",  # noqa: S108 - the container's, replaced here
        "/usr/share/nginx/html": str(source / "html"),
        "/usr/share/nginx/static": str(folder / "static"),
    }
    values = {**variables, "LISTEN": variables["HTTP_PORT"]}
    for template, target in (
        (source / "nginx.conf", folder / "nginx.conf"),
        (source / "templates/bellhop.conf.template", configuration / "bellhop.conf"),
        (ROOT / "deploy/bare/upstreams.conf.template", configuration / "upstreams.conf"),
    ):
        text = template.read_text()
        for there, here in moved.items():
            text = text.replace(there, here)
        if template.suffix == ".template":
            for name in ("LISTEN", "PUBLIC_URL", "WEB_PORT", "WS_PORT"):
                text = text.replace("${" + name + "}", values[name])
        target.write_text(text)


def is_ready(service: str, variables: dict[str, str]) -> bool:
    """Return whether a service can do its job: what its container's health check would say."""
    if service == "db":
        return _listens(variables["DB_PORT"])
    if service == "redis":
        return _answers_ping(variables["REDIS_PORT"])
    if service == "worker":
        return _worker_is_healthy(variables)
    port = {"web": "WEB_PORT", "ws": "WS_PORT", "nginx": "HTTP_PORT"}[service]
    return _answers(f"http://127.0.0.1:{variables[port]}/healthz")


def _start(variables: dict[str, str]) -> None:
    for service in SERVICES:
        _start_one(service, variables)
        if service == "redis":
            _make_database(variables)
            _manage(variables, "prepare")


def _start_one(service: str, variables: dict[str, str]) -> None:
    control("start", service)
    deadline = time.monotonic() + START_SECONDS
    while not is_ready(service, variables):
        if time.monotonic() > deadline:
            log = state() / "log" / f"{service}.log"
            last = log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
            said = "\n".join(last)
            raise host.MissingError(
                f"{service} is not ready after {START_SECONDS} s; its log ends:\n{said}"
            )
        time.sleep(0.2)
    print(f"  {service:7} ready", flush=True)


def _answers_ping(port: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", int(port)), timeout=2) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _listens(port: str) -> bool:
    try:
        socket.create_connection(("127.0.0.1", int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own loopback
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _worker_is_healthy(variables: "dict[str, str]") -> bool:
    check = [f"{variables['BIN']}/python", "healthcheck.py"]
    folder = ROOT / "services/worker"
    return (
        subprocess.run(
            check, cwd=folder, env=variables, capture_output=True, check=False
        ).returncode
        == 0
    )


def _make_database(variables: "dict[str, str]") -> None:
    psql = [str(host.find("psql")), "-h", "127.0.0.1", "-p", variables["DB_PORT"], "-U", "bellhop"]
    environment = {**variables, "PGPASSWORD": "development"}
    deadline = time.monotonic() + START_SECONDS
    while True:
        done = subprocess.run(
            [
                *psql,
                "-d",
                "postgres",
                "-Atc",
                "SELECT 1 FROM pg_database WHERE datname = 'bellhop'",
            ],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            break
        if time.monotonic() > deadline:
            raise host.MissingError(
                f"the database does not accept connections: {done.stderr.strip()}"
            )
        time.sleep(0.2)
    if not done.stdout.strip():
        subprocess.run(
            [*psql, "-d", "postgres", "-qc", "CREATE DATABASE bellhop"], env=environment, check=True
        )


def _manage(variables: "dict[str, str]", command: str) -> None:
    """Run a management command; it refuses a wrong variable with one line."""
    done = subprocess.run(
        [f"{variables['BIN']}/python", "manage.py", command, "--verbosity", "0"],
        cwd=ROOT / "services/web",
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise host.MissingError(
            (done.stderr or done.stdout).strip().splitlines()[-1].removeprefix("bellhop: ")
        )


def _supervisor(folder: Path, program: str, variables: "dict[str, str]", *command: str) -> str:
    binary = Path(variables["BIN"]) / program
    done = subprocess.run(
        [str(binary), "-c", str(ROOT / "deploy/bare/supervisord.conf"), *command],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    if program == "supervisord" and done.returncode != 0:
        raise host.MissingError(f"supervisord did not start:\n{done.stderr[-1000:]}")
    return done.stdout
