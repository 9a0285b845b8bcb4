"""All readers of PUBLIC_URL take it for the same address, in whatever case and with whatever port it is written."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import published_address
import pytest
from bare.programs import nginx_configuration
from conftest import REPOSITORY
from hypothesis import given, settings
from hypothesis import strategies as st

from stack.environment import parse_public_url

labels = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
names = st.lists(labels, min_size=1, max_size=3).map(".".join)
hosts = names | st.sampled_from(
    ["127.0.0.1", "192.168.1.5", "[::1]", "[2001:db8::a]", "xn--bcher-kva.de"]
)
ports = st.sampled_from(["", ":80", ":443", ":8080", ":65535"])


@st.composite
def spellings(draw: st.DrawFn) -> str:
    """An address as somebody may type it."""
    url = draw(st.sampled_from(["http", "https"])) + "://" + draw(hosts) + draw(ports)
    upper = draw(st.lists(st.booleans(), min_size=len(url), max_size=len(url)))
    mixed = "".join(one.upper() if up else one for one, up in zip(url, upper, strict=True))
    return mixed + draw(st.sampled_from(["", "/"]))


def origin(spelling: str) -> str:
    """Return what web takes it for, and every browser."""
    found = parse_public_url(spelling)
    assert found, spelling
    return found.origin


@given(spellings(), st.sampled_from(["", " "]))
def test_the_door_says_what_web_goes_by(spelling: str, blank: str) -> None:
    assert published_address.origin(f"{blank}{spelling}{blank}", 8080) == origin(spelling)


@given(st.text(max_size=30))
def test_the_door_takes_any_text_and_leaves_it_to_web_to_refuse_it(nonsense: str) -> None:
    said = published_address.origin(nonsense, 80)
    found = parse_public_url(nonsense.strip())
    if found:
        assert said == found.origin


@pytest.mark.parametrize(
    "spelling",
    [
        "HTTPS://Notify.Example.COM", "https://notify.example.com:443/", "HTTP://LOCALHOST:80",
        "http://localhost:8080/", "Http://[2001:DB8::A]:80/", "https://x.example:80", "http://x.example:443",
        "https://notify.example.com",
    ],
)  # fmt: skip
def test_the_last_line_of_compose_up_says_what_web_goes_by(spelling: str, tmp_path: Path) -> None:
    script = REPOSITORY / "deploy/nginx/entrypoint.d/90-ready.sh"
    # Everything behind nginx is there at once.
    answers = tmp_path / "curl"
    answers.write_text("#!/bin/sh\nprintf 200\n")
    answers.chmod(0o755)
    done = subprocess.run(
        ["sh", str(script)],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "PUBLIC_URL": spelling},
        capture_output=True,
        text=True,
        check=True,
    )
    # What else it has to say of the address stands behind it.
    assert done.stdout.startswith("Bellhop is ready: ")
    assert done.stdout.split()[3] == origin(spelling)


@settings(max_examples=30, deadline=None)
@given(spellings())
def test_nginx_takes_for_https_what_web_takes_for_https(spelling: str) -> None:
    assert _nginx_says_https()(spelling) == origin(spelling).startswith("https:")


def _nginx_says_https() -> Callable[[str], bool]:
    """Return nginx's test of PUBLIC_URL, the first line of the map that it is looked up in."""
    with TemporaryDirectory() as folder:
        ports = {"HTTP_BIND": "127.0.0.1", "HTTP_PORT": "80", "WEB_PORT": "1", "WS_PORT": "2"}
        nginx_configuration.render(Path(folder), {**ports, "PUBLIC_URL": "PUBLIC"})
        text = "\n".join(file.read_text() for file in Path(folder).glob("conf.d/*.conf"))
    (case, pattern) = re.findall(r'map "PUBLIC" \$\w+ \{\n\s+"?~(\*?)(\S+?)"? ', text)[0]
    flags = re.IGNORECASE if case else re.NOFLAG
    compiled = re.compile(pattern.replace("(?<", "(?P<"), flags)
    return lambda spelling: bool(compiled.search(spelling))
