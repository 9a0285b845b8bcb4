"""Frames as text: what a client may say, and what the server never writes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bellhop.contract import SEQ_MAX
from bellhop.sockets import check_client_frames
from bellhop.sockets.check_client_frames import BadFrameError, FrameRate

LIMIT = 4096

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " ",
        "hello",
        "null",
        "true",
        "7",
        '"ack"',
        "[]",
        '[{"type": "ack"}]',
        "{}",
        '{"seq": 1}',
        '{"type": null}',
        '{"type": 1}',
        '{"type": ["ack"]}',
        '{"Type": "ack"}',
        '{"type": "ack"',
        '{"type": "ack"} {"type": "ack"}',
        "{'type': 'ack'}",
        '{"type": "ack", "seq": NaN}',
        '{"type": "ack", "seq": Infinity}',
        '{"type": "ack", "seq": -Infinity}',
        "[" * 4000,
        '{"a":' * 500,
        '{"type": "ack", "seq": ' + "9" * 4400 + "}",
        "\x00",
        "\ufeff" + '{"type": "ack"}',
    ],
)
def test_what_is_no_object_with_a_type_is_refused(text: str | None) -> None:
    with pytest.raises(BadFrameError):
        check_client_frames.parse(text, 8192)


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "ack", "seq": 3},
        {"type": ""},
        {"type": "from the future", "deep": {"er": [{"and": ["deeper"]}]}},
        {"type": "ümläut 🛎"},
    ],
)
def test_an_object_with_a_type_is_returned_as_it_is(frame: dict[str, Any]) -> None:
    assert check_client_frames.parse(json.dumps(frame, ensure_ascii=False), LIMIT) == frame


def test_a_frame_of_exactly_the_limit_is_fine_and_one_byte_more_is_not() -> None:
    text = json.dumps({"type": "x" * 50})
    assert check_client_frames.parse(text, len(text))
    with pytest.raises(BadFrameError):
        check_client_frames.parse(text, len(text) - 1)


def test_the_limit_counts_bytes_not_characters() -> None:
    text = '{"type": "🛎🛎🛎🛎"}'
    assert check_client_frames.parse(text, len(text.encode()))
    with pytest.raises(BadFrameError):
        check_client_frames.parse(text, len(text))


@given(st.text(max_size=300) | JSON.map(json.dumps) | st.from_regex(r'\{"type": ?.{0,40}\}?'))
def test_no_text_raises_anything_but_bad_frame(text: str) -> None:
    try:
        frame = check_client_frames.parse(text, LIMIT)
    except BadFrameError:
        return
    assert isinstance(frame["type"], str)


@given(JSON)
def test_what_the_server_writes_is_one_line_that_reads_back_the_same(value: Any) -> None:
    text = check_client_frames.encode(value).decode()
    assert json.loads(text) == value
    assert "\n" not in text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_the_server_never_writes_what_javascript_cannot_read(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        check_client_frames.encode({"type": "x", "value": value})


@pytest.mark.parametrize(
    ("values", "cursor"),
    [
        ([], None),
        (["0"], 0),
        (["7"], 7),
        (["007"], 7),
        ([str(SEQ_MAX)], SEQ_MAX),
    ],
)
def test_after_is_a_whole_number_or_absent(values: list[str], cursor: int | None) -> None:
    assert check_client_frames.parse_number("after", values) == cursor


@pytest.mark.parametrize(
    "values",
    [
        [""],
        ["-1"],
        ["+1"],
        ["1.0"],
        ["1e3"],
        ["0x1"],
        ["1_000"],
        [" 1"],
        ["1\n"],
        ["٣"],
        ["²"],
        ["abc"],
        [str(SEQ_MAX + 1)],
        ["9" * 5000],
        ["1", "2"],
        ["1", "1"],
    ],
)
def test_an_after_that_is_no_seq_is_refused(values: list[str]) -> None:
    with pytest.raises(BadFrameError):
        check_client_frames.parse_number("after", values)


@given(st.lists(st.text(max_size=25), max_size=3))
def test_no_after_raises_anything_but_bad_frame(values: list[str]) -> None:
    try:
        cursor = check_client_frames.parse_number("after", values)
    except BadFrameError:
        return
    assert cursor is None or 0 <= cursor <= SEQ_MAX


@pytest.mark.parametrize("value", [0, 1, 5])
def test_a_seq_up_to_the_latest_may_be_acknowledged(value: int) -> None:
    assert check_client_frames.is_seq(value, latest=5)


@pytest.mark.parametrize("value", [-1, 6, 10**30, True, False, 1.0, "1", None, [1], {}])
def test_anything_else_may_not_be_acknowledged(value: object) -> None:
    assert not check_client_frames.is_seq(value, latest=5)


def test_the_rate_allows_so_many_frames_and_refuses_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bellhop.sockets.check_client_frames.time.monotonic", lambda: 1000.0)
    rate = FrameRate(3)
    assert [rate.exceeded() for _ in range(5)] == [False, False, False, True, True]


def test_the_rate_starts_anew_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("bellhop.sockets.check_client_frames.time.monotonic", lambda: now)
    rate = FrameRate(1)
    assert [rate.exceeded(), rate.exceeded()] == [False, True]
    now += 0.99
    assert rate.exceeded()
    now += 0.02
    assert not rate.exceeded()
