"""The writers do what the tests of folders rely on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.peers.writers import Writer, bulk, paper


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    with Writer(tmp_path / "folder") as one:
        yield one


def test_a_paper_says_its_mark_and_is_as_long_as_it_is_to_be() -> None:
    short, long = paper("A 1"), paper("A 1", 5_000)
    assert b"<A 1>" in short
    assert len(long) >= 5_000
    assert long.startswith(b"%PDF-")
    assert long.endswith(b"%%EOF\n")
    assert paper("A 2") != short
    assert sum(map(len, bulk("B", 3_000_000))) == 3_000_000


def test_slowly_it_holds_the_file_open_until_the_end(writer: Writer) -> None:
    file, content = writer.folder / "a.pdf", paper("A", 1_000)
    for there in writer.slowly("a.pdf", content):
        assert file.read_bytes() == content[:there]
        assert _held(writer, file)
    assert file.read_bytes() == content
    assert not _held(writer, file)


def test_a_scanner_lets_go_of_the_file_between_its_pages(writer: Writer) -> None:
    file, content = writer.folder / "a.pdf", paper("A", 1_000)
    for there in writer.reopening("a.pdf", content):
        assert file.read_bytes() == content[:there]
        assert not _held(writer, file)
    assert file.read_bytes() == content


def test_a_reserved_file_has_its_size_before_its_bytes(writer: Writer) -> None:
    file, content = writer.folder / "a.pdf", paper("A", 1_000)
    for there in writer.reserved("a.pdf", content):
        assert file.read_bytes() == content[:there] + bytes(len(content) - there)
    assert file.read_bytes() == content


def test_a_download_gets_its_name_at_the_end(writer: Writer) -> None:
    content = paper("A", 1_000)
    for _ in writer.download("a.pdf", content, "a.pdf.crdownload"):
        assert os.listdir(writer.folder) == ["a.pdf.crdownload"]
    assert os.listdir(writer.folder) == ["a.pdf"]
    assert (writer.folder / "a.pdf").read_bytes() == content


def test_killed_it_leaves_what_it_had_written(writer: Writer) -> None:
    content = paper("A", 1_000)
    there = next(writer.slowly("a.pdf", content))
    writer.kill()
    assert 0 < there < len(content)
    assert (writer.folder / "a.pdf").read_bytes() == content[:there]


def test_names_and_directories(writer: Writer) -> None:
    writer.burst([("new/deep/1.pdf", "1"), ("new/deep/2.pdf", "2"), ("3.pdf", "3")], size=900)
    writer.link("3.pdf", "new/also.pdf")
    writer.rename("new", "moved")
    writer.touch("3.pdf", 1_000_000)
    folder = writer.folder
    assert (folder / "moved/also.pdf").stat().st_ino == (folder / "3.pdf").stat().st_ino
    assert (folder / "3.pdf").stat().st_mtime == 1_000_000
    assert b"<2>" in (folder / "moved/deep/2.pdf").read_bytes()
    writer.delete("moved")
    assert os.listdir(folder) == ["3.pdf"]
    writer.bulk("4.pdf", "4", 2_000_000)
    assert (folder / "4.pdf").stat().st_size == 2_000_000


def test_what_the_system_refuses_is_said(writer: Writer) -> None:
    with pytest.raises(AssertionError, match="No such file"):
        writer.open("nowhere/a.pdf")
    writer.put("a.pdf", b"it goes on")


def _held(writer: Writer, file: Path) -> bool:
    """Whether its process has this file open."""
    return str(file) in {os.readlink(one) for one in Path(f"/proc/{writer.process.pid}/fd").iterdir()}
