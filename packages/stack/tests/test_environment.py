"""Nonsense in a variable stops the start with one line that names it and does not repeat a secret."""

import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stack import environment, server_urls
from stack.secrets import placeholders

GOOD_KEY = "k3y-" + "x9" * 30
VARIABLES = [
    "CREDENTIALS",
    "DEBUG",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "POSTGRES_PASSWORD",
    "DATABASE_URL",
    "REDIS_URL",
    "PUBLIC_URL",
    "HTTP_PORT",
    "HTTP_BIND",
    "ALLOW_PLAIN_HTTP",
    "RATE_LIMITS",
    "DATABASE_POOLER",
    "INSTALLATION",
]
PRODUCTION = {"SECRET_KEY": GOOD_KEY, "POSTGRES_PASSWORD": "9f3c-of-our-own"}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def settings_of(monkeypatch: pytest.MonkeyPatch, **variables: str) -> dict[str, Any]:
    """Return what stack.settings makes of an environment."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(Path(environment.__file__).with_name("settings.py")))


def refusal(function: Callable[[], object]) -> str:
    with pytest.raises(SystemExit) as stopped:
        function()
    line = str(stopped.value)
    assert "\n" not in line
    return line


BAD: dict[str, list[str]] = {
    "DEBUG": ["maybe", "2", "nope", "tru"],
    "SECRET_KEY": [
        "",
        "   ",
        "short",
        "change-me",
        "CHANGEME",
        "secret",
        "django-insecure-" + "x" * 50,
        "development-only-key-that-production-refuses",
        "x" * 31,
    ],
    "POSTGRES_PASSWORD": ["", "  ", "development", "postgres", "Password", "bellhop", "example"],
    "DATABASE_URL": [
        "nonsense",
        "localhost",
        "sqlite:///x.db",
        "mysql://u:p@h/n",
        "postgres://u:p@h:port/n",
        "postgres://u:p@h:99999/n",
        "postgres://u:p@/n",
        "postgres://u:p@h",
        "postgres://u:p@h:5432/",
        "postgres://u:p/a#b@h/n",
        "postgres://u:p@h/n?nonsense=1",
        "postgres://u:p@h/n?pool=true",
        "postgres://u:p@h/n?sslmode=require&sslmode=disable",
        "postgres://u:p@h/n?options=-c%20a%3Db&options=-c%20c%3Dd",
    ],
    "REDIS_URL": [
        "nonsense",
        "redis",
        "localhost:6379",
        "http://redis:6379",
        "redis://",
        "redis://:6379",
        "redis://h:port",
        "redis://h:99999",
        "redis://h:6379/one",
        "redis://h:6379/-1",
        "redis://h:6379/0#x",
        "redis://h:6379/0/1",
        "redis://h?nonsense=1",
        "redis://h?db=3",
        "redis://h?socket_timeout=60",
        "redis://h?protocol=4",
        "redis://h?health_check_interval=often",
        "redis://h?client_name=two%20words",
        "redis://h?client_name=",
        "redis://h?client_name=a&client_name=b",
        "redis://h?ssl_cert_reqs=none",
        "rediss://h?ssl_cert_reqs=maybe",
        "rediss://h?ssl_check_hostname=perhaps",
        "rediss://h?ssl_ca_certs=/nowhere/ca.pem",
        "rediss://h?ssl_ca_certs=/dev/null",
    ],
    "PUBLIC_URL": [
        "nonsense",
        "notify.example.com",
        "//notify.example.com",
        "ftp://notify.example.com",
        "ws://notify.example.com",
        "https://",
        "https://:443",
        "https://notify.example.com/path",
        "https://notify.example.com/?a=b",
        "https://notify.example.com/#top",
        "https://user:pass@notify.example.com",
        "https://user@notify.example.com",
        "https://notify.example.com:port",
        "https://notify.example.com:99999",
        "https://notify example.com",
        "https://notify.example.com;x",
        "https://notify.example.com'",
        'https://notify.example.com"',
        "https://$host",
        "https://[::1",
        "http://<host>",
        # To a browser these are addresses, others than they look like, or none.
        "http://2130706433",
        "http://0x7f.1",
        "http://1.2.3",
        "http://1.2.3.4.5",
        "http://host.99",
    ],
    "HTTP_BIND": ["localhost", "eth0", "127.0.0.1:80", "[::1]", "256.0.0.1", "127.1", "*"],
    "ALLOW_PLAIN_HTTP": ["maybe", "http"],
    "HTTP_PORT": ["127.0.0.1:8087", "http", "0", "-1", "65536", "80.5", "0x50", "8080 80"],
    "RATE_LIMITS": ["off-ish", "true", "0", "OFF"],
    "DATABASE_POOLER": ["yes", "session", "statement", "pgbouncer"],
    "INSTALLATION": ["a.b", "a b", "a:b", "*", "-a", "x" * 41, "ä"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in BAD.items() for value in values]
)
def test_a_malformed_value_is_refused_in_one_line_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    line = refusal(lambda: settings_of(monkeypatch, **{**PRODUCTION, name: value}))
    assert line.startswith(f"bellhop: {name}: ")


@pytest.mark.parametrize("name", ["SECRET_KEY", "POSTGRES_PASSWORD"])
def test_production_refuses_to_start_without_a_secret_of_its_own(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    given = {key: value for key, value in PRODUCTION.items() if key != name}
    assert "is missing" in refusal(lambda: settings_of(monkeypatch, **given))


def test_a_refused_secret_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    short = "s3cr3t-but-short"
    assert short not in refusal(
        lambda: settings_of(monkeypatch, **{**PRODUCTION, "SECRET_KEY": short})
    )
    broken = "postgres://u:s3cr3t@h:port/n"
    line = refusal(lambda: settings_of(monkeypatch, **PRODUCTION, DATABASE_URL=broken))
    assert "s3cr3t" not in line


@pytest.mark.parametrize(
    ("variables", "name"),
    [
        ({}, "SECRET_KEY"),
        ({**PRODUCTION, "DEBUG": "maybe"}, "DEBUG"),
        ({**PRODUCTION, "DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({**PRODUCTION, "REDIS_URL": "http://redis"}, "REDIS_URL"),
        ({**PRODUCTION, "PUBLIC_URL": "https://a/b"}, "PUBLIC_URL"),
        ({**PRODUCTION, "HTTP_PORT": "eighty"}, "HTTP_PORT"),
        (
            {**PRODUCTION, "RATE_LIMITS": "off", "PUBLIC_URL": "https://n.example.com"},
            "RATE_LIMITS",
        ),
    ],
)
def test_a_process_with_a_bad_environment_exits_1_with_one_line_on_stderr(
    variables: dict[str, str], name: str
) -> None:
    run = subprocess.run(
        [sys.executable, "-c", "import stack.settings"],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert run.returncode == 1
    assert len(run.stderr.splitlines()) == 1, run.stderr
    assert run.stderr.startswith(f"bellhop: {name}: ")
    assert run.stdout == ""


def test_production_needs_no_more_than_its_two_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings_of(monkeypatch, **PRODUCTION)
    assert (found["DEBUG"], found["SECRET_KEY"]) == (False, GOOD_KEY)
    assert found["ALLOWED_HOSTS"] == ["localhost"]
    assert found["PUBLIC_ORIGINS"] == ["http://localhost"]
    assert found["DATABASES"]["default"]["HOST"] == "db"
    assert found["DATABASES"]["default"]["PASSWORD"] == PRODUCTION["POSTGRES_PASSWORD"]
    assert found["BROKER_URL"] == "redis://redis:6379/0"
    assert found["RATE_LIMITS"] is True


def test_development_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings_of(monkeypatch, DEBUG="true")
    assert found["DEBUG"] is True
    assert len(found["SECRET_KEY"]) >= placeholders.SECRET_KEY_MIN_LENGTH
    assert found["PUBLIC_ORIGINS"] == ["http://localhost", "http://127.0.0.1"]


def test_a_database_url_needs_no_postgres_password(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings_of(
        monkeypatch, SECRET_KEY=GOOD_KEY, DATABASE_URL="postgres://me:p%40ss@pg.internal:5433/bell"
    )
    used = found["DATABASES"]["default"]
    assert (used["USER"], used["PASSWORD"], used["HOST"], used["PORT"], used["NAME"]) == (
        "me", "p@ss", "pg.internal", 5433, "bell",
    )  # fmt: skip


def test_old_keys_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings_of(monkeypatch, **PRODUCTION, SECRET_KEY_FALLBACKS="one,two,")
    assert found["SECRET_KEY_FALLBACKS"] == ["one", "two"]


@pytest.mark.parametrize(
    "url",
    ["http://localhost", "http://127.0.0.1:8080", "http://[::1]", "http://[::ffff:127.0.0.1]"],
)
def test_rate_limits_may_be_off_where_only_this_machine_can_come(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    found = settings_of(monkeypatch, **PRODUCTION, RATE_LIMITS="off", PUBLIC_URL=url)
    assert found["RATE_LIMITS"] is False


@pytest.mark.parametrize(
    "url",
    [
        "https://notify.example.com",
        "http://10.0.0.7",
        "http://localhost.example.com",
        "http://notlocalhost",
        "http://0.0.0.0",
    ],
)
def test_rate_limits_off_is_refused_where_others_can_come(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    line = refusal(
        lambda: settings_of(
            monkeypatch, **PRODUCTION, RATE_LIMITS="off", PUBLIC_URL=url, ALLOW_PLAIN_HTTP="yes"
        )
    )
    assert line.startswith("bellhop: RATE_LIMITS: ")


PUBLIC = [
    "notify.example.com", "Notify.Example.COM", "localhost.example.com", "test.example", "8.8.8.8",
    "[2606:4700::1111]", "[::ffff:8.8.8.8]", "a.co",
]  # fmt: skip
PRIVATE = [
    "localhost", "127.0.0.1", "[::1]", "x.localhost", "laptop", "laptop.local", "LAPTOP.Local", "nas.lan",
    "nas.home.arpa", "notify.internal", "notify.test", "192.168.1.5", "10.0.0.7", "172.16.0.1", "169.254.1.1",
    "100.64.0.1", "[fe80::1]", "[fd00::1]", "[::ffff:10.0.0.7]",
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["http", "https", "HTTPS"])
@pytest.mark.parametrize("host", PUBLIC)
def test_a_development_stack_refuses_a_public_address_and_says_what_makes_it_production(
    monkeypatch: pytest.MonkeyPatch, host: str, scheme: str
) -> None:
    line = refusal(lambda: settings_of(monkeypatch, DEBUG="true", PUBLIC_URL=f"{scheme}://{host}"))
    assert line.startswith("bellhop: PUBLIC_URL: ")
    assert "COMPOSE_FILE=docker-compose.yml" in line


@pytest.mark.parametrize("host", PRIVATE)
def test_a_development_stack_takes_what_nobody_on_the_internet_can_mean(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    found = settings_of(monkeypatch, DEBUG="true", PUBLIC_URL=f"http://{host}:8080")
    assert found["PUBLIC_URL"].is_private


@pytest.mark.parametrize("host", PUBLIC)
def test_production_refuses_to_send_passwords_in_the_clear_unless_it_is_asked_for_by_name(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    variables = {**PRODUCTION, "PUBLIC_URL": f"http://{host}"}
    line = refusal(lambda: settings_of(monkeypatch, **variables))
    assert line.startswith("bellhop: PUBLIC_URL: ")
    assert "ALLOW_PLAIN_HTTP=yes" in line
    found = settings_of(monkeypatch, **variables, ALLOW_PLAIN_HTTP="yes")
    assert found["PUBLIC_URL"].scheme == "http"
    monkeypatch.setenv("ALLOW_PLAIN_HTTP", "no")
    refusal(lambda: settings_of(monkeypatch, **variables))
    settings_of(monkeypatch, **{**variables, "PUBLIC_URL": f"https://{host}"})


@pytest.mark.parametrize("host", PRIVATE)
def test_production_may_speak_plainly_where_nobody_on_the_internet_can_mean_it(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    found = settings_of(monkeypatch, **PRODUCTION, PUBLIC_URL=f"http://{host}")
    assert found["PUBLIC_URL"].scheme == "http"


def test_a_port_with_an_address_names_the_variable_for_the_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = refusal(lambda: settings_of(monkeypatch, **PRODUCTION, HTTP_PORT="127.0.0.1:8087"))
    assert line.startswith("bellhop: HTTP_PORT: ")
    assert "HTTP_BIND" in line


@pytest.mark.parametrize("given", ["", "127.0.0.1", "0.0.0.0", "::", "::1", " 192.168.1.5 "])  # noqa: S104
def test_an_address_to_publish_on_is_an_ip_address(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    assert settings_of(monkeypatch, **PRODUCTION, HTTP_BIND=given)["HTTP_BIND"] == given.strip()


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("true", True), ("True", True), ("1", True), ("on", True), ("yes", True),
        ("false", False), ("0", False), ("off", False), ("no", False), ("", False), (" ", False),
    ],
)  # fmt: skip
def test_booleans_are_read_as_people_write_them(
    monkeypatch: pytest.MonkeyPatch, value: str, meant: bool
) -> None:
    monkeypatch.setenv("DEBUG", value)
    assert environment.boolean("DEBUG", False) is meant


def test_an_absent_or_empty_boolean_is_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.boolean("DEBUG", True) is True
    monkeypatch.setenv("DEBUG", "")
    assert environment.boolean("DEBUG", True) is True


@pytest.mark.parametrize(
    ("port", "origin"),
    [("", "http://localhost"), ("80", "http://localhost"), ("8080", "http://localhost:8080")],
)
def test_the_public_address_is_localhost_with_the_port_where_that_is_not_80(
    monkeypatch: pytest.MonkeyPatch, port: str, origin: str
) -> None:
    monkeypatch.setenv("HTTP_PORT", port)
    assert environment.public_url().origin == origin


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://notify.example.com", "https://notify.example.com"),
        ("https://notify.example.com/", "https://notify.example.com"),
        ("  https://notify.example.com  ", "https://notify.example.com"),
        ("HTTPS://Notify.Example.COM", "https://notify.example.com"),
        ("https://notify.example.com:443", "https://notify.example.com"),
        ("http://notify.example.com:80", "http://notify.example.com"),
        ("http://notify.example.com:443", "http://notify.example.com:443"),
        ("https://notify.example.com:8443", "https://notify.example.com:8443"),
        ("http://192.168.1.5:8080", "http://192.168.1.5:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_the_origin_is_what_a_browser_would_send(
    monkeypatch: pytest.MonkeyPatch, given: str, origin: str
) -> None:
    monkeypatch.setenv("PUBLIC_URL", given)
    assert environment.public_url().origin == origin


def test_a_public_address_wins_over_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PORT", "8080")
    monkeypatch.setenv("PUBLIC_URL", "https://notify.example.com")
    assert environment.public_url().origin == "https://notify.example.com"


@pytest.mark.parametrize(
    ("given", "urls"),
    [
        ("", ["redis://redis:6379/0", "redis://redis:6379/1", "redis://redis:6379/2"]),
        ("redis://h", ["redis://h/0", "redis://h/1", "redis://h/2"]),
        ("redis://h:6380/5", ["redis://h:6380/5", "redis://h:6380/6", "redis://h:6380/7"]),
        (
            "rediss://:p%40ss@h:6380/0?ssl_cert_reqs=none",
            [f"rediss://:p%40ss@h:6380/{n}?ssl_cert_reqs=none" for n in range(3)],
        ),
        ("rediss://h", [f"rediss://h/{n}?ssl_cert_reqs=required" for n in range(3)]),
        (
            "rediss://h?ssl_cert_reqs=CERT_NONE&ssl_check_hostname=0",
            [f"rediss://h/{n}?ssl_cert_reqs=none&ssl_check_hostname=false" for n in range(3)],
        ),
        # Celery reads no more of it than what concerns TLS, and takes a semicolon for the end.
        (
            "redis://:p;w@h?client_name=a",
            [
                "redis://:p%3Bw@h/0",
                "redis://:p%3Bw@h/1?client_name=a",
                "redis://:p%3Bw@h/2?client_name=a",
            ],
        ),
    ],
)
def test_broker_layer_and_cache_never_share_a_redis_database(
    monkeypatch: pytest.MonkeyPatch, given: str, urls: list[str]
) -> None:
    monkeypatch.setenv("REDIS_URL", given)
    assert list(server_urls.redis_databases()) == urls


@pytest.mark.parametrize(
    "url", ["http://*", "https://.example.com", "http://localhost:0", "http://a_b"]
)
def test_a_public_url_that_would_allow_more_than_one_host_is_refused(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("PUBLIC_URL", url)
    assert refusal(environment.public_url).startswith("bellhop: PUBLIC_URL: ")


def test_what_database_url_says_behind_its_question_mark_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = "postgres://u:p@h/n?sslmode=require"
    settings = settings_of(monkeypatch, **PRODUCTION, DATABASE_URL=url)
    assert settings["DATABASES"]["default"]["OPTIONS"]["sslmode"] == "require"
    assert "pool" in settings["DATABASES"]["default"]["OPTIONS"]


HERE = {**PRODUCTION, "PUBLIC_URL": "https://notify.example.com"}
ELSEWHERE: list[dict[str, str]] = [
    {"PUBLIC_URL": "https://other.example.com"},
    {"PUBLIC_URL": "https://notify.example.com:8443"},
    {"DATABASE_URL": "postgres://bellhop:x@db2/bellhop"},
    {"DATABASE_URL": "postgres://bellhop:x@db:5433/bellhop"},
    {"DATABASE_URL": "postgres://bellhop:x@db/other"},
    {"DATABASE_URL": "postgres://other:x@db/bellhop"},
    {"DATABASE_URL": "postgres://bellhop:x@db/bellhop?options=-c%20search_path%3Dother"},
]
STILL_HERE: list[dict[str, str]] = [
    {},
    {"SECRET_KEY": "another-" + "y7" * 30},
    {"POSTGRES_PASSWORD": "changed-since"},
    {"REDIS_URL": "redis://elsewhere"},
    {"PUBLIC_URL": "https://notify.example.com:443/"},
    {"DATABASE_URL": "postgres://bellhop:x@db/bellhop"},
    {"DATABASE_URL": "postgres://bellhop:x@db:5432/bellhop?sslmode=prefer"},
    {"DATABASE_BOUNDS": "off"},
]


@pytest.mark.parametrize("variables", ELSEWHERE)
def test_two_stacks_that_differ_in_place_have_names_of_their_own_on_redis(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    here = settings_of(monkeypatch, **HERE)
    there = settings_of(monkeypatch, **{**HERE, **variables})
    assert here["INSTALLATION"] != there["INSTALLATION"]
    assert there["CHANNEL_LAYERS"]["default"]["CONFIG"]["prefix"] == there["REDIS_PREFIX"]
    assert there["REDIS_PREFIX"] == f"{there['INSTALLATION']}."


@pytest.mark.parametrize("variables", STILL_HERE)
def test_a_new_secret_or_another_way_to_say_the_same_cuts_nobody_off(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    here = settings_of(monkeypatch, **HERE)["INSTALLATION"]
    assert settings_of(monkeypatch, **{**HERE, **variables})["INSTALLATION"] == here


def test_an_installation_can_be_named_and_no_name_is_the_beginning_of_anothers_keys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prefixes = [
        settings_of(monkeypatch, **PRODUCTION, INSTALLATION=name)["REDIS_PREFIX"]
        for name in ("shop", "shop-2", "shop_2", "SHOP")
    ]
    assert prefixes[0] == "shop."
    for one in prefixes:
        assert [other for other in prefixes if other.startswith(one)] == [one]


def test_what_is_refused_of_an_address_shows_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("REDIS_URL", "redis://:s3cr3t@h?nonsense=1"),
        ("DATABASE_URL", "postgres://u:s3cr3t@h/n?nonsense=1"),
    ):
        with monkeypatch.context() as patch:
            line = refusal(lambda: settings_of(patch, **PRODUCTION, **{name: value}))  # noqa: B023
        assert "nonsense" in line
        assert "s3cr3t" not in line


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("", []),
        (" , ", []),
        ("172.18.0.5", ["172.18.0.5"]),
        ("172.18.0.0/16,::1, fd00::/8\n10.1.2.3", ["172.18.0.0/16", "::1", "fd00::/8", "10.1.2.3"]),
        ("172.18.0.1/16", ["172.18.0.1/16"]),
    ],
)
def test_networks_are_separated_by_commas_or_blanks(
    monkeypatch: pytest.MonkeyPatch, value: str, meant: list[str]
) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", value)
    assert environment.networks("TRUSTED_PROXIES") == meant


@pytest.mark.parametrize(
    "nonsense",
    [
        *("caddy", "10.0.0", "10.0.0.0/33", "10.0.0.0/255.0.0.0", "fe80::1%eth0", "::1/129", "*"),
        *("10.0.0.1:80", "[::1]", "10.0.0.1;", "010.0.0.1", "unix:", "10.0.0.0/", "all"),
    ],
)
def test_what_is_no_network_is_refused_in_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, nonsense: str
) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", f"10.0.0.1, {nonsense}")
    line = refusal(lambda: environment.networks("TRUSTED_PROXIES"))
    assert line.startswith(f"bellhop: TRUSTED_PROXIES: {nonsense} ")


@pytest.mark.parametrize("name", sorted(environment.FROM_FILES))
def test_a_secret_may_be_the_first_line_of_a_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret"
    file.write_text(f"\n  {GOOD_KEY} \r\nolder\n\noldest\n")
    monkeypatch.setenv(f"{name}_FILE", str(file))
    assert environment.text(name) == GOOD_KEY
    assert environment.file_lines(name) == [GOOD_KEY, "older", "oldest"]


def test_what_stands_below_a_secret_key_in_its_file_are_its_fallbacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{GOOD_KEY}\nolder\n")
    made = settings_of(
        monkeypatch,
        SECRET_KEY_FILE=str(file),
        SECRET_KEY_FALLBACKS="oldest",
        POSTGRES_PASSWORD="9f3c-of-our-own",
    )
    assert made["SECRET_KEY"] == GOOD_KEY
    assert made["SECRET_KEY_FALLBACKS"] == ["oldest", "older"]


def test_a_placeholder_in_a_file_is_refused_as_one_in_a_variable_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret"
    file.write_text("change-me")
    monkeypatch.setenv("SECRET_KEY_FILE", str(file))
    line = refusal(lambda: settings_of(monkeypatch, POSTGRES_PASSWORD="9f3c-of-our-own"))
    assert line.startswith("bellhop: SECRET_KEY: is a placeholder")


@pytest.mark.parametrize(
    ("content", "variable", "line"),
    [
        (None, "", "bellhop: SECRET_KEY_FILE: No such file or directory"),
        ("", "", "bellhop: SECRET_KEY_FILE: the file is empty"),
        ("\n \n", "", "bellhop: SECRET_KEY_FILE: the file is empty"),
        (GOOD_KEY, GOOD_KEY, "bellhop: SECRET_KEY: is set, and so is SECRET_KEY_FILE"),
    ],
)
def test_a_file_that_says_nothing_or_something_twice_is_refused_in_one_line(
    content: str | None, variable: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("SECRET_KEY_FILE", str(file))
    monkeypatch.setenv("SECRET_KEY", variable)
    said = refusal(lambda: environment.text("SECRET_KEY"))
    assert said.startswith(line)
    assert GOOD_KEY not in said


@pytest.mark.parametrize(
    ("given", "found"), [("512m", 512), ("1g", 1024), ("1.5G", 1536), ("2gb", 2048)]
)
def test_memory_is_read_as_compose_reads_it(
    given: str, found: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEB_MEMORY", given)
    assert environment.mebibytes("WEB_MEMORY", "1g") == found


@pytest.mark.parametrize("given", ["512", "1t", "63m", "-1g", "much", "1,5g", "0g"])
def test_memory_that_is_none_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_MEMORY", given)
    line = refusal(lambda: environment.mebibytes("WEB_MEMORY", "1g"))
    assert line.startswith("bellhop: WEB_MEMORY: must be an amount of memory")
