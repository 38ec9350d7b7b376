"""The earlier service's settings: noticed, as long as nobody has decided about them."""

from __future__ import annotations

from pathlib import Path

from comptoir.remains import Remains


def test_they_are_noticed_until_somebody_has_decided(tmp_path: Path) -> None:
    remains = Remains(tmp_path / "data", {"PROGRAMDATA": str(tmp_path)})
    assert remains.waiting() is None
    remains_file = tmp_path / "OdooPOS" / "config.ini"
    remains_file.parent.mkdir()
    remains_file.write_bytes(b"[printer]\r\n")
    assert remains.waiting() == remains_file
    remains.decide()
    assert remains.waiting() is None
    assert Remains(tmp_path / "data", {"PROGRAMDATA": str(tmp_path)}).waiting() is None
    assert remains_file.read_bytes() == b"[printer]\r\n"
    remains_file.write_bytes(b"[printer]\r\nname=BAR\r\n")
    assert remains.waiting() == remains_file, "these are other ones"


def test_a_system_that_it_did_not_know_has_none(tmp_path: Path) -> None:
    remains = Remains(tmp_path, {})
    assert (remains.file, remains.waiting()) == (None, None)
    remains.decide()
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_read_is_not_noticed(tmp_path: Path) -> None:
    (tmp_path / "OdooPOS" / "config.ini").mkdir(parents=True)
    assert Remains(tmp_path, {"PROGRAMDATA": str(tmp_path)}).waiting() is None
