"""nginx on a bare host is configured by the containers' own files."""

import re
from pathlib import Path

import pytest
from bare import nginx
from conftest import REPOSITORY

VARIABLES = {
    "HTTP_BIND": "127.0.0.1",
    "HTTP_PORT": "8080",
    "PUBLIC_URL": "http://localhost:8080",
    "WEB_PORT": "20001",
    "WS_PORT": "20002",
}


@pytest.fixture
def rendered(tmp_path: Path) -> dict[str, str]:
    """The text of each file, by its name; HERE is what it is rendered into, CLONE where it comes from."""
    nginx.render(tmp_path, VARIABLES)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    return {
        path.name: path.read_text().replace(str(tmp_path), "HERE").replace(str(REPOSITORY), "CLONE")
        for path in files
    }


def test_it_listens_on_the_port_and_knows_the_services_ports(rendered: dict[str, str]) -> None:
    assert "listen 127.0.0.1:8080 " in rendered["bellhop.conf"]
    assert 'map "http://localhost:8080" $public_scheme' in rendered["bellhop.conf"]
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


@pytest.mark.parametrize(
    ("bind", "listen"),
    [("0.0.0.0", "0.0.0.0:8080"), ("::1", "[::1]:8080"), ("::", "[::]:8080")],  # noqa: S104
)
def test_it_listens_where_http_bind_says(bind: str, listen: str, tmp_path: Path) -> None:
    nginx.render(tmp_path, {**VARIABLES, "HTTP_BIND": bind})
    assert f"listen {listen} " in (tmp_path / "conf.d/bellhop.conf").read_text()
