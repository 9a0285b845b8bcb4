"""When a process sends sockets away, and how many: arithmetic only, told the time and asked once a period.

A round takes the surplus above the mean away over some twenty seconds. Then those who came back are waited for, and
the round is judged: where they came back to this very process, it rests, for longer each time.
"""

import math
from collections import deque
from dataclasses import dataclass
from typing import Final

from bellhop.logs import get_logger
from bellhop.sockets.even_out.known_processes import FRESH_SECONDS, PERIOD, Figures

log = get_logger(__name__)

UNEVEN_SHARE: Final = 0.1
UNEVEN_SOCKETS: Final = 5
"""Sockets are uneven where some process is further from the mean than this share of it, and by more than so many."""

STABLE_SECONDS: Final = FRESH_SECONDS + 0.5
"""Sockets must be uneven for so long. Longer than FRESH_SECONDS: of a process that died and so made them uneven it is
noticed by then."""

ROUND_SECONDS: Final = 20.0
"""In which a round sends its sockets away, or somewhat more: a period counts as the shortest that it may be."""

MOST_A_SECOND: Final = 50
"""Sockets that one process sends away, and that one process with room is sent by all: some 1.5 ms of CPU each there,
and a catch-up's question to the database."""

SETTLE_SECONDS: Final = 9.0
"""After a round, until all who come back have done so (pages within two seconds) and are in the others' figures."""

REMEMBERED_SECONDS: Final = 40.0
"""Who was sent away and is not back yet is in nobody's figure. So the mean is that of the highest total of so long."""

JUDGED: Final = 10
"""Sockets sent away before it is judged what that was good for; in a small installation, by several rounds."""

REST_SECONDS: Final = 600.0
"""The rest after a round that was good for nothing."""

INTERRUPTED_SECONDS: Final = 60.0
"""The rest after a round during which a process went: its sockets are on their way."""

REST_MOST: Final = 86_400.0
"""Either is twice as long after each further such round, up to a day."""

_SHORTEST: Final = 0.9 * PERIOD


@dataclass
class Round:
    """One round: `pace` sockets a period until `left` of them are gone, from a surplus at its beginning."""

    surplus: int
    pace: int
    left: int
    came: int
    went: int
    began: float
    closed: int = 0
    ended: float | None = None


class ShedRounds:
    """What one process sends away."""

    def __init__(self) -> None:
        self._totals: Final[deque[tuple[float, int]]] = deque()
        self._uneven_since: float | None = None
        self._round: Round | None = None
        self._not_before = -math.inf
        self._in_vain = 0
        # Sent away, and the surplus fallen by, since that was last judged.
        self._closed = self._fell = 0

    def send_away(self, figures: Figures, now: float) -> int:
        """Return how many sockets to close within the period that begins now."""
        mean = self._mean(figures, now)
        surplus = figures.here - math.ceil(mean)
        if self._round is not None:
            return self._go_on(self._round, figures, mean, surplus, now)
        if not figures.is_live or _is_even(figures, mean):
            self._uneven_since = None
            return 0
        if self._uneven_since is None:
            self._uneven_since = now
        is_stable = now - self._uneven_since >= STABLE_SECONDS
        if surplus <= 0 or not is_stable or now < self._not_before:
            return 0
        pace, left = _plan(figures, mean, surplus)
        self._round = Round(surplus, pace, left, figures.came, figures.went, now)
        return self._go_on(self._round, figures, mean, surplus, now)

    def _mean(self, figures: Figures, now: float) -> float:
        total = figures.here + sum(figures.others)
        while self._totals and now - self._totals[0][0] > REMEMBERED_SECONDS:
            self._totals.popleft()
        if figures.is_live:
            self._totals.append((now, total))
        highest = max((total for _, total in self._totals), default=total)
        return highest / (1 + len(figures.others))

    def _go_on(self, going: Round, figures: Figures, mean: float, surplus: int, now: float) -> int:
        if figures.went > going.went:
            self._round = self._uneven_since = None
            self._take_rest(INTERRUPTED_SECONDS, now)
            if going.ended is None:
                _log_end(going, figures, mean, now)
            return 0
        if not figures.is_live:
            return 0
        if going.ended is not None:
            if now - going.ended >= SETTLE_SECONDS:
                self._round = None
                self._judge(going, surplus, now)
            return 0
        if figures.came > going.came and surplus > 0:
            # Whoever is new takes the surplus of this round, too.
            going.pace, going.left = _plan(figures, mean, surplus)
            going.surplus, going.came = surplus + going.closed, figures.came
        count = max(0, min(going.pace, going.left, surplus))
        if count == 0:
            going.ended = now
            _log_end(going, figures, mean, now)
        going.left -= count
        going.closed += count
        return count

    def _judge(self, ended: Round, surplus: int, now: float) -> None:
        """Rest, where most of those who were sent away have come back to this process."""
        self._closed += ended.closed
        self._fell += ended.surplus - surplus
        if self._closed < JUDGED:
            return
        if self._fell >= self._closed / 4:
            self._in_vain = 0
        else:
            rest = self._take_rest(REST_SECONDS, now)
            log.warning(
                "sockets_came_back",
                closed=self._closed,
                rest=round(rest),
                note="sockets were closed so that others take them, and came back to this process. Does the load"
                " balancer send each client to the same one, or not know one that runs?",
            )
        self._closed = self._fell = 0

    def _take_rest(self, seconds: float, now: float) -> float:
        rest = min(seconds * 2**self._in_vain, REST_MOST)
        self._in_vain += rest < REST_MOST
        self._not_before = now + rest
        return rest


def _is_even(figures: Figures, mean: float) -> bool:
    most = max(UNEVEN_SHARE * mean, UNEVEN_SOCKETS)
    return all(abs(sockets - mean) <= most for sockets in (figures.here, *figures.others))


def _plan(figures: Figures, mean: float, surplus: int) -> tuple[int, int]:
    """Return how many to send away in a period, and how many in a round."""
    with_room = sum(sockets < mean for sockets in figures.others)
    share = surplus / (surplus + sum(max(0.0, sockets - mean) for sockets in figures.others))
    a_second = min(surplus / ROUND_SECONDS, MOST_A_SECOND, MOST_A_SECOND * with_room * share)
    left = min(surplus, math.ceil(a_second * ROUND_SECONDS))
    return max(1, math.floor(a_second * _SHORTEST)), left


def _log_end(ended: Round, figures: Figures, mean: float, now: float) -> None:
    log.info(
        "sockets_shed",
        closed=ended.closed,
        here=figures.here,
        mean=round(mean),
        processes=1 + len(figures.others),
        took=round(now - ended.began, 1),
    )
