"""The earlier service's file, as Windows leaves such files; and what its settings are here."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import bcrypt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.peers.earlier_config import HASH, TEXT

from comptoir.arrivals import FolderSourceConfig
from comptoir.config import Config, DrawerConfig, PrinterConfig, RouteConfig
from comptoir.earlier import FIELDS, Earlier, NotEarlier, edits_of, patterns, read
from comptoir.settings import Append, Edit, Set, Settings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_its_file_is_read_however_it_was_saved(encoding: str, end: str) -> None:
    earlier = read(TEXT.replace("\n", end).encode(encoding))
    assert earlier.fields.keys() == FIELDS.keys()
    assert earlier.fields["download_folder"] == "C:\\Users\\José %USERPROFILE%\\Téléchargements"
    assert earlier.fields["scan_frequency"] == "5"
    assert (earlier.password, earlier.password_is_usable) == (HASH, True)
    assert HASH not in repr(earlier)


def test_what_is_not_there_has_its_default_and_a_section_that_is_not_there_says_nothing() -> None:
    earlier = read(b"[printer]\n[logs]\nretention_days=7\n")
    assert earlier.fields == {
        "printer_name": "TICKET", "log_folder": "logs", "log_filename": "cashdrawer.log", "retention_days": "7",
    }  # fmt: skip
    assert not earlier.password_is_usable


@pytest.mark.parametrize("data", [b"", b"{}", b"[server", b"[other]\nx=1", b"secret", b"[printer]\nsecret", bytes(500)])
def test_another_file_is_said_to_be_one_without_repeating_it(data: bytes) -> None:
    with pytest.raises(NotEarlier) as caught:
        read(data)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "secret",
    ["", "x", HASH[:-1], HASH + "x", HASH.replace("$04$", "$31$"), "$1$" + HASH[4:], HASH[:28] + "a" + HASH[29:]],
)
def test_a_password_that_is_not_kept_as_bcrypt_is_not_usable(secret: str) -> None:
    """2^31 rounds would keep every sign-in busy for days."""
    assert not read(f"[auth]\npassword_hash={secret}\n[logs]\n".encode()).password_is_usable


@given(st.from_regex(r"\$2[aby]\$04\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{31}", fullmatch=True))
@settings(deadline=None, max_examples=30)
def test_a_password_that_is_usable_can_be_asked_for(secret: str) -> None:
    assert Earlier({}, secret).password_is_usable
    assert not bcrypt.checkpw(b"guessed", secret.encode())


@given(st.binary())
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for whole in (data, b"[printer]\n" + data, TEXT.encode() + data):
        with suppress(NotEarlier):
            read(whole)


def test_endings_are_patterns() -> None:
    assert patterns(".pdf, .PDF,*.txt") == ["*.pdf", "*.txt"]
    assert patterns(" , ") == ["*.pdf"]


# -- its form ---------------------------------------------------------------------------------------------------------

OURS = Config(
    printer=(
        PrinterConfig(name="TICKET", device="virtual:"),
        PrinterConfig(name="FACTURE", device="socket://10.0.0.9:9100?timeout=5", language="raw"),
    ),
    drawer=DrawerConfig(pulse="1b70001afa"),
    source=(FolderSourceConfig(name="bills", path="/bills"),),
    route=(RouteConfig(source="api", to=("TICKET",)), RouteConfig(source="bills", to=("FACTURE",))),
)


@pytest.mark.parametrize(
    ("fields", "edits"),
    [
        ({}, []),
        ({"printer_name": "TICKET"}, []),
        ({"printer_name": "FACTURE"}, [Set(("drawer", "printer"), "FACTURE")]),
        ({"drawer_command": " 1b 70 "}, [Set(("drawer", "pulse"), "1b 70")]),
        ({"port": "22550"}, [Set(("station", "port"), 22550)]),
        ({"port": "many"}, [Set(("station", "port"), "many")]),
        ({"host": "0.0.0.0"}, [Set(("station", "host"), "0.0.0.0")]),
        ({"retention_days": "1"}, [Set(("log", "keep"), "1 day")]),
        ({"retention_days": "0"}, [Set(("log", "keep"), "")]),
        ({"download_folder": "D:\\%x"}, [Set(("source", "bills", "path"), "D:\\%x")]),
        ({"scan_frequency": "7"}, [Set(("source", "bills", "scan"), "7 s")]),
        ({"autoprint": "off"}, [Set(("route", 1, "to"), [])]),
        ({"autoprint": "on"}, [Set(("route", 1, "to"), ["FACTURE"])]),
        ({"printer_ip": "10.0.0.9"}, [Set(("printer", "FACTURE", "device"), "socket://10.0.0.9:9100?timeout=5")]),
        ({"printer_ip": "10.0.0.8"}, [Set(("printer", "FACTURE", "device"), "socket://10.0.0.8:9100")]),
        ({"open_delay": " 3 "}, [Set(("route", 1, "original_after"), "3 s")]),
        ({"purge_on_start": "true", "log_folder": "x"}, []),
    ],
)
def test_a_field_of_its_form_changes_what_it_means(fields: dict[str, str], edits: list[Edit]) -> None:
    assert edits_of(fields, OURS) == edits


def test_an_invoice_printer_that_is_new_is_added_behind_the_receipts() -> None:
    """The first printer is the default: receipts must not go to the laser printer."""
    fields = {"autoprint": "on", "invoice_printer_name": "A4@10.0.0.7:9101", "download_folder": "/x", "open_delay": "9"}
    assert edits_of(fields, Config()) == [
        Append("printer", {"name": "TICKET", "device": "virtual:"}),
        Append("printer", {"name": "A4", "device": "socket://10.0.0.7:9101", "language": "raw"}),
        Append("source", {"kind": "folder", "name": "factures", "path": "/x", "existing": "ignore"}),
        Append(
            "route",
            {"from": "factures", "to": ["A4"], "format": "raw", "original": "delete", "original_after": "9 s"},
        ),
    ]


@pytest.mark.parametrize("fields", [{"drawer_command": ""}, {"printer_ip": "10.0.0.1", "autoprint": "off"}])
def test_nothing_else_is_made_on_the_way(fields: dict[str, str], tmp_path: Path) -> None:
    config = Settings(None, tmp_path, {}).check(edits_of(fields, Config()))
    assert [printer.name for printer in config.printer] == ["TICKET"]
    assert (config.source, config.route) == ((), ())
