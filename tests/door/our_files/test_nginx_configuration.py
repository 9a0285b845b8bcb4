"""nginx's configuration: the containers' own files serve a bare host, and no answer loses its headers."""

import base64
import hashlib
import re
from pathlib import Path

import pytest
from bare.errors import MissingError
from bare.programs import nginx_configuration
from conftest import REPOSITORY

VARIABLES = {
    "HTTP_BIND": "127.0.0.1",
    "HTTP_PORT": "8080",
    "PUBLIC_URL": "http://localhost:8080",
    "WEB_PORT": "20001",
    "WS_PORT": "20002",
}


NGINX = REPOSITORY / "deploy/nginx"


@pytest.fixture
def rendered(tmp_path: Path) -> dict[str, str]:
    """The text of each file, by its name; HERE is what it is rendered into, CLONE where it comes from."""
    nginx_configuration.render(tmp_path, VARIABLES)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    return {
        path.name: path.read_text().replace(str(tmp_path), "HERE").replace(str(REPOSITORY), "CLONE")
        for path in files
    }


def test_it_listens_on_the_port_and_knows_the_services_ports(rendered: dict[str, str]) -> None:
    assert "listen 127.0.0.1:8080 " in rendered["bellhop.conf"]
    assert 'map "http://localhost:8080" $secure_origin' in rendered["visitors.conf"]
    assert 'map "on:$http_upgrade:' in rendered["limits.conf"]
    # How long a replica that says nothing keeps anybody waiting.
    assert re.findall(r"proxy_connect_timeout (\S+);", rendered["bellhop.conf"]) == ["500ms"]
    assert re.findall(r"server (\S+);", rendered["upstreams.conf"]) == [
        "127.0.0.1:20001",
        "127.0.0.1:20002",
    ]


def test_no_placeholder_and_no_path_of_the_container_is_left(rendered: dict[str, str]) -> None:
    text = "\n".join(rendered.values())
    assert re.findall(r"\$\{[A-Z]", text) == []
    for there in ("/tmp/", "/usr/share/nginx", "/etc/nginx/conf.d"):  # noqa: S108
        assert there not in text
    assert "include HERE/conf.d/*.conf;" in text
    assert "resolve" not in text.replace("resolved", "")


@pytest.mark.parametrize(
    ("bind", "listen"),
    [("0.0.0.0", "0.0.0.0:8080"), ("::1", "[::1]:8080"), ("::", "[::]:8080")],  # noqa: S104
)
def test_it_listens_where_http_bind_says(bind: str, listen: str, tmp_path: Path) -> None:
    nginx_configuration.render(tmp_path, {**VARIABLES, "HTTP_BIND": bind})
    assert f"listen {listen} " in (tmp_path / "conf.d/bellhop.conf").read_text()


def test_every_template_of_the_containers_but_the_upstreams_is_rendered(
    rendered: dict[str, str],
) -> None:
    own = {template.stem for template in (NGINX / "templates").glob("*.template")}
    assert set(rendered) == own | {"nginx.conf", "trusted_proxies.conf"}


def test_without_trusted_proxies_nobodys_word_counts(rendered: dict[str, str]) -> None:
    assert "set_real_ip_from" not in rendered["trusted_proxies.conf"]
    assert "default 0;\n}" in rendered["trusted_proxies.conf"]


@pytest.mark.parametrize("given", ["10.0.0.1, fd00::/8", " 10.0.0.1\n,fd00::/8 ,"])
def test_trusted_proxies_are_believed_about_address_and_scheme(tmp_path: Path, given: str) -> None:
    nginx_configuration.render(tmp_path, {**VARIABLES, "TRUSTED_PROXIES": given})
    text = (tmp_path / "conf.d/trusted_proxies.conf").read_text()
    assert re.findall(r"set_real_ip_from (\S+);", text) == ["10.0.0.1", "fd00::/8"]
    assert re.findall(r"(\S+) 1;", text) == ["10.0.0.1", "fd00::/8"]
    assert "geo $realip_remote_addr " in text
    assert "real_ip_recursive on;" in text


@pytest.mark.parametrize("given", ["10.0.0.1;include /etc/passwd", "10.0.0.1 $host", "caddy"])
def test_what_is_no_network_never_reaches_the_configuration(tmp_path: Path, given: str) -> None:
    with pytest.raises(
        MissingError, match=r"^TRUSTED_PROXIES: \S+ is not an address or a network$"
    ):
        nginx_configuration.render(tmp_path, {**VARIABLES, "TRUSTED_PROXIES": given})
    assert not (tmp_path / "conf.d/trusted_proxies.conf").exists()


# Headers

SERVER = (NGINX / "templates/bellhop.conf.template").read_text()
LOCATIONS = dict(re.findall(r"\n    location ([^{]+) \{\n(.*?)\n    \}\n", SERVER, re.DOTALL))
BEFORE = SERVER.partition("\n    location ")[0]
HEADERS = (
    "Content-Security-Policy",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Cache-Control",
    "Retry-After",
)


def test_every_header_is_added_to_every_answer_by_the_server() -> None:
    assert len(LOCATIONS) > 8
    assert tuple(re.findall(r"add_header (\S+) \$\w+ always;", BEFORE)) == HEADERS


@pytest.mark.parametrize("directive", ["add_header", "proxy_set_header"])
@pytest.mark.parametrize("location", LOCATIONS)
def test_no_location_loses_them_by_one_of_its_own(location: str, directive: str) -> None:
    # nginx inherits such a directive only where a location has none.
    assert f"{directive} " not in LOCATIONS[location]


HEALTH = {name for name in LOCATIONS if re.search(r"healthz|readyz", name)}


@pytest.mark.parametrize("location", sorted(set(LOCATIONS) - HEALTH))
def test_a_location_with_an_error_page_of_its_own_keeps_the_refusals(location: str) -> None:
    refusals = re.findall(r"error_page .*\$refusal_page;", BEFORE)
    assert len(refusals) == 1
    body = LOCATIONS[location]
    # A second attempt comes after all that nginx refuses.
    assert "error_page" not in body or location.endswith("_again") or refusals[0] in body


PAGES = sorted((NGINX / "html/refusals").glob("*.html"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_style_inside_our_own_pages_is_the_one_that_their_policy_allows(page: Path) -> None:
    text = page.read_text()
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert "style=" not in text
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in (NGINX / "templates/headers.conf.template").read_text()


def test_no_policy_allows_anything_unsafe() -> None:
    for template in (NGINX / "templates").iterdir():
        assert "unsafe-" not in template.read_text()
