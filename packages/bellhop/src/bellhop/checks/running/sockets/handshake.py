"""A handshake with a socket server, and what became of it where there is no socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from bellhop.checks.running.findings import words
from bellhop.checks.running.sockets.knock import Knock, dial

PATIENCE: Final = 5.0
"""Seconds for the handshake, and for each frame."""


class Refused(Exception):  # noqa: N818 - an answer, for the one line that is shown
    """The handshake was answered, by no socket. `status`: that of the answer, 0 where there was none;
    `leads_to`: the address of a redirect, or the empty string.
    """

    def __init__(self, text: str, status: int, leads_to: str) -> None:
        super().__init__(text)
        self.status, self.leads_to = status, leads_to


@contextmanager
def opened(knock: Knock, server: str, *, cookie: str = "") -> Iterator[Any]:
    """Yield an open socket of the package `websockets`, by way of the machine of the URL `server`, and close it.

    Raises ImportError without that package, Refused, and OSError, EOFError, ValueError where nobody answers.
    """
    from websockets.exceptions import WebSocketException
    from websockets.sync.client import connect
    from websockets.typing import Origin

    line = dial(server, patience=PATIENCE)
    try:
        socket = connect(
            knock.url,
            # No proxy that the environment names, and no redirect: a browser follows none, either.
            sock=line,
            origin=Origin(knock.origin),
            additional_headers={"Cookie": cookie} if cookie else None,
            open_timeout=PATIENCE,
            close_timeout=1,
        )
    except OSError:
        # Some are ValueErrors, too: a certificate that is not trusted.
        raise
    except (WebSocketException, ValueError) as error:
        raise _refused(error) from error
    with socket:
        yield socket


def _refused(error: BaseException) -> Refused:
    from websockets.exceptions import InvalidStatus

    found: BaseException | None = error
    # Newer releases of websockets say in an error of their own that a redirect is not followed.
    while found is not None and not isinstance(found, InvalidStatus):
        found = found.__cause__ or found.__context__
    if found is None:
        return Refused(words(error), 0, "")
    answer = found.response
    return Refused(words(found), answer.status_code, answer.headers.get("Location", ""))
