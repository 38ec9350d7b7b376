"""`comptoir drawer open`: opens a cash drawer through the running station, at once, or says why not."""

from __future__ import annotations

import argparse
import json
from typing import TypedDict

from comptoir.cli import as_json, tell
from comptoir.cli.client import station
from comptoir.cli.speech import tr


class Opened(TypedDict):
    printer: str
    outcome: str


def drawer(options: argparse.Namespace) -> int:
    """0: the pulse was carried out. Whatever kept it from that is an error, and no pulse comes later."""
    client, _ = station(options)
    order = {"printer": options.printer, "reason": options.reason, "order": options.order}
    body = json.dumps(order).encode()
    opened = client.ask("POST", "/api/drawer/open", Opened, body, {"Content-Type": "application/json"})
    if options.json:
        print(as_json(opened))
    else:
        tell(_said(opened))
    return 0


def _said(opened: Opened) -> str:
    name = opened["printer"]
    if opened["outcome"] == "opened":
        return tr("The drawer at %(printer)s is open.", printer=name)
    if opened["outcome"] == "was-open":
        return tr("The drawer at %(printer)s was open already.", printer=name)
    if opened["outcome"] == "processed":
        return tr("The printer %(printer)s has sent the pulse.", printer=name)
    return tr("The pulse was sent; the printer %(printer)s cannot confirm more.", printer=name)
