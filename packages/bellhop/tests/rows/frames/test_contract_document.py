"""The figures of docs/contract.md are the code's: whoever changes one must change the other.

Where to import a module would start something (Twisted's reactor, a service's settings), its text is read instead.
"""

import re
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from bellhop import contract, health_answers, notify
from bellhop.contract import CloseCode
from bellhop.inbox import pages
from bellhop.kinds.kind import NAME
from bellhop.saving import check_arguments
from stack import task_names

REPOSITORY = Path(__file__).resolve().parents[5]
BELLHOP = REPOSITORY / "packages/bellhop/src/bellhop"
SERVICES = REPOSITORY / "services"
NGINX = REPOSITORY / "deploy/nginx"
DOCUMENT = " ".join((REPOSITORY / "docs/contract.md").read_text().split())
KIB = 1024


def written(place: Path, pattern: str) -> float:
    """Return the one figure that `pattern` finds in a file, or in the modules of a folder."""
    files = [place] if place.is_file() else sorted(place.rglob("*.py"))
    found = [each for file in files for each in re.findall(pattern, file.read_text())]
    figures = {float(each.replace("_", "")) for each in found}
    assert len(figures) == 1, f"{place}: {pattern} finds {sorted(figures)}"
    return figures.pop()


def constant(name: str, place: Path) -> float:
    """Return a constant of a module, or of a room's."""
    return written(place, rf"(?m)^{name}(?:: Final)? = ([\d_.]+)$")


def setting(name: str) -> float:
    """Return the default of one of ws's environment variables."""
    return written(
        SERVICES / "ws/config/settings.py", rf'environment\.integer\("{name}", ([\d_]+),'
    )


def option(name: str) -> float:
    """Return an option that the socket server gives to daphne."""
    return written(BELLHOP, rf"\b{name}=([\d_.]+),")


def daphnes(name: str) -> float:
    """Return a default of daphne's server, which ours does not override."""
    assert not [file for file in BELLHOP.rglob("*.py") if f"{name}=" in file.read_text()]
    spec = find_spec("daphne")
    assert spec is not None
    assert spec.origin is not None
    return written(Path(spec.origin).with_name("server.py"), rf"\b{name}=([\d_.]+),")


def defaults(function: Callable[..., object], name: str) -> float:
    values = function.__kwdefaults__ or {}
    return float(values[name])


def longest_kind() -> int:
    """Return how many letters the kind of a notification may have."""
    return max(length for length in range(200) if NAME.fullmatch("k" * length))


FIGURES: list[tuple[str, float]] = [
    # The sentence, its figure as a group; what the code says, in the same unit.
    (r"chunk=(\d+)\)` does it for many", notify.CHUNK),
    (r"`_`, `\.`, `-`, at most (\d+) \|", longest_kind()),
    (r"finite floats, at most (\d+) levels", contract.DATA_DEPTH),
    (r"a `str` of 1 to (\d+) characters", check_arguments._KEY_MAX_LENGTH),
    (r"is at most (\d+) KiB as the UTF-8 JSON of its frame", contract.FRAME_BYTES / KIB),
    (r"no more than those (\d+) KiB", contract.FRAME_BYTES / KIB),
    (r"`notification` \| at most (\d+) KiB", contract.FRAME_BYTES / KIB),
    (
        r"Where more than (\d+) are being told 4503",
        constant("REFUSALS", BELLHOP / "server"),
    ),
    (r"over (\d+) changes `reload: true`", contract.REPLAY_LIMIT),
    (r"`updated` would take more than (\d+) KiB", setting("SOCKET_UNSENT_BYTES") / KIB),
    (
        r"`beat` \| `seq`, `rev`, `unread`, `seen`; every (\d+) s",
        constant("HEARTBEAT_SECONDS", BELLHOP / "sockets"),
    ),
    (
        r"(\d+) s without any frame: reconnect",
        written(
            REPOSITORY / "packages/bellhop/js/src/net/contract.js", r"const SILENCE_MS = ([\d_]+);"
        )
        / 1000,
    ),
    (r"`resync` \| `seq`: more than (\d+) were missed", contract.REPLAY_LIMIT),
    (r"open for (\d+) hours, daphne's own limit", daphnes("websocket_timeout") / 3600),
    (
        r"not UTF-8, more than (\d+) KiB",
        constant("MESSAGE_BYTES", BELLHOP) / KIB,
    ),
    (r"everyone is told over up to (\d+) s", constant("SPREAD", BELLHOP / "server")),
    (r"a frame of more than (\d+) KiB", setting("SOCKET_FRAME_BYTES") / KIB),
    (r"too slow: more than (\d+) KiB unsent", setting("SOCKET_UNSENT_BYTES") / KIB),
    (r"KiB unsent for (\d+) s", setting("SLOW_READER_SECONDS")),
    (r"or no pong for (\d+) s", option("ping_timeout")),
    (r"too many frames \((\d+)/s\)", setting("SOCKET_FRAMES_PER_SECOND")),
    (r"or sockets \((\d+) a user and process\)", setting("SOCKETS_PER_USER")),
    (r"`SOCKETS_PER_PROCESS`, ([\d,]+)\)", setting("SOCKETS_PER_PROCESS")),
    (
        r"the connection is reset within (\d+) s",
        constant("LAST_WORD", BELLHOP / "server"),
    ),
    (
        r"with each `beat` frame, every (\d+) s",
        constant("HEARTBEAT_SECONDS", BELLHOP / "sockets"),
    ),
    (r"and after (\d+) s where there was none", option("ping_interval")),
    (r"what is due has hung for (\d+) s", constant("SILENT", BELLHOP / "due")),
    (r"while (\d+) of its frames", constant("EVENTS", BELLHOP / "server")),
    (
        r"of its frames, or (\d+) KiB of them",
        constant("BYTES", BELLHOP / "server") / KIB,
    ),
    # Two steps of the parser a frame.
    (
        r"sends more than (\d+) frames at once",
        constant("STEPS", BELLHOP / "server") / 2,
    ),
    (r"is read (\d+) frames at a time", constant("STEPS", BELLHOP / "server") / 2),
    (
        r"with (\d+) ms between two portions",
        constant("REST", BELLHOP / "server") * 1000,
    ),
    (r"`limit` 1.(\d+), default", pages.PAGE_LIMIT),
    (r"`limit` 1.\d+, default (\d+)", pages.PAGE_SIZE),
    (
        r"413 \(more than (\d+) KiB\)",
        written(NGINX / "nginx.conf", r"client_max_body_size (\d+)k;"),
    ),
    (r"waits for longer than (\d+) s is dropped", contract.RING_EXPIRES),
    (
        r"bounded to (\d+) s, and not logged",
        written(NGINX / "templates/bellhop.conf.template", r"proxy_read_timeout (\d)s;"),
    ),
    (r"given a sign of life for (\d+) s", task_names.WORKER_SIGN_SECONDS),
    (
        r"worked out, at most (\d+) s",
        defaults(health_answers.Recent.__init__, "stale"),
    ),
    (
        r"has been free for (\d+) s",
        written(SERVICES / "worker/healthcheck.sh", r"(?m)^silent=(\d+)$"),
    ),
]


def close_codes() -> Iterator[int]:
    """Yield the codes of the table of close codes, as they come."""
    table = (REPOSITORY / "docs/contract.md").read_text().partition("| close code |")[2]
    for row in table.partition("\n\n")[0].splitlines()[2:]:
        yield from map(int, row.split("|")[1].split(","))


@pytest.mark.parametrize(("sentence", "figure"), FIGURES)
def test_a_figure_of_the_contract_is_the_codes(sentence: str, figure: float) -> None:
    found = re.search(sentence, DOCUMENT)
    assert found, "this sentence is no longer in docs/contract.md"
    assert float(found[1].replace(",", "")) == figure


def test_every_close_code_of_the_server_is_in_the_table_and_no_other() -> None:
    # 1000 is daphne's own, the others are autobahn's.
    protocols = [1000, 1002, 1007, 1009]
    assert list(close_codes()) == sorted([*protocols, *CloseCode])


def test_every_close_code_of_a_sentence_is_one_of_the_server() -> None:
    said = {int(code) for code in re.findall(r"\b4[4-5]\d\d\b", DOCUMENT)}
    assert said == {code for code in CloseCode if code > 4000}


def test_the_names_of_the_contract_are_the_codes() -> None:
    names = [
        task_names.SEND_LOGIN_NOTIFICATION,
        f"{task_names.TASKS}.ring",
        f"{task_names.TASKS}.ring_changes",
        task_names.CHECK_LOGINS,
        contract.RING,
        task_names.RING_QUEUE,
        task_names.KICK_QUEUE,
        contract.SEND_NOTIFICATION,
        contract.SEND_CHANGES,
        contract.CHECK_LOGIN,
        contract.SOCKET_PATH,
    ]
    assert [
        name for name in names if not re.search(rf"[`\" ]{re.escape(name)}[`\"(]", DOCUMENT)
    ] == []
