"""Folders and files as JSON: any name, any time, and sums that are the folder's."""

from __future__ import annotations

import msgspec
from tests.peers.clock import START
from tests.peers.folder_scene import FakeFolders

from comptoir.core.intake import Stamp
from comptoir.core.units import iso
from comptoir.core.watch import Entry
from comptoir.web.folder_desk import DryRow
from comptoir.web.folder_shapes import (
    file_of_entry,
    file_of_original,
    folder_shape,
    original_shape,
    original_with_life,
    rule_of,
)


def test_the_sum_of_a_folder_is_what_lies_there() -> None:
    folder = FakeFolders().folder("f", ("a", "taken", ""), ("b", "waiting", "end"), ("c", "ignored", "*.c"))
    shape = folder_shape(folder, {"kept": 7})
    parts = (shape.ignored, shape.waiting, shape.failed)
    assert shape.seen == shape.taken + sum(sum(part.values()) for part in parts) == 3
    assert shape.originals == {"kept": 7}
    assert shape.scanned_at == iso(START)


def test_any_name_and_any_time_can_be_said() -> None:
    shape = file_of_entry(Entry("caf\udce9", 1, 10**40, "waiting", "end"))
    assert (shape.path, shape.modified_at) == ("caf\ufffd", None)
    assert msgspec.json.encode(shape)
    row = rule_of(DryRow("\ud800", 1, "", START))
    assert msgspec.json.encode(row)


def test_an_original_is_told_with_its_life() -> None:
    folders = FakeFolders()
    original = folders.original("a.pdf", "failed", stamp=Stamp(5, 0, 1))
    folders.happens("file-taken", START, original=1, digest="00")
    assert file_of_original(original).kind == "failed"
    assert file_of_original(folders.original("b", "kept")).kind == "taken"
    shape = original_with_life(original, [], folders.happened)
    assert shape.events[0].body == {"original": 1, "digest": "00"}
    assert original_shape(original).modified_at == "1970-01-01T00:00:00.000Z"
