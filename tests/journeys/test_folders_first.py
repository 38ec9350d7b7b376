"""The way of a file, with the real command: from a folder to paper and out of the folder; what is not printed stays."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest
from tests.peers.command import comptoir, port_of, running
from tests.peers.listener import Listener
from tests.peers.pdfs import pdf, text
from tests.peers.services import Service, ask, free_port

pytestmark = pytest.mark.xdist_group("folders")

VIRTUAL = '[[printer]]\nname = "FACTURE"\ndevice = "virtual:"'
INVOICE = pdf(text("FACTURE 42", 72, 700, 24))


def shop(folder: Path, *, printers: str = "", route: str = 'original = "delete"', source: str = "") -> str:
    """A configuration whose folder `in` is printed on FACTURE."""
    (folder / "in").mkdir(parents=True, exist_ok=True)
    return f"""
language = "en"
{printers or VIRTUAL}
[[source]]
kind = "folder"
name = "factures"
path = {json.dumps(str(folder / "in"))}
match = ["*.pdf"]
quiet = "100 ms"
scan = "500 ms"
{source}
[[route]]
from = "factures"
to = ["FACTURE"]
{route}
"""


def papers(folder: Path, printer: str = "FACTURE") -> int:
    return len(list((folder / "data" / "printers" / printer).glob("*.png")))


def states(folder: Path) -> dict[str, int]:
    with closing(sqlite3.connect(folder / "data" / "station" / "journal.db")) as db:
        return dict(db.execute("SELECT state, count(*) FROM originals GROUP BY state").fetchall())


def purge(station: Service) -> str:
    with urlopen(f"{station.url}/invoice-printer/purge", timeout=30) as answer:
        said: str = json.load(answer)["message"]
        return said


def test_an_invoice_comes_out_once_and_leaves_its_folder(tmp_path: Path) -> None:
    with running(tmp_path / "data", config=shop(tmp_path)) as station:
        (tmp_path / "in" / "FAC 42.pdf").write_bytes(INVOICE)
        (tmp_path / "in" / "notes.txt").write_bytes(b"no invoice")
        station.wait_for("Original removed: FAC 42.pdf (factures)")
        lines = "".join(station.says)
        for said in ("File copied and taken: FAC 42.pdf", "Sending FAC 42.pdf to FACTURE", "FACTURE has FAC 42.pdf:"):
            assert said in lines
        assert ask(f"{station.url}/invoice-printer/status")["autoprint"] == "enabled"
        assert station.stop() == 0
    assert [one.name for one in (tmp_path / "in").iterdir()] == ["notes.txt"]
    assert papers(tmp_path) == 1
    with running(tmp_path / "data") as station:
        station.wait_for("can be read")
        (tmp_path / "in" / "FAC 43.pdf").write_bytes(INVOICE + b"\n")
        station.wait_for("Original removed: FAC 43.pdf")
        station.stop()
    assert papers(tmp_path) == 2
    assert states(tmp_path) == {"deleted": 2}
    assert comptoir("journal", "verify", "--data", tmp_path / "data").returncode == 0


def test_what_lay_there_at_the_start_is_left_where_that_is_wished(tmp_path: Path) -> None:
    config = shop(tmp_path, source='existing = "ignore"')
    (tmp_path / "in" / "old.pdf").write_bytes(INVOICE)
    with running(tmp_path / "data", config=config) as station:
        station.wait_for("left alone of what lay there: 1")
        (tmp_path / "in" / "new.pdf").write_bytes(INVOICE)
        station.wait_for("Original removed: new.pdf")
        station.stop()
    assert [one.name for one in (tmp_path / "in").iterdir()] == ["old.pdf"]
    assert papers(tmp_path) == 1


def test_a_purge_removes_what_is_printed_and_keeps_what_is_not(tmp_path: Path) -> None:
    config = shop(tmp_path, route='match = ["FAC*"]\noriginal = "keep"')
    with running(tmp_path / "data", config=config) as station:
        (tmp_path / "in" / "FAC 1.pdf").write_bytes(INVOICE)
        (tmp_path / "in" / "other.pdf").write_bytes(INVOICE)
        station.wait_for("File delivered to all its destinations: FAC 1.pdf")
        assert (tmp_path / "in" / "FAC 1.pdf").exists()
        assert purge(station).endswith("purgé avec succès ; 1 fichier(s) pas encore imprimé(s) : gardé(s)")
        assert [one.name for one in (tmp_path / "in").iterdir()] == ["other.pdf"]
        assert purge(station).endswith("gardé(s)")
    assert comptoir("journal", "verify", "--data", tmp_path / "data").returncode == 0


def test_an_original_that_was_changed_after_it_was_printed_stays(tmp_path: Path) -> None:
    with running(tmp_path / "data", config=shop(tmp_path, route='original = "keep"')) as station:
        (tmp_path / "in" / "a.pdf").write_bytes(INVOICE)
        station.wait_for("File delivered to all its destinations: a.pdf")
        (tmp_path / "in" / "a.pdf").write_bytes(INVOICE + b"% more\n")
        purge(station)
        assert (tmp_path / "in" / "a.pdf").read_bytes() == INVOICE + b"% more\n"


def test_a_printer_that_is_off_leaves_it_to_the_other(tmp_path: Path) -> None:
    printers = "\n".join(
        f'[[printer]]\nname = "{name}"\ndevice = "socket://127.0.0.1:{port}"\nlanguage = "raw"\n'
        for name, port in (("FACTURE", free_port()), ("SECOURS", 0))
    )
    with Listener() as second:
        config = shop(
            tmp_path,
            printers=printers.replace("127.0.0.1:0", f"127.0.0.1:{second.port}"),
            route='format = "raw"\noriginal = "delete"\nfallback = "SECOURS"\nfallback_after = "100 ms"',
        )
        with running(tmp_path / "data", config=config) as station:
            (tmp_path / "in" / "a.pdf").write_bytes(INVOICE)
            station.wait_for("Original removed: a.pdf")
            assert "SECOURS has it instead of FACTURE" in "".join(station.says)
            prints = ask(f"{station.url}/api/jobs")["prints"]
            assert sorted((one["printer"], one["status"]) for one in prints) == [
                ("FACTURE", "canceled"),
                ("SECOURS", "printed"),
            ]
        assert second.printed(INVOICE[-40:]) == 1


def test_the_doctor_looks_at_folders(tmp_path: Path) -> None:
    with running(tmp_path / "data", config=shop(tmp_path)) as station:
        run = comptoir("doctor", "--data", tmp_path / "data", "--port", port_of(station))
        assert f"✓ folder factures: {tmp_path / 'in'} can be read" in run.stdout.decode()
        (tmp_path / "in").rmdir()
        run = comptoir("doctor", "--data", tmp_path / "data", "--port", port_of(station))
        assert run.returncode == 1
        assert f"✗ folder factures: {tmp_path / 'in'} is not there" in run.stdout.decode()
