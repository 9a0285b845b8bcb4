"""People who sign in through the form while things break: what it took them, and what they were told."""

import asyncio
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from support.clients.visitor import Visitor

from prove.oracle.record import Record


@dataclass(frozen=True)
class LoginTry:
    """One login: when it began (epoch seconds), seconds until the form was answered, its status or the error."""

    began: float
    took: float
    answer: int | str

    @property
    def failed(self) -> bool:
        """No answer, or a server error."""
        return isinstance(self.answer, str) or self.answer >= httpx.codes.INTERNAL_SERVER_ERROR


class Logins:
    """A stream of logins of people chosen at random, with the `passwords` they have by then; `tries` grows."""

    def __init__(
        self, passwords: Mapping[str, str], every: float, seed: int, record: Record
    ) -> None:
        self.tries: list[LoginTry] = []
        self._passwords = passwords
        self._names = list(passwords)
        self._every = every
        self._record = record
        self._chance = random.Random(seed)
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Begin one login after the other, until cancelled; a slow one delays none."""
        while True:
            task = asyncio.create_task(self._log_in(self._chance.choice(self._names)))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            await asyncio.sleep(self._every)

    def leave_out(self, names: set[str]) -> None:
        """From now on choose among the others."""
        self._names = [name for name in self._names if name not in names]

    async def _log_in(self, name: str) -> None:
        began = time.time()
        answer: int | str
        async with Visitor(name) as visitor:
            try:
                sent = await visitor.submit(
                    "/accounts/login/", login=name, password=self._passwords[name]
                )
                answer = sent.status_code
                if answer == httpx.codes.FOUND:
                    self._record.login(time.time(), name, f"{name}/form")
            except (httpx.HTTPError, AssertionError) as error:
                answer = f"{type(error).__name__}: {error}"[:200]
        self.tries.append(LoginTry(began, time.time() - began, answer))

    def between(self, since: float, until: float) -> list[LoginTry]:
        """Return the logins that began in that time."""
        return [one for one in self.tries if since <= one.began < until]
