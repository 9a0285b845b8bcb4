"""The Compose files: what every service must say, and that `.env.example` is what they pass on."""

import re

import pytest
from composefile import ComposeFile
from conftest import REPOSITORY

FILES = {
    name: ComposeFile(name)
    for name in (
        "docker-compose.yml",
        "docker-compose.override.yml",
        "docker-compose.tests.yml",
        "bench/docker-compose.yml",
    )
}
PRODUCTION = FILES["docker-compose.yml"]
LONG_RUNNING = ["nginx", "web", "worker", "ws", "redis", "db"]
# What another file says of a service of production's is merged with what that file says.
MADE = [
    (name, service)
    for name, file in FILES.items()
    for service in file.services
    if name == "docker-compose.yml" or service not in PRODUCTION.services
]


@pytest.mark.parametrize(("file", "service"), MADE)
def test_a_services_log_is_bounded_whatever_the_engines_default_driver_is(
    file: str, service: str
) -> None:
    text = FILES[file].text(service)
    if "extends:" in text:
        extended = re.search(r"extends: \{file: (\S+), service: (\w+)\}", text)
        assert extended
        text = FILES[extended[1]].text(extended[2])
    assert re.search(r"driver: json-file", text)
    assert re.search(r"max-size: \d+m", text)
    assert re.search(r'max-file: "\d"', text)


@pytest.mark.parametrize("service", ["nginx", "web", "worker", "ws", "redis"])
def test_a_service_has_files_for_thousands_of_sockets_whatever_the_engine_gives(
    service: str,
) -> None:
    (files,) = re.findall(r"nofile: (\d+)", PRODUCTION.text(service))
    # Two for each of nginx's sockets, in each of its processes' worker_connections.
    (connections,) = re.findall(
        r"worker_connections (\d+)", (REPOSITORY / "deploy/nginx/nginx.conf").read_text()
    )
    assert int(files) > int(connections) + 1000


def test_production_has_its_services_and_no_tests_which_hold_the_engines_socket() -> None:
    assert set(PRODUCTION.services) == {*LONG_RUNNING, "preflight", "migrate"}
    assert "docker.sock" not in (REPOSITORY / "docker-compose.yml").read_text()


def test_each_mode_keeps_its_database_in_the_volume_it_always_had() -> None:
    assert "- db:/var/lib/postgresql" in PRODUCTION.text("db")
    development = FILES["docker-compose.override.yml"].text("db")
    assert re.search(r"volumes: !override\s+- db-development:/var/lib/postgresql", development)


def test_development_is_published_on_this_machine_alone_and_production_everywhere() -> None:
    port = r'target: 8080, published: "\$\{HTTP_PORT:-80\}", host_ip: "\$\{HTTP_BIND:-(.*?)\}"'
    assert re.findall(port, PRODUCTION.text("nginx")) == [""]
    development = FILES["docker-compose.override.yml"].text("nginx")
    assert "ports: !override" in development
    assert re.findall(port, development) == ["127.0.0.1"]


@pytest.mark.parametrize("service", ["nginx", "redis", "db"])
def test_what_an_update_leaves_running_depends_on_nothing_that_it_replaces(service: str) -> None:
    # Compose stops, and replaces, whatever depends on a container that it replaces.
    text = PRODUCTION.text(service)
    assert "depends_on" not in text
    # And no code of ours is in its image.
    assert service != "nginx" or "services/" not in _dockerfile("deploy/nginx")


@pytest.mark.parametrize(
    ("service", "networks"),
    [
        ("nginx", "public, edge"),
        ("web", "edge, data, outside"),
        ("worker", "data, outside"),
        ("ws", "edge, data"),
        ("redis", "data"),
        ("db", "data"),
        ("preflight", "data"),
        ("migrate", "data"),
    ],
)
def test_a_service_is_in_the_networks_that_it_needs(service: str, networks: str) -> None:
    # The nearest to the service counts: what it says itself, then its anchors.
    assert re.findall(r"networks: \[(.*?)\]", PRODUCTION.text(service))[0] == networks
    text = (REPOSITORY / "docker-compose.yml").read_text()
    assert re.findall(r"^  (\w+): \{internal: true\}$", text, re.MULTILINE) == ["edge", "data"]
    assert re.search(r'^  public: .*enable_ip_masquerade: "false"', text, re.MULTILINE)


@pytest.mark.parametrize("service", ["web", "worker", "ws", "preflight", "migrate"])
def test_debug_is_what_the_file_says_and_never_what_env_says(service: str) -> None:
    assert PRODUCTION.environment(service)["DEBUG"] == '"false"'
    assert FILES["docker-compose.override.yml"].environment(service)["DEBUG"] == '"true"'


@pytest.mark.parametrize("service", ["web", "worker", "ws", "preflight", "migrate"])
def test_mounted_source_is_readable_whatever_umask_the_clone_was_made_under(service: str) -> None:
    text = FILES["docker-compose.override.yml"].text(service)
    assert "cap_add: [DAC_READ_SEARCH, KILL, SETGID, SETUID]" in text
    assert '"--reuid=bellhop"' in text
    assert "--ambient-caps=+dac_read_search" in text


@pytest.mark.parametrize("file", ["services/web", "services/worker", "services/ws", "deploy/nginx"])
def test_an_image_holds_nothing_with_the_modes_of_the_clone(file: str) -> None:
    copied = re.findall(r"^COPY (?!--from)(.*)$", _dockerfile(file), re.MULTILINE)
    unsafe = [line for line in copied if not line.startswith("--chmod=755 ")]
    # Only root reads these, while it builds.
    assert set(unsafe) <= {"pyproject.toml uv.lock ./"}


def test_no_health_check_asks_a_proxy() -> None:
    assert '"curl", "--noproxy", "*",' in _dockerfile("deploy/nginx")
    for path in [REPOSITORY / name for name in FILES]:
        assert "urllib" not in path.read_text()
    for file, service in (
        ("docker-compose.tests.yml", "tests"),
        ("bench/docker-compose.yml", "bench"),
    ):
        text = FILES[file].text(service)
        assert 'NO_PROXY: "*"' in text
        assert 'no_proxy: "*"' in text


def _dockerfile(folder: str) -> str:
    return (REPOSITORY / folder / "Dockerfile").read_text()


def documented() -> dict[str, set[str]]:
    """Return the variables of `.env.example`, each with who its comment says reads it."""
    found: dict[str, set[str]] = {}
    for block in re.split(r"\n\s*\n", (REPOSITORY / ".env.example").read_text()):
        comment = " ".join(line.lstrip("# ") for line in block.splitlines() if line[:1] == "#")
        names = re.findall(r"^([A-Z_]+)=", block, re.MULTILINE)
        if not names:
            continue
        said = re.match(r"Read by ([^.:;]+)", comment)
        assert said, f"{names}: the comment does not begin with who reads it"
        readers = set(re.findall(r"\b(?:web|worker|ws|nginx|db|migrate|Compose|all)\b", said[1]))
        if "all" in readers:
            readers = readers - {"all"} | {"web", "worker", "ws", "nginx"}
        found |= dict.fromkeys(names, readers)
    return found


DOCUMENTED = documented()


@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_documented_variable_is_passed_on_to_whom_its_comment_names_and_nobody_else(
    name: str,
) -> None:
    passed = {
        service
        for service in (*LONG_RUNNING, "migrate")
        if f"${{{name}:" in PRODUCTION.environment(service).get(name, "")
    }
    readers = DOCUMENTED[name] - {"Compose"}
    assert readers <= passed
    # One environment for all three; what only one of them reads may reach the others. migrate checks what web is given.
    assert passed - readers <= {"web", "worker", "ws", "migrate"} or passed == readers
    if "Compose" in DOCUMENTED[name]:
        text = (REPOSITORY / "docker-compose.yml").read_text()
        assert name.startswith("COMPOSE_") or f"${{{name}:" in text


@pytest.mark.parametrize("name", ["preflight", "migrate"])
def test_a_one_shot_checks_what_web_will_be_given(name: str) -> None:
    given = PRODUCTION.environment("web")
    del given["CREDENTIALS"]
    assert given.items() <= PRODUCTION.environment(name).items()


def test_who_owns_the_database_is_known_to_it_and_to_the_one_shots_alone() -> None:
    for variable, known in (
        ("POSTGRES_PASSWORD", {"db", "preflight", "migrate"}),
        ("DATABASE_OWNER_URL", {"preflight", "migrate"}),
    ):
        for name in ("docker-compose.yml", "docker-compose.override.yml"):
            file = FILES[name]
            told = {one for one in file.services if variable in file.environment(one)} - {"tests"}
            assert told <= known, (variable, name)
        assert {
            one for one in PRODUCTION.services if variable in PRODUCTION.environment(one)
        } == known


@pytest.mark.parametrize("service", ["web", "worker", "ws"])
def test_a_services_credentials_are_mounted_in_it_alone_and_not_to_be_changed_there(
    service: str,
) -> None:
    mount = f"{service}-credentials:/credentials/{service}"
    assert f'volumes: ["{mount}:ro"]' in PRODUCTION.text(service)
    mounted = {one for one in PRODUCTION.services if mount in PRODUCTION.text(one)}
    assert mounted == {service, "migrate"}


def test_every_variable_that_the_files_take_is_documented() -> None:
    for name in ("docker-compose.yml", "docker-compose.override.yml", "docker-compose.tests.yml"):
        taken = set(re.findall(r"\$\{([A-Z_]+)", (REPOSITORY / name).read_text()))
        ours = {"COMPOSE_PROJECT_NAME", "TEST_ARGUMENTS", "TEST_EDITS", "TEST_LANES"}
        assert taken - ours <= set(DOCUMENTED), name


def test_a_copied_env_example_makes_plain_compose_production() -> None:
    lines = (REPOSITORY / ".env.example").read_text().splitlines()
    assert "COMPOSE_FILE=docker-compose.yml" in lines


def test_an_edited_web_has_ended_its_children_before_its_reloader_loses_patience() -> None:
    # gunicorn's children do not hear a signal in the moment in which they are made. Whoever ends it then, by force,
    # leaves one behind, which keeps its port: the next one cannot start, and web is away until the next edit.
    web = FILES["docker-compose.override.yml"].text("web")
    (reloader,) = re.findall(r'"--sigint-timeout", "(\d+)"', web)
    (children,) = re.findall(r"--graceful-timeout (\d+)", web)
    assert int(children) + 3 < int(reloader)
