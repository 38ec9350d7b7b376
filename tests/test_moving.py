"""The plan before the earlier settings are taken over: every value has its row, and all of it can be saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.peers.earlier_config import HASH, TEXT

from comptoir import moving
from comptoir.config import Config, PrinterConfig, StationConfig
from comptoir.earlier import FIELDS, Earlier, read
from comptoir.moving import Plan, Row, plan
from comptoir.settings import Append, Settings

ALL = read(TEXT.encode())


def with_fields(**fields: str) -> Earlier:
    return Earlier({**ALL.fields, **fields}, ALL.password)


def row(made: Plan, setting: str) -> Row:
    (found,) = [one for one in made.rows if one.setting == setting]
    return found


def saved(made: Plan, folder: Path) -> Config:
    return Settings(None, folder, {}).save(made.edits)


def test_a_usual_installation_moves_in(tmp_path: Path) -> None:
    made = plan(ALL, Config(), device="socket://10.0.0.5:9100")
    config = saved(made, tmp_path)
    ticket, invoices = config.printer
    assert (ticket.name, ticket.device, ticket.language) == ("TICKET", "socket://10.0.0.5:9100", "")
    assert (invoices.name, invoices.device, invoices.language) == ("FACTURE", "socket://172.17.240.20:9100", "raw")
    assert (config.drawer.pulse, config.drawer.printer) == ("1b70001afa", "")
    (source,), (route,) = config.source, config.route
    assert (source.name, source.match, source.scan, source.existing) == ("factures", ("*.pdf",), "5 s", "ignore")
    assert source.path == ALL.fields["download_folder"]
    assert (route.source, route.to, route.format, route.original) == ("factures", ("FACTURE",), "raw", "delete")
    assert (config.station, config.log.keep) == (StationConfig(), "30 days")
    assert made.takes_password
    assert HASH not in str(made)
    assert plan(ALL, config, device="socket://10.0.0.5:9100").edits
    assert Settings(None, tmp_path, {}).check(plan(ALL, config).edits) == config, "a second time changes nothing"


def test_every_setting_has_its_row() -> None:
    settings_told = {one.setting for one in plan(ALL, Config()).rows}
    there = {f"{section}.{key}" for section, key, _ in FIELDS.values()}
    # Both belong to the row of the printer.
    assert there - settings_told == {"invoice_printer.printer_ip", "invoice_printer.printer_port"}
    assert settings_told - there == {"station.allowed_origins", "auth.password_hash"}


@pytest.mark.parametrize(
    ("fields", "setting", "verdict", "here", "note"),
    [
        ({}, "printer.name", "look at it", "TICKET (virtual:)", moving.DEVICE),
        ({"printer_name": r"\\PC\BAR"}, "printer.name", "look at it", "BAR (virtual:)", moving.DEVICE),
        ({"drawer_command": "xyz"}, "cashdrawer.command", "differs", "1b700019fa", moving.COMMAND),
        ({"drawer_command": ""}, "cashdrawer.command", "differs", "", moving.NO_COMMAND),
        ({"drawer_command": "1B 70 00 19 FA"}, "cashdrawer.command", "taken", "1b700019fa", ""),
        ({"drawer_command": "48656c6c6f"}, "cashdrawer.command", "look at it", "48656c6c6f", moving.STRANGE),
        ({"autoprint": "false"}, "invoice_printer.autoprint", "not needed", "", moving.OFF),
        ({"printer_ip": "not an address"}, "invoice_printer.autoprint", "look at it", "", moving.ADDRESS),
        ({"download_folder": ""}, "invoice_printer.autoprint", "look at it", "", moving.ADDRESS),
        ({"scan_frequency": "often"}, "invoice_printer.scan_frequency", "look at it", "5 s", moving.SECONDS),
        ({}, "invoice_printer.download_folder", "look at it", ALL.fields["download_folder"], moving.PERCENT),
        ({}, "invoice_printer.autoprint", "taken", "route factures", ""),
        ({}, "invoice_printer.open_delay", "taken", "10 s", moving.DELAY),
        ({"open_delay": "soon"}, "invoice_printer.open_delay", "look at it", "10 s", moving.SECONDS),
        ({}, "invoice_printer.purge_on_start", "differs", "", moving.PURGE),
        ({"port": "70000"}, "server.port", "look at it", "22548", moving.PORT),
        ({}, "server.host", "differs", "127.0.0.1", moving.HOST),
        ({"host": "localhost"}, "server.host", "taken", "127.0.0.1", ""),
        ({"retention_days": "-1"}, "logs.retention_days", "look at it", "30 days", moving.DAYS),
    ],
)
def test_what_differs_is_told(fields: dict[str, str], setting: str, verdict: str, here: str, note: str) -> None:
    found = row(plan(with_fields(**fields), Config()), setting)
    assert (found.verdict, found.here, found.note) == (verdict, here, note)


def test_a_printer_of_that_name_is_kept(tmp_path: Path) -> None:
    config = Config(printer=(PrinterConfig(name="A", device="virtual:"), PrinterConfig(name="TICKET", device="usb:")))
    made = plan(with_fields(autoprint="no"), config, device="socket://x:1")
    assert row(made, "printer.name").here == "TICKET (usb:)"
    assert [str(edit) for edit in made.edits if "'printer'" in str(edit)] == [
        "Set(path=('drawer', 'printer'), value='TICKET')"
    ]


def test_a_printer_of_another_name_is_not_taken_for_it() -> None:
    made = plan(with_fields(autoprint="no"), Config(printer=(PrinterConfig(name="A", device="virtual:"),)))
    assert (row(made, "printer.name").verdict, row(made, "printer.name").here) == ("look at it", "")
    assert "TICKET" not in str(made.edits)


def test_a_folder_that_is_here_already_is_another_one(tmp_path: Path) -> None:
    ours = Settings(None, tmp_path, {})
    ours.save([Append("source", {"kind": "folder", "name": "orders", "path": "/orders"})])
    config = ours.save(plan(ALL, ours.config).edits)
    assert [(source.name, source.path) for source in config.source] == [
        ("orders", "/orders"),
        ("factures", ALL.fields["download_folder"]),
    ]
    assert config.till.invoices == "factures"
    assert ours.check(plan(ALL, config).edits) == config


def test_the_network_is_opened_only_when_asked_for(tmp_path: Path) -> None:
    assert saved(plan(ALL, Config()), tmp_path / "a").station.host == "127.0.0.1"
    assert saved(plan(ALL, Config(), network=True), tmp_path / "b").station.host == "0.0.0.0"


def test_two_printers_of_one_name_become_two(tmp_path: Path) -> None:
    config = saved(plan(with_fields(invoice_printer_name="TICKET"), Config()), tmp_path)
    assert [printer.name for printer in config.printer] == ["TICKET", "TICKET-PDF"]


def test_a_password_that_is_set_here_stays() -> None:
    made = plan(ALL, Config(), has_password=True)
    assert (made.takes_password, row(made, "auth.password_hash").note) == (False, moving.OWNER_IS_KNOWN)
    for secret, note in (("", moving.OWNER_UNKNOWN), ("x", moving.OWNER_UNREADABLE)):
        made = plan(Earlier(ALL.fields, secret), Config())
        assert (made.takes_password, row(made, "auth.password_hash").note) == (False, note)


TEXTS = st.text() | st.sampled_from(["", "9100", "true", "/", "..", "a/b", "10.0.0.1", "\\\\PC\\X", "TICKET", "0"])


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, TEXTS)), st.booleans())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_it_was_the_plan_can_be_saved(tmp_path: Path, fields: dict[str, str], network: bool) -> None:
    network = network and fields.get("host", "") in ("", "0")
    config = Settings(None, tmp_path, {}).check(plan(with_fields(**fields), Config(), network=network).edits)
    assert config.printer[0].name
    again = plan(with_fields(**fields), config, network=network)
    file = tmp_path / "comptoir.toml"
    ours = Settings(None, tmp_path, {})
    ours.save(plan(with_fields(**fields), Config(), network=network).edits)
    assert ours.check(again.edits) == config, "a second time changes nothing"
    file.unlink()
