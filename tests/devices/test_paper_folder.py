from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from comptoir.core.page import Media
from comptoir.devices import paper_folder
from comptoir.devices.paper_folder import PaperFolder, papers
from comptoir.languages.escpos.render import read_papers

MEDIA = Media()


def put(folder: PaperFolder, data: bytes) -> int:
    number = folder.keep(data)
    (paper,) = read_papers(data, MEDIA)
    folder.draw(number, paper, MEDIA)
    return number


def test_a_paper_is_three_files(tmp_path: Path) -> None:
    put(PaperFolder(tmp_path / "new"), b"Hello\n")
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"000001.bin", "000001.txt", "000001.png"}
    assert (tmp_path / "new/000001.bin").read_bytes() == b"Hello\n"
    assert (tmp_path / "new/000001.txt").read_text() == "Hello\n"
    assert Image.open(io.BytesIO((tmp_path / "new/000001.png").read_bytes())).width == 576


def test_newest_first_and_numbered_on_after_a_restart(tmp_path: Path) -> None:
    put(PaperFolder(tmp_path), b"one\n")
    put(PaperFolder(tmp_path), b"two\n")
    assert [(paper.number, paper.text) for paper in papers(tmp_path)] == [(2, "two\n"), (1, "one\n")]
    assert papers(tmp_path)[0].time >= papers(tmp_path)[1].time > 1_600_000_000_000


def test_a_paper_that_was_not_drawn_is_read_from_its_bytes(tmp_path: Path) -> None:
    PaperFolder(tmp_path).keep(b"Hello\n")
    assert [paper.text for paper in papers(tmp_path)] == ["Hello\n"]


def test_only_the_last_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper_folder, "KEPT", 2)
    folder = PaperFolder(tmp_path)
    for _ in range(4):
        put(folder, b"x\n")
    assert [paper.number for paper in papers(tmp_path)] == [4, 3]
    assert len(list(tmp_path.iterdir())) == 6


def test_what_is_no_paper_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "000009.bin.part").write_bytes(b"half")
    assert papers(tmp_path) == []
    assert papers(tmp_path / "nowhere") == []
    assert put(PaperFolder(tmp_path), b"x\n") == 1
