from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comptoir.devices.virtual_buffer import ReceiveBuffer


def test_connections_end_where_they_ended() -> None:
    buffer = ReceiveBuffer()
    buffer.put(b"first")
    buffer.end()
    buffer.put(b"second")
    buffer.end()
    assert [buffer.take(fine=False) for _ in range(4)] == [b"first", None, b"second", None]
    assert not buffer.waiting


def test_a_line_at_a_time() -> None:
    buffer = ReceiveBuffer()
    buffer.put(b"one\ntwo\nthree")
    assert [buffer.take(fine=True) for _ in range(3)] == [b"one\n", b"two\n", b"three"]


def test_a_picture_without_lines_in_small_pieces() -> None:
    buffer = ReceiveBuffer()
    buffer.put(bytes(1000))
    taken = buffer.take(fine=True)
    assert taken is not None
    assert 0 < len(taken) < 1000


def test_cleared() -> None:
    buffer = ReceiveBuffer()
    buffer.put(b"x")
    buffer.end()
    buffer.clear()
    assert (len(buffer), buffer.waiting) == (0, False)


@given(st.lists(st.one_of(st.binary(max_size=600), st.none())), st.booleans())
def test_nothing_is_lost_and_nothing_moves(script: list[bytes | None], fine: bool) -> None:
    buffer = ReceiveBuffer()
    for step in script:
        buffer.end() if step is None else buffer.put(step)
    connections = [b""]
    while buffer.waiting:
        taken = buffer.take(fine=fine)
        if taken is None:
            connections.append(b"")
        else:
            connections[-1] += taken
    sent = [b""]
    for step in script:
        if step is None:
            sent.append(b"")
        else:
            sent[-1] += step
    assert connections == sent
