"""The frame parser: whatever way TCP cuts what the server sent, the frames are the same."""

import pytest

from bench.load import frames


def text(payload: bytes) -> bytes:
    """Return a server's text frame."""
    if len(payload) < 126:
        return bytes([0x81, len(payload)]) + payload
    return bytes([0x81, 126]) + len(payload).to_bytes(2) + payload


def test_a_whole_frame_leaves_nothing() -> None:
    assert frames.split(text(b"hello")) == ([(frames.TEXT, b"hello")], b"")


def test_frames_that_came_together_come_apart() -> None:
    whole, rest = frames.split(text(b"a") + bytes([0x89, 2]) + b"ab" + text(b"c" * 300))
    assert whole == [(frames.TEXT, b"a"), (frames.PING, b"ab"), (frames.TEXT, b"c" * 300)]
    assert rest == b""


@pytest.mark.parametrize("length", [0, 1, 125, 126, 300, 65535])
def test_a_frame_cut_anywhere_is_put_together_again(length: int) -> None:
    sent = text(b"x" * length)
    for cut in {0, 1, 2, 3, 4, len(sent) // 2, len(sent) - 1}:
        first, rest = frames.split(sent[:cut])
        second, left = frames.split(rest + sent[cut:])
        assert first + second == [(frames.TEXT, b"x" * length)]
        assert left == b""


@pytest.mark.parametrize(
    "head",
    [b"\x01\x01x", b"\xc1\x01x", b"\x81\x81", b"\x81\x7f"],
    ids=["fragment", "compressed", "masked", "huge"],
)
def test_what_no_peer_sends_is_an_error_and_not_a_guess(head: bytes) -> None:
    with pytest.raises(frames.FrameError):
        frames.split(head)


def test_a_clients_frame_is_masked_with_zeros() -> None:
    assert frames.client(frames.TEXT, b"40") == b"\x81\x82\0\0\0\0" + b"40"


def test_a_clients_frame_is_short() -> None:
    with pytest.raises(frames.FrameError, match="126"):
        frames.client(frames.TEXT, b"x" * 126)
