"""Tills that speak ePOS-Print: the requests of each Odoo, byte for byte, and the answer read as that Odoo reads it.

The shapes are those of pos_epson_printer/static/src/js/printers.js (Odoo 14 to 16, jQuery), app/epson_printer.js (17,
18, fetch) and point_of_sale/static/src/app/utils/printer/epson_printer.js (19).
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from tests.peers.site import Site

PATH = "/cgi-bin/epos/service.cgi?devid=local_printer"
NAMESPACE = "http://www.epson-pos.com/schemas/2011/03/epos-print"
ENVELOPE = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">\n'
    "            <s:Body>\n"
    f'                <epos-print xmlns="{NAMESPACE}">{{}}</epos-print>\n'
    "            </s:Body>\n"
    "        </s:Envelope>"
)

#: Odoo → the headers that its browser sends, after the Content-Type
JQUERY = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "Accept": "*/*"}
FETCH = {"Content-Type": "text/plain;charset=UTF-8", "Accept": "*/*"}
HEADERS = {"14": JQUERY, "16": JQUERY, "17": FETCH, "18": FETCH, "19": FETCH}


@dataclass(frozen=True)
class Told:
    """What a till has read of the answer."""

    success: bool
    code: str
    status: int
    #: the status line and the type, which jQuery looks at
    http: int
    media_type: str
    job: str


def receipt(width: int, height: int, rows: Sequence[int]) -> str:
    """The XML of a receipt as Odoo encodes it: bits one after the other, the last byte as parseInt leaves it.

    `rows`: a number for each row, whose binary digits are its dots.
    """
    bits = "".join(f"{row:0{width}b}" for row in rows)
    data = bytes(int(bits[start : start + 8], 2) for start in range(0, len(bits), 8))
    image = base64.b64encode(data).decode()
    return ENVELOPE.format(
        f'<image  width="{width}" height="{height}" align="center">{image}</image><cut  type="feed"/>'
    )


def pulse() -> str:
    """What Odoo sends for the drawer."""
    return ENVELOPE.format("<pulse />")


def document(*elements: str) -> str:
    return ENVELOPE.format("".join(elements))


async def send(site: Site, body: str | bytes, odoo: str = "19", path: str = PATH, **headers: str) -> Told:
    """POST it as this Odoo does."""
    data = body.encode() if isinstance(body, str) else body
    answer = await site.ask("POST", path, data, headers={**HEADERS[odoo], **headers})
    return told(answer)


def told(answer: Any) -> Told:
    tree = ElementTree.fromstring(answer.body)
    response = tree.find(f".//{{{NAMESPACE}}}response")
    assert response is not None, answer.body
    job = tree.find(f".//{{{NAMESPACE}}}printjobid")
    return Told(
        success=response.attrib["success"] == "true",
        code=response.attrib["code"],
        status=int(response.attrib["status"]),
        http=answer.status,
        media_type=answer.headers["Content-Type"],
        job="" if job is None else job.text or "",
    )


def printer_status(answer: Told) -> tuple[bool, str, int]:
    """What the answer says of the printer, without the bits that are always the same, and without the drawer's."""
    return answer.success, answer.code, answer.status & ~0x0F000014
