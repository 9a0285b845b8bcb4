"""Log lines leave at once where no loop runs, and together where one does; none is lost or torn."""

import asyncio
import io
import subprocess
import sys
import threading

from stack.batched_log_lines import Lines


class Stream(io.StringIO):
    """Counts the writes."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[str] = []

    def write(self, text: str) -> int:
        self.writes.append(text)
        return super().write(text)


def say(lines: Lines, *texts: str) -> None:
    for text in texts:
        lines.write(f"{text}\n")
        lines.flush()


def test_without_a_loop_each_line_is_written_at_once() -> None:
    stream = Stream()
    say(Lines(stream), "one", "two")
    assert stream.writes == ["one\n", "two\n"]


def test_the_lines_of_one_turn_of_a_loop_are_one_write_at_its_next() -> None:
    stream = Stream()
    lines = Lines(stream)

    async def burst() -> None:
        say(lines, "one", "two", "three")
        assert stream.writes == []
        await asyncio.sleep(0)
        assert stream.writes == ["one\ntwo\nthree\n"]
        say(lines, "four")
        await asyncio.sleep(0)

    asyncio.run(burst())
    assert stream.writes == ["one\ntwo\nthree\n", "four\n"]


def test_a_loop_that_ended_before_its_next_turn_keeps_no_later_line_back() -> None:
    stream = Stream()
    lines = Lines(stream)
    loop = asyncio.new_event_loop()

    async def last_words() -> None:
        say(lines, "last")

    task = last_words()
    loop.call_soon(loop.stop)
    ending = loop.create_task(task)
    loop.run_forever()
    assert ending.done()
    loop._ready.clear()  # type: ignore[attr-defined]
    loop.close()
    asyncio.run(last_words())
    say(lines, "after")
    assert stream.getvalue() == "last\nlast\nafter\n"


def test_lines_of_threads_beside_a_loop_are_all_there_and_whole() -> None:
    stream = Stream()
    lines = Lines(stream)

    async def talk() -> None:
        threads = [
            threading.Thread(target=say, args=(lines, *(f"thread {n} {m}" for m in range(500))))
            for n in range(4)
        ]
        for thread in threads:
            thread.start()
        for number in range(500):
            say(lines, f"loop {number}")
            await asyncio.sleep(0)
        for thread in threads:
            await asyncio.to_thread(thread.join)

    asyncio.run(talk())
    wanted = [f"loop {m}" for m in range(500)]
    wanted += [f"thread {n} {m}" for n in range(4) for m in range(500)]
    assert sorted(stream.getvalue().splitlines()) == sorted(wanted)


def test_what_a_process_says_last_is_written_when_it_ends() -> None:
    code = (
        "import asyncio, sys\n"
        "from stack.batched_log_lines import Lines\n"
        "lines = Lines(sys.stdout)\n"
        "async def main():\n"
        "    loop = asyncio.get_running_loop()\n"
        "    lines.write('goodbye\\n')\n"
        "    lines.flush()\n"
        "    raise SystemExit\n"
        "asyncio.run(main())\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=50)
    assert run.stdout == "goodbye\n"


def test_a_log_that_nobody_takes_ends_nobody_who_writes_it() -> None:
    """Its reader is gone, the disk is full, it was closed: what comes after it is written again."""

    class Full(io.StringIO):
        error: Exception | None = OSError(28, "No space left on device")

        def write(self, text: str) -> int:
            if self.error:
                raise self.error
            return super().write(text)

    stream = Full()
    lines = Lines(stream)
    say(lines, "lost")
    stream.error = ValueError("I/O operation on closed file")
    say(lines, "lost, too")
    stream.error = None
    say(lines, "written")
    assert stream.getvalue() == "written\n"
