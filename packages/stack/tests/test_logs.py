"""One event is one line, whatever is in it. In processes of their own: logging is set up once a process."""

import re
import subprocess
import sys
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stack import logs

SETUP = (
    "import logging, logging.config, structlog\n"
    "from stack import logs\n"
    "logging.config.dictConfig(logs.configure('ut'))\n"
    "log = structlog.get_logger('ut')\n"
)


def lines(code: str) -> list[str]:
    """Return what a process writes to stdout; nothing may go to stderr."""
    run = subprocess.run(
        [sys.executable, "-c", SETUP + code],
        capture_output=True,
        text=True,
        check=True,
        timeout=50,
    )
    assert run.stderr == ""
    return run.stdout.split("\n")[:-1]


def test_a_line_starts_with_the_time_in_utc_then_level_service_event_and_request_id() -> None:
    (line,) = lines("log.info('saved', user=7, request_id='req-1', ok=True, none=None)")
    time, rest = line.split(" ", 1)
    assert re.fullmatch(r"timestamp=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", time)
    assert rest.startswith("level=info service=ut event=saved request_id=req-1 ")
    assert "user=7" in rest
    assert "ok=true" in rest


@pytest.mark.parametrize(
    "code",
    [
        r"log.info('saved', message='two\nlines')",
        r"log.info('two\nlines')",
        r"log.warning('saved', data={'a': 'b\nc'})",
        r"logging.getLogger('other').warning('two\nlines of %s', 'a\nlibrary')",
        "try: 1 / 0\nexcept ZeroDivisionError: log.exception('failed')",
        "try: 1 / 0\nexcept ZeroDivisionError: logging.getLogger('x').exception('failed')",
        "log.info('saved', stack_info=True)",
    ],
)
def test_an_event_is_one_line_even_with_a_newline_or_traceback_in_it(code: str) -> None:
    (line,) = lines(code)
    assert line.startswith("timestamp=")
    assert "service=ut" in line


def test_a_traceback_is_in_its_line() -> None:
    (line,) = lines("try: 1 / 0\nexcept ZeroDivisionError: log.exception('failed', user=7)")
    assert "ZeroDivisionError" in line
    assert "user=7" in line


def test_a_value_cannot_pass_itself_off_as_another_field() -> None:
    (line,) = lines("""log.info('saved', message='x" level=error event="forged')""")
    assert 'message="x\\" level=error event=\\"forged"' in line


def test_every_line_of_a_request_carries_its_id() -> None:
    (bound, library) = lines(
        "structlog.contextvars.bind_contextvars(request_id='req-1')\n"
        "log.info('ours')\nlogging.getLogger('library').info('theirs')\n"
    )
    assert "request_id=req-1" in bound
    assert "request_id=req-1" in library


def test_debug_is_not_written() -> None:
    assert lines("log.debug('noise'); logging.getLogger('x').debug('noise')") == []


@settings(
    database=None,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    st.dictionaries(
        st.sampled_from(["timestamp", "level", "request_id", "event", "user", "way"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.text('a=" \\\n\t\u00e9')
        | st.just(uuid.uuid4()),
    )
)
def test_a_line_is_what_structlog_would_write(event: dict[str, Any]) -> None:
    slow = logs._logfmt(None, "info", logs._flatten(None, "info", dict(event)))
    assert logs._render(None, "info", dict(event)) == slow
