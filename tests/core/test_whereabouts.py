"""Is the folder that is there now the one that was there before?"""

from __future__ import annotations

from collections.abc import Collection

from comptoir.core.whereabouts import Listing, Whereabouts

HERE, ELSEWHERE = (1, 100), (2, 2)
KNOWN = {"a", "b"}


def look(where: Whereabouts, root: tuple[int, int], paths: Collection[str], *devices: int) -> tuple[bool, bool]:
    """Look through it; (whether that is trusted, whether "a" is doubted)."""
    listing = Listing(root, set(devices) or {root[0]}, paths=set(paths))
    return where.trusts(listing, lambda: KNOWN, lambda path: path in paths), where.doubts("a")


def test_a_folder_in_which_something_known_lies_is_the_one() -> None:
    where = Whereabouts()
    assert look(where, HERE, {"b"}) == (True, False)
    assert look(where, HERE, ()) == (True, False)


def test_nothing_is_concluded_from_another_folder_in_its_place() -> None:
    where = Whereabouts()
    look(where, HERE, KNOWN)
    assert look(where, ELSEWHERE, ()) == (False, True)
    assert where.doubting
    assert look(where, ELSEWHERE, {"new"}) == (False, True)


def test_when_it_is_back_what_is_missing_is_missing() -> None:
    where = Whereabouts()
    look(where, HERE, KNOWN)
    look(where, ELSEWHERE, ())
    assert look(where, HERE, {"b"}, 1, 2) == (True, False)
    assert not where.doubting


def test_after_a_start_something_known_must_be_found_first() -> None:
    where = Whereabouts()
    assert look(where, HERE, ()) == (True, True)
    assert look(where, HERE, {"a"}) == (True, False)


def test_a_disk_below_that_is_not_there_any_more() -> None:
    where = Whereabouts()
    assert look(where, HERE, KNOWN, 1, 7) == (True, False)
    assert look(where, HERE, {"a"}, 1) == (False, False)
    assert look(where, HERE, KNOWN, 1, 7) == (True, False)


def test_what_is_below_a_closed_directory_is_hidden() -> None:
    listing = Listing(HERE, closed=["shut/"])
    assert (listing.hides("shut/a"), listing.hides("shutter"), listing.hides("a")) == (True, False, False)
