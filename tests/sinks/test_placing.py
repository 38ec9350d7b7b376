"""Putting what is complete to its place: over nothing, and found again."""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from comptoir.core.document import Document
from comptoir.sinks.naming import Goods
from comptoir.sinks.placing import Filling, beside, clear, found, part_of, put

UID, OTHER = "a" * 32, "b" * 32


def goods(content: bytes = b"one", uid: str = UID, metadata: bool = True) -> Goods:
    note = json.dumps({"uid": uid}).encode() if metadata else None
    return Goods(uid, (("", Document.of(content)),), False, note)


def lot(*contents: bytes, uid: str = UID, metadata: bool = True) -> Goods:
    note = json.dumps({"uid": uid}).encode() if metadata else None
    parts = tuple((f"d/{number}", Document.of(content)) for number, content in enumerate(contents))
    return Goods(uid, parts, True, note)


def fill(place: Path, what: Goods, *contents: bytes) -> None:
    part = part_of(place, what.uid)
    for (name, _), content in zip(what.parts, contents, strict=True):
        filling = Filling(part / name if name else part)
        filling.open()
        filling.write(content)
        filling.finish()


@pytest.mark.parametrize("metadata", [True, False])
def test_it_has_its_name_and_is_found_again(tmp_path: Path, metadata: bool) -> None:
    place, what = tmp_path / "a.pdf", goods(metadata=metadata)
    assert found(place, what) is None
    fill(place, what, b"one")
    assert found(place, what) is None
    assert put(place, what) == place
    assert place.read_bytes() == b"one"
    assert found(place, what) == place
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pdf", "a.pdf.json"][: 1 + metadata]


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Whatever is removed, renamed or opened is held once by another first, as on Windows; what it was."""
    met: list[str] = []

    def held(name: str, call: Callable[..., object]) -> Callable[..., object]:
        def once(path: Path, *arguments: object, **keys: object) -> object:
            if name not in met:
                met.append(name)
                error = PermissionError(errno.EACCES, "Sharing violation")
                setattr(error, "winerror", 32)  # noqa: B010 - systems but Windows have none
                raise error
            return call(path, *arguments, **keys)

        return once

    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    for name in ("unlink", "rename", "read_bytes"):
        monkeypatch.setattr(Path, name, held(name, getattr(Path, name)))
    yield met
    monkeypatch.undo()


@pytest.mark.parametrize(
    ("what", "held"),
    [
        (goods(), ["unlink", "read_bytes"]),
        (goods(metadata=False), ["unlink"]),
        (lot(b"one"), ["unlink", "rename", "read_bytes"]),
    ],
)
def test_on_windows_somebody_looks_at_it_meanwhile(
    tmp_path: Path, looked_at: list[str], what: Goods, held: list[str]
) -> None:
    place = tmp_path / "a.pdf"
    fill(place, what, b"one")
    assert put(place, what) == place
    assert found(place, what) == place
    assert not part_of(place, UID).exists()
    assert sorted(looked_at) == sorted(held)


@pytest.mark.parametrize("metadata", [True, False])
def test_what_is_somebody_elses_stays(tmp_path: Path, metadata: bool) -> None:
    place, what = tmp_path / "a.pdf", goods(metadata=metadata)
    place.write_bytes(b"theirs")
    assert found(place, what) is None
    fill(place, what, b"one")
    assert put(place, what) == tmp_path / "a (2).pdf"
    assert place.read_bytes() == b"theirs"
    assert not beside(place).exists()
    assert found(place, what) == tmp_path / "a (2).pdf"


def test_metadata_of_somebody_elses_stay(tmp_path: Path) -> None:
    place = tmp_path / "a.pdf"
    for content in (b"not json", b"[]", b'{"uid": 7}'):
        beside(place).write_bytes(content)
        what = goods(uid=content.hex().ljust(32, "0")[:32])
        fill(place, what, b"one")
        assert put(place, what).name != "a.pdf"
        assert beside(place).read_bytes() == content


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files here")
def test_a_pipe_in_the_place_of_the_metadata_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.pdf.json")
    fill(tmp_path / "a.pdf", goods(), b"one")
    assert put(tmp_path / "a.pdf", goods()) == tmp_path / "a (2).pdf"
    assert found(tmp_path / "a.pdf", goods()) == tmp_path / "a (2).pdf"


def test_the_same_bytes_of_two_jobs_are_two(tmp_path: Path) -> None:
    place = tmp_path / "a.pdf"
    for uid, name in ((UID, "a.pdf"), (OTHER, "a (2).pdf")):
        assert found(place, goods(uid=uid)) is None
        fill(place, goods(uid=uid), b"one")
        assert put(place, goods(uid=uid)).name == name


def test_a_crash_between_the_metadata_and_the_document(tmp_path: Path) -> None:
    place, what = tmp_path / "a.pdf", goods()
    beside(place).write_bytes(what.metadata or b"")
    assert found(place, what) is None
    fill(place, what, b"one")
    assert put(place, what) == place
    assert len(list(tmp_path.iterdir())) == 2


def test_somebody_takes_the_name_after_the_metadata(tmp_path: Path) -> None:
    place, what = tmp_path / "a.pdf", goods()
    beside(place).write_bytes(what.metadata or b"")
    place.write_bytes(b"theirs")
    fill(place, what, b"one")
    assert put(place, what) == tmp_path / "a (2).pdf"
    assert place.read_bytes() == b"theirs"
    assert not beside(place).exists()


def test_file_systems_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(source: object, target: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    place, what = tmp_path / "a.pdf", goods()
    place.write_bytes(b"theirs")
    fill(place, what, b"one")
    assert put(place, what) == tmp_path / "a (2).pdf"
    assert place.read_bytes() == b"theirs"


def test_other_errors_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(source: object, target: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    place, what = tmp_path / "a.pdf", goods(metadata=False)
    fill(place, what, b"one")
    monkeypatch.setattr(os, "link", broken)
    with pytest.raises(OSError, match="Input/output"):
        put(place, what)
    assert not place.exists()


@pytest.mark.parametrize("metadata", [True, False])
def test_a_lot_is_a_directory(tmp_path: Path, metadata: bool) -> None:
    place, what = tmp_path / "lot", lot(b"one", b"two", metadata=metadata)
    fill(place, what, b"one", b"two")
    assert put(place, what) == place
    assert (place / "d" / "1").read_bytes() == b"two"
    assert found(place, what) == place
    other = lot(b"one", b"three", uid=OTHER, metadata=metadata)
    assert found(place, other) is None
    fill(place, other, b"one", b"three")
    assert put(place, other) == tmp_path / "lot (2)"


def test_what_is_in_the_way_is_not_filled(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"theirs")
    with pytest.raises(FileExistsError):
        Filling(tmp_path / "a").open()


def test_clearing_takes_files_directories_and_nothing(tmp_path: Path) -> None:
    part = part_of(tmp_path / "a", UID)
    assert part.name.startswith(".")
    clear(part)
    part.write_bytes(b"x")
    clear(part)
    (part / "d").mkdir(parents=True)
    clear(part)
    assert list(tmp_path.iterdir()) == []
