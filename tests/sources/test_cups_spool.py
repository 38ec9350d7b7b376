"""The spool directory, file by file: what is one print, what became of it, what is left over."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from comptoir.core.document import digest_of
from comptoir.sources.cups_spool import Damaged, Spool, Spooled

NOW = 1_795_000_000_000


def put(folder: Path, name: str = "a", content: bytes = b"x", **changes: Any) -> Spooled:
    """An entry with one document."""
    file = Spooled(f"{name}.1.document", len(content), digest_of(content))
    (folder / file.name).write_bytes(content)
    told = {
        "comptoir": 1, "uid": name, "job": 1, "user": "u", "title": "t", "copies": 1, "options": "", "at": 5,
        "documents": [{"name": file.name, "size": file.size, "sha256": file.sha256}], **changes,
    }  # fmt: skip
    (folder / f"{name}.json").write_text(json.dumps(told))
    return file


def test_oldest_first(tmp_path: Path) -> None:
    for age, name in enumerate(("c", "a", "b")):
        put(tmp_path, name)
        os.utime(tmp_path / f"{name}.json", (100 - age, 100 - age))
    (tmp_path / ".d.json.1.part").touch()
    assert Spool(tmp_path).names() == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"comptoir": 2}, "another version"),
        ({"documents": []}, "no document"),
        ({"title": 5}, "cannot be read"),
        ({"documents": [{"name": "b.1.document", "size": 1, "sha256": ""}]}, "not its own"),
        ({"documents": [{"name": "a.1.document/../b", "size": 1, "sha256": ""}]}, "not its own"),
    ],
)
def test_what_is_no_print(tmp_path: Path, changes: dict[str, Any], why: str) -> None:
    put(tmp_path, **changes)
    with pytest.raises(Damaged, match=why):
        Spool(tmp_path).entry("a")


def test_contents_are_checked(tmp_path: Path) -> None:
    spool, file = Spool(tmp_path), put(tmp_path)
    assert b"".join(spool.chunks(file)) == b"x"
    (tmp_path / file.name).write_bytes(b"y")
    with pytest.raises(Damaged, match="not what was written"):
        list(spool.chunks(file))
    (tmp_path / file.name).unlink()
    with pytest.raises(Damaged, match="missing"):
        list(spool.chunks(file))
    assert spool.head(file) == b""


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    file = put(tmp_path)
    (tmp_path / "other").write_bytes(b"x")
    (tmp_path / file.name).unlink()
    (tmp_path / file.name).symlink_to(tmp_path / "other")
    with pytest.raises(Damaged, match="is no file"):
        list(Spool(tmp_path).chunks(file))


def test_unpacked(tmp_path: Path) -> None:
    content = b"x" * 5_000_000
    file = put(tmp_path, content=gzip.compress(content))
    pieces = list(Spool(tmp_path).chunks(file, unpack=True))
    assert b"".join(pieces) == content
    assert max(map(len, pieces)) <= 1 << 20
    broken = put(tmp_path, "b", gzip.compress(content)[:10] + b"\xff" * 50)
    with pytest.raises(Damaged, match="unpacked"):
        list(Spool(tmp_path).chunks(broken, unpack=True))


@pytest.mark.parametrize(
    ("name", "times", "state", "outcome"),
    [
        ("a", 1, None, ""),
        ("a", 1, {"state": "begun", "times": 1}, ""),
        ("a", 1, {"state": "failed", "times": 1}, "failed"),
        ("a", 1, {"state": "begun", "times": 2}, "printed"),
        ("a-2", 2, {"state": "printed", "times": 1}, ""),
        ("a-2", 2, {"state": "printed", "times": 2}, "printed"),
        ("a", 1, {"state": 5}, ""),
    ],
)
def test_what_became_of_it(tmp_path: Path, name: str, times: int, state: object, outcome: str) -> None:
    put(tmp_path, name, times=times)
    if state is not None:
        (tmp_path / "a.state").write_text(json.dumps(state))
    assert Spool(tmp_path).entry(name).outcome == outcome


def test_taken(tmp_path: Path) -> None:
    put(tmp_path)
    put(tmp_path, "a-2")
    (tmp_path / "a.state").write_text("{}")
    Spool(tmp_path).remove("a")
    assert sorted(os.listdir(tmp_path)) == ["a-2.1.document", "a-2.json", "a.state"]


def test_what_is_left_of_a_print_that_was_taken_goes_at_once(tmp_path: Path) -> None:
    for name in ("a.1.document", "a-2.printed", "a-3.1.document", "b.1.document", "a.input"):
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (NOW / 1000, NOW / 1000))
    (tmp_path / "a.state").write_text('{"state": "printed", "times": 2}')
    Spool(tmp_path).sweep(NOW)
    assert sorted(os.listdir(tmp_path)) == ["a-3.1.document", "a.input", "a.state", "b.1.document"]


def test_set_aside(tmp_path: Path) -> None:
    put(tmp_path)
    spool = Spool(tmp_path)
    assert spool.aside() == []
    spool.set_aside("a", "it is “broken”")
    assert [(one.name, one.why) for one in spool.aside()] == [("a", "it is “broken”")]
    assert sorted(os.listdir(tmp_path / "damaged")) == ["a.1.document", "a.json", "a.why"]
    assert spool.names() == []
