"""Files about which nothing is to be done."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.intake import Stamp
from comptoir.core.resting import AWAY, LEFT, TAKEN, UNSEEN, Resting, Word

ONE = Stamp(10, 1_795_000_000_123_456_789, 42)
IGNORED: Word = ("ignored", "*.part")


def kept(word: Word = TAKEN, stamp: Stamp = ONE, *, inodes: bool = True) -> Resting:
    resting = Resting(inodes)
    resting.put("a", resting.key(stamp), word)
    return resting


def test_a_file_matches_as_long_as_it_is_as_it_was() -> None:
    resting = kept()
    assert resting.matches("a", ONE)
    assert not resting.matches("b", ONE)
    for other in (Stamp(11, ONE.mtime_ns, 42), Stamp(10, ONE.mtime_ns + 1, 42), Stamp(10, ONE.mtime_ns, 43)):
        assert not resting.matches("a", other)


def test_where_inodes_do_not_last_another_one_is_no_change() -> None:
    assert kept(inodes=False).matches("a", Stamp(10, ONE.mtime_ns, 43))


def test_what_does_not_lie_there_matches_nothing_and_is_not_counted() -> None:
    for word in (UNSEEN, AWAY, LEFT):
        resting = kept(word)
        assert (resting.matches("a", ONE), resting.lying, list(resting.all())) == (False, 0, [])


def test_books() -> None:
    resting = kept()
    resting.put("b", resting.key(ONE), IGNORED)
    resting.put("b", resting.key(ONE), IGNORED)
    assert (len(resting), resting.lying, resting.counts[IGNORED]) == (2, 2, 1)
    assert list(resting.all()) == [("a", TAKEN, 10, ONE.mtime_ns), ("b", IGNORED, 10, ONE.mtime_ns)]
    assert resting.absent({"b"}) == ["a"]
    resting.drop("a")
    resting.drop("a")
    assert (resting.word("a"), resting.word("b"), resting.counts[TAKEN]) == (None, IGNORED, 0)


@given(st.integers(0, 2**70), st.integers(-(2**70), 2**70), st.integers(0, 2**70))
def test_any_numbers_of_a_file_system_fit(size: int, mtime_ns: int, inode: int) -> None:
    assert kept(stamp=Stamp(size, mtime_ns, inode)).matches("a", Stamp(size, mtime_ns, inode))
