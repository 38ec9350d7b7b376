"""What a source remembers of the jobs of CUPS: over restarts, and no longer than it is of use."""

from __future__ import annotations

from pathlib import Path

from comptoir.sources.cups.memory import MOST, SHOWN, Memory, Missed


def missed(uid: str = "a", at: int | None = 5, why: str = "gone") -> Missed:
    return Missed(uid, 1, "Q", "t", "u", at, why)


def test_it_outlives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "station" / "cups.json"
    memory = Memory(path)
    assert not memory.begun
    memory.begin(["w"])
    memory.has("x")
    memory.misses(missed())
    again = Memory(path)
    assert (again.begun, "w" in again, "x" in again, "a" in again) == (True, True, True, False)
    assert again.missed == [missed()]


def test_what_somebody_else_keeps(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "m")
    memory.have(["x"])
    memory.have(["x", "y"])
    assert "y" in Memory(tmp_path / "m")


def test_what_was_missed_and_comes_is_had(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "m")
    memory.misses(missed(why="denied"))
    memory.misses(missed(why="gone"))
    assert [one.why for one in memory.missed] == ["gone"]
    memory.has("a")
    assert memory.missed == []


def test_what_cups_reports_no_more_is_forgotten(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "m")
    memory.has("x")
    memory.has("y")
    memory.misses(missed("old", at=0))
    memory.misses(missed("new", at=SHOWN))
    memory.forget({"y"}, SHOWN + 1)
    assert ("x" in memory, "y" in memory, [one.uid for one in memory.missed]) == (False, True, ["new"])


def test_it_is_bounded_and_a_damaged_one_begins_anew(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "m")
    for number in range(MOST + 5):
        memory.misses(missed(str(number)))
    assert [memory.missed[0].uid, len(memory.missed)] == ["5", MOST]
    (tmp_path / "m").write_bytes(b"{")
    assert (Memory(tmp_path / "m").begun, Memory(tmp_path / "m").missed) == (True, [])
