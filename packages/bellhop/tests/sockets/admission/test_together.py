"""Many questions as one: everybody gets their own answer, nobody waits for who might come."""

import asyncio
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from bellhop.sockets.admission import batch_database_questions
from bellhop.sockets.admission.batch_database_questions import AT_ONCE, Together
from sockets.support import until

PATIENCE = 20


class Answers:
    """Answers each number with its double, none with None; blocks on demand."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.free = threading.Event()
        self.free.set()
        self.error: Exception | None = None

    def __call__(self, keys: list[int]) -> Mapping[int, int]:
        self.asked.append(keys)
        assert self.free.wait(PATIENCE)
        if self.error:
            raise self.error
        return {key: 2 * key for key in keys if key}


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def asking(answers: Answers) -> Together[int, int]:
    return Together(ThreadPoolExecutor(4), answers)


async def test_who_comes_in_the_same_moment_shares_a_question(
    asking: Together[int, int], answers: Answers
) -> None:
    found = await asyncio.gather(*map(asking.ask, [3, 0, 5, 3]))
    assert found == [6, None, 10, 6]
    assert answers.asked == [[3, 0, 5, 3]]


async def test_while_as_many_as_may_are_under_way_all_others_wait_for_one_question(
    asking: Together[int, int], answers: Answers
) -> None:
    answers.free.clear()
    tasks = []
    for number in range(1, AT_ONCE + 1):
        tasks.append(asyncio.create_task(asking.ask(number)))
        await until(lambda number=number: len(answers.asked) == number)
    for number in (7, 8, 9):
        tasks.append(asyncio.create_task(asking.ask(number)))
        # Long enough to be asked alone, if nothing held it back.
        for _ in range(5):
            await asyncio.sleep(0)
    assert len(answers.asked) == AT_ONCE
    answers.free.set()
    assert await asyncio.gather(*tasks) == [2, 4, 14, 16, 18]
    assert answers.asked[AT_ONCE:] == [[7, 8, 9]]


async def test_a_question_is_no_larger_than_it_may_be(
    asking: Together[int, int], answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_database_questions, "MOST", 2)
    assert await asyncio.gather(*map(asking.ask, range(1, 6))) == [2, 4, 6, 8, 10]
    assert sorted(map(len, answers.asked)) == [1, 2, 2]


async def test_an_error_reaches_all_who_asked_and_nobody_after_them(
    asking: Together[int, int], answers: Answers
) -> None:
    answers.error = RuntimeError("away")
    found = await asyncio.gather(*map(asking.ask, [1, 2]), return_exceptions=True)
    assert [str(error) for error in found] == ["away", "away"]
    answers.error = None
    assert await asking.ask(3) == 6


async def test_who_hangs_up_takes_nobody_along(
    asking: Together[int, int], answers: Answers
) -> None:
    answers.free.clear()
    impatient, patient = (asyncio.create_task(asking.ask(number)) for number in (1, 2))
    await until(lambda: answers.asked)
    impatient.cancel()
    answers.free.set()
    assert await patient == 4
    assert impatient.cancelled()
    assert await asking.ask(3) == 6


async def test_an_answer_that_is_none_ends_nobodys_waiting_in_silence() -> None:
    broken: Together[int, int] = Together(ThreadPoolExecutor(1), lambda keys: None)  # type: ignore[arg-type,return-value]
    with pytest.raises(AttributeError):
        async with asyncio.timeout(PATIENCE):
            await broken.ask(1)
