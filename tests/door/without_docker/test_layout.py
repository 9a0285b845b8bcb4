"""Settings, ports and places of a stack of local processes."""

import os
import socket
from pathlib import Path
from typing import Any

import pytest
from bare import layout
from bare.errors import MissingError

PORTS = {name: str(number) for number, name in enumerate(layout.INNER, 20_000)}


def test_a_taken_port_is_one_line_that_names_the_variable_and_a_free_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]
        with pytest.raises(MissingError) as refusal:
            layout.claim("127.0.0.1", port)
        layout.claim("127.0.0.2", port)
    said = str(refusal.value)
    assert said.startswith(f"HTTP_PORT: port {port} is taken")
    assert "\n" not in said
    layout.claim("127.0.0.1", int(said.partition("HTTP_PORT=")[2].split()[0]))


@pytest.mark.parametrize("bind", ["192.0.2.1", "2001:db8::1"])
def test_an_address_that_is_another_machines_is_one_line_that_names_the_variable(bind: str) -> None:
    with pytest.raises(MissingError, match=rf"^HTTP_BIND: {bind} is not an address of this"):
        layout.claim(bind, 18_080)


def test_a_port_that_only_root_may_use_is_one_line_that_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = socket.create_server

    def create_server(address: tuple[str, int], **options: Any) -> socket.socket:
        if address[1] < 1024:
            raise PermissionError
        return real(address, **options)

    monkeypatch.setattr(socket, "create_server", create_server)
    with pytest.raises(MissingError, match=r"^HTTP_PORT: port 80 needs root; .*HTTP_PORT=8\d\d\d"):
        layout.claim("127.0.0.1", 80)


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1", "80.0", "८०"])
def test_a_port_that_is_none_is_one_line_that_names_the_variable(port: str) -> None:
    with pytest.raises(MissingError, match=r"^HTTP_PORT: must be"):
        layout.address({"HTTP_PORT": port})


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, ("127.0.0.1", 80)),
        ({"HTTP_PORT": "", "HTTP_BIND": " "}, ("127.0.0.1", 80)),
        ({"HTTP_PORT": "8080", "HTTP_BIND": "0.0.0.0"}, ("0.0.0.0", 8080)),  # noqa: S104
        ({"HTTP_BIND": "::1"}, ("::1", 80)),
    ],
)
def test_by_default_it_is_port_80_of_this_machine_alone(
    given: dict[str, str], address: tuple[str, int]
) -> None:
    assert layout.address(given) == address


@pytest.mark.parametrize(
    ("variable", "value"),
    [("HTTP_PORT", "127.0.0.1:8087"), ("HTTP_BIND", "localhost"), ("HTTP_BIND", "[::1]")],
)
def test_an_address_in_the_wrong_place_is_one_line_that_names_the_variable(
    variable: str, value: str
) -> None:
    with pytest.raises(MissingError, match=rf"\A{variable}: [^\n]*\Z") as refusal:
        layout.address({variable: value})
    assert "HTTP_BIND" in str(refusal.value)


@pytest.mark.parametrize("files", ["docker-compose.yml", "docker-compose.yml:examples/tls.yml"])
def test_productions_env_is_refused_where_there_is_development_only(files: str) -> None:
    with pytest.raises(MissingError, match=r"\ACOMPOSE_FILE: [^\n]*Docker[^\n]*\Z"):
        layout.refuse_production({"COMPOSE_FILE": files})
    layout.refuse_production({})
    layout.refuse_production({"COMPOSE_FILE": ""})
    layout.refuse_production({"COMPOSE_FILE": "docker-compose.yml:docker-compose.override.yml"})


def test_the_inner_ports_differ_and_lie_below_those_of_outgoing_connections() -> None:
    ports = [int(port) for port in layout.inner_ports().values()]
    assert len(set(ports)) == 4
    ephemeral = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert max(ports) < ephemeral


def test_the_callers_environment_goes_before_the_file(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clone / ".env").write_text('HTTP_PORT=8080\nEMAIL_FROM="a@example.com"\n')
    monkeypatch.setenv("HTTP_PORT", "9090")
    monkeypatch.delenv("EMAIL_FROM", raising=False)
    given = layout.settings()
    assert (given["HTTP_PORT"], given["EMAIL_FROM"]) == ("9090", "a@example.com")


@pytest.mark.parametrize(
    "name", ["PYTHONPATH", "VIRTUAL_ENV", "DJANGO_SETTINGS_MODULE", "PGHOST", "PGSERVICE"]
)
def test_what_the_callers_shell_says_to_other_programs_does_not_reach_the_services(
    name: str, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "somewhere/else")
    assert name not in layout.settings()


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, "http://localhost"),
        ({"HTTP_PORT": "80"}, "http://localhost"),
        ({"HTTP_PORT": "8080"}, "http://localhost:8080"),
        ({"HTTP_PORT": "8080", "PUBLIC_URL": "https://b.example"}, "https://b.example"),
        ({"PUBLIC_URL": "HTTPS://B.Example:443/"}, "https://b.example"),
    ],
)
def test_the_public_address_is_the_same_as_with_compose(
    given: dict[str, str], url: str, state: Path
) -> None:
    assert layout.variables(given, state, PORTS)["PUBLIC_URL"] == url


def test_another_database_and_redis_are_used_where_they_are_set(state: Path) -> None:
    urls = {"DATABASE_URL": "postgres://u:p@h/n", "REDIS_URL": "redis://h/3"}
    chosen = layout.variables(urls, state, PORTS)
    assert {name: chosen[name] for name in urls} == urls


def test_web_asks_the_socket_service_where_it_listens(state: Path) -> None:
    chosen = layout.variables({}, state, PORTS)
    assert chosen["WS_URL"] == f"http://127.0.0.1:{chosen['WS_PORT']}"


def test_no_variable_is_one_that_nginx_reads_for_itself(state: Path) -> None:
    # It takes NGINX for the sockets it is to inherit.
    assert "NGINX" not in layout.variables({}, state, PORTS)


def test_the_saved_environment_may_be_read_by_nobody_else(state: Path) -> None:
    layout.save(state, {"SECRET_KEY": "s"})
    assert (state / "variables.json").stat().st_mode & 0o777 == 0o600
    assert layout.saved(state) == {"SECRET_KEY": "s"}


def test_a_changed_setting_is_noticed_by_name_and_other_variables_are_not(state: Path) -> None:
    before = layout.variables({"HTTP_PORT": "8080", "TERM": "a"}, state, PORTS)
    after = layout.variables({"HTTP_PORT": "8081", "TERM": "b"}, state, PORTS)
    assert layout.changed(before, before) == []
    assert layout.changed(before, after) == ["PUBLIC_URL", "HTTP_PORT"]


@pytest.mark.parametrize("name", ["my clone", "it's", 'a"b', "a;b", "50%", "x" * 80])
def test_a_path_that_the_programs_could_not_be_told_is_refused_with_one_line(
    name: str, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "ROOT", clone / name)
    with pytest.raises(MissingError, match=r"\Amove this clone [^\n]*\Z"):
        layout.make_state()


def test_root_keeps_the_state_where_postgres_can_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(layout, "ROOT", Path("/root/one"))
    one = layout.state()
    monkeypatch.setattr(layout, "ROOT", Path("/root/two"))
    assert one.parent == layout.state().parent == Path("/var/lib/bellhop")
    assert one != layout.state()


def test_the_database_reaches_its_folder_whatever_umask_root_has(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    folder = tmp_path / "var/0123"
    monkeypatch.setattr(layout, "state", lambda: folder)
    before = os.umask(0o077)
    try:
        layout.make_state()
    finally:
        os.umask(before)
    for passed in (folder, folder.parent):
        assert passed.stat().st_mode & 0o777 == 0o711
