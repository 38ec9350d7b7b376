"""The process that holds a driver: it answers, says what is refused, and leaves no document in the middle."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from tests.peers.driver import PaperDriver

from comptoir.windows.driver import Answer, Area, Band, Request, Settings, packed, read
from comptoir.windows.driver_main import main, serve

BAND = Band(ink="greys", width=4, height=1, first=0, last=4, left=3, top=5, across=4, down=1)
BEGIN = (
    packed(Request(task="look", printer="OFFICE")),
    packed(Request(task="set", settings=Settings(paper=11))),
    packed(Request(task="begin", title="Facture")),
    packed(Request(task="side")),
)


def answers(folder: Path, *messages: bytes, trouble: str = "") -> list[Answer]:
    target = io.BytesIO()
    serve(io.BytesIO(b"".join(messages)), target, PaperDriver(folder, trouble))
    target.seek(0)
    return [*iter(lambda: read(target, Answer), None)]


def asked(folder: Path) -> list[str]:
    return [line.split()[0] for line in (folder / "asked").read_text().splitlines()]


def test_a_document_to_its_end(tmp_path: Path) -> None:
    band = packed(Request(task="band", band=BAND, size=4), b"\0\0\0\0")
    look, made, begun, *rest = answers(tmp_path, *BEGIN, band, packed(Request(task="end")))
    assert look.can is not None
    assert look.can.driver == "Stand-in 2000"
    assert isinstance(made.area, Area)
    assert (begun.job, rest) == (12, [Answer()] * 3)
    assert asked(tmp_path) == ["look", "set", "begin", "side", "band", "end"]


def test_what_is_refused_is_said_and_the_rest_goes_on(tmp_path: Path) -> None:
    *_, begun, side = answers(tmp_path, *BEGIN, trouble="begin")
    assert (begun.trouble, begun.error, side) == ("Access is denied.", 5, Answer())


def test_a_document_in_the_middle_is_aborted_when_nobody_asks_any_more(tmp_path: Path) -> None:
    answers(tmp_path, *BEGIN)
    assert asked(tmp_path)[-1] == "abort"


def test_half_a_message_is_the_end_too(tmp_path: Path) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        answers(tmp_path, *BEGIN, packed(Request(task="end"))[:-3])
    assert asked(tmp_path)[-1] == "abort"


@pytest.mark.skipif(sys.platform == "win32", reason="there it answers")
def test_elsewhere_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("os.dup2", lambda *which: None)
    monkeypatch.setattr("sys.stdin", type("In", (), {"buffer": io.BytesIO()}))
    with pytest.raises(OSError, match="no Windows"):
        main()
