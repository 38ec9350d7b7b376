"""`comptoir doctor`: is this installation in order, and what is to be done where it is not; who trusts its certificate.

Exit code 0: nothing is wrong; 1: something is, or a store did not take the authority.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from comptoir.cli import FAILED, as_json, capture_checks, checks, folder_checks, speech, tell, windows_checks
from comptoir.cli.checks import Finding
from comptoir.cli.client import Client
from comptoir.cli.place import configuration, data_folder
from comptoir.cli.speech import tr
from comptoir.clock import SystemClock
from comptoir.core.errors import ComptoirError, ConfigError, RequestError
from comptoir.station.certificates import AUTHORITY, FOLDER
from comptoir.station.trust import Trust

SIGNS: Final = {"right": "✓", "wrong": "✗", "note": "·"}


def doctor(options: argparse.Namespace) -> int:
    """All checks, or with --trust and --untrust the certificate's part only."""
    folder = data_folder(options)
    trust = Trust(folder / FOLDER / AUTHORITY)
    if options.trust or options.untrust:
        return _change(folder, trust, install=options.trust)
    findings = []
    for finding in examine(options, folder, trust):
        findings.append(finding)
        if not options.json:
            _tell(finding)
    wrong = any(finding.state == "wrong" for finding in findings)
    if options.json:
        told = [{"check": f.check, "state": f.state, "message": f.said, "todo": f.todo} for f in findings]
        print(as_json({"right": not wrong, "checks": told}))
    elif not wrong:
        tell(tr("Everything is in order."))
    return FAILED if wrong else 0


def examine(options: argparse.Namespace, folder: Path, trust: Trust) -> Iterator[Finding]:
    """One finding after the other, as they are made."""
    yield from checks.folder(folder)
    try:
        config = configuration(options, folder)
    except ConfigError as error:
        message, hint = speech.error(error)
        yield Finding("configuration", "wrong", message, (hint,))
        return
    yield Finding("configuration", "right", tr("the configuration can be read"))
    now, journal = SystemClock().now() / 1000, folder / "station" / "journal.db"
    yield checks.clock(now, journal)
    yield checks.journal(journal)
    number = config.station.port if options.port is None else options.port
    client = Client(checks.address(config, number))
    finding, health = checks.port(client, config.station, number)
    yield finding
    yield checks.ipv6(config.station, number, health is not None)
    yield checks.certificate(folder, config.station, now)
    if not config.station.certificate:
        yield from checks.trust(trust)
    yield from folder_checks.sources(config)
    yield from folder_checks.destinations(config, folder)
    yield from capture_checks.capture(config)
    yield from windows_checks.windows(config)
    if health is not None:
        yield from _asked("printer", checks.printers(client))
        yield from _asked("capture", capture_checks.sources(client))
        yield from checks.hub(health, config)


def _asked(check: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """What the station answers, or that it does not."""
    try:
        yield from findings
    except ComptoirError as error:
        message, hint = speech.error(error)
        yield Finding(check, "wrong", message, (hint,) if hint else ())


def _tell(finding: Finding) -> None:
    tell(f"{SIGNS[finding.state]} {finding.said}")
    for line in finding.todo:
        tell(f"    → {line}")


def _change(folder: Path, trust: Trust, *, install: bool) -> int:
    """Every store that this user may change; for the others the lines to type. 1 where one is left."""
    stores = trust.look()
    if not stores:
        raise RequestError(
            f"there is no authority in {folder / FOLDER} that this user can read",
            "Start the station once; then run this as its user, or as the administrator.",
        )
    code = 0
    for store in stores:
        if store.trusted == install:
            tell(tr("%(store)s: nothing to do", store=store.name))
        elif not store.installable:
            code = FAILED if install else code
            tell(tr("%(store)s: this user cannot. Type:", store=store.name))
            for line in store.commands if install else store.removal:
                tell(f"    {line}")
        else:
            code = max(code, _change_one(trust, store.name, install=install))
    return code


def _change_one(trust: Trust, name: str, *, install: bool) -> int:
    try:
        trust.change(name, install=install)
    except ComptoirError as error:
        tell(" ".join(speech.error(error)))
        return FAILED
    if install:
        tell(tr("%(store)s: trusts the certificate now; start its browser anew", store=name))
    else:
        tell(tr("%(store)s: has forgotten the certificate", store=name))
    return 0
