"""A till of Odoo in a browser, for tests: it calls as the page of Odoo 13 to 19 does, and reads what that reads."""

from __future__ import annotations

import base64
import io
import json
from itertools import count
from typing import Any, Final

from PIL import Image, ImageDraw
from tests.peers.site import Answer, Site

from comptoir.core.page import Picture
from comptoir.devices.virtual import VirtualDevice
from comptoir.devices.virtual_printer import Printed

ODOO: Final = "https://shop.odoo.com"


class RpcError(Exception):
    """What Odoo's client throws for an answer with an error: it shows `data.arguments[0]` in a box."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.code = error["code"]
        self.name = error["data"]["name"]
        self.shown = error["data"]["arguments"][0]


class Till:
    """The page. `origin`: where it comes from."""

    def __init__(self, site: Site, origin: str = ODOO) -> None:
        self._site = site
        self._ids = count()
        self._headers = {
            "Origin": origin,
            "Referer": f"{origin}/",
            "Sec-Fetch-Site": "cross-site",
            "Sec-Fetch-Mode": "cors",
            "Sec-Fetch-Dest": "empty",
        }
        #: HTTP status of the last answer
        self.status = 0

    async def hello(self) -> bool:
        """The first thing that the page asks; it reads only whether it went well."""
        answer = await self._site.ask("GET", "/hw_proxy/hello", headers=self._headers)
        self._check_readable(answer)
        return answer.status == 200

    async def rpc(self, path: str, params: dict[str, Any] | None = None) -> Any:
        """A call as the web client makes it: the browser asks first. Raises RpcError; AssertionError where the page
        could not read the answer."""
        number = next(self._ids)
        body = {"id": number, "jsonrpc": "2.0", "method": "call", "params": params or {}}
        await self._ask_first(path)
        answer = await self._site.ask("POST", path, body, self._headers)
        self.status = answer.status
        self._check_readable(answer)
        told = json.loads(answer.body)
        assert told["jsonrpc"] == "2.0"
        if "error" in told:
            raise RpcError(told["error"])
        assert told["id"] == number
        return told["result"]

    async def action(self, data: dict[str, Any]) -> Any:
        """As HWPrinter.sendAction."""
        return await self.rpc("/hw_proxy/default_printer_action", {"data": data})

    async def print(self, receipt: str) -> bool:
        """As BasePrinter.printReceipt: whether the page takes it for printed."""
        result = await self.action({"action": "print_receipt", "receipt": receipt})
        return not (not result or (isinstance(result, dict) and result.get("result") is False))

    async def cashbox(self) -> Any:
        return await self.action({"action": "cashbox"})

    async def _ask_first(self, path: str) -> None:
        asked = {
            **self._headers,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        }
        answer = await self._site.ask("OPTIONS", path, headers=asked)
        self._check_readable(answer)
        assert "content-type" in answer.headers["Access-Control-Allow-Headers"].lower()

    def _check_readable(self, answer: Answer) -> None:
        assert answer.headers.get("Access-Control-Allow-Origin") == self._headers["Origin"], (
            "a browser keeps this answer from the page",
            answer,
        )


def receipt(mark: int = 0, kind: str = "PNG", width: int = 512, height: int = 200) -> tuple[str, bytes]:
    """A receipt as the page draws it, in base64, and its dots (see core.page.Picture). Another `mark`: another one.

    `width` is a multiple of 8.
    """
    picture = Image.new("1", (width, height), 1)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, width - 1, height - 1), outline=0, width=8)
    draw.rectangle((40, 40 + mark, 300, 80 + mark), fill=0)
    file = io.BytesIO()
    picture.convert("L").save(file, kind, quality=95)
    dots = bytes(eight ^ 0xFF for eight in picture.tobytes())  # 1 is white there, black on paper
    return base64.b64encode(file.getvalue()).decode(), dots


class Rolls:
    """The papers of a virtual printer."""

    def __init__(self, device: VirtualDevice) -> None:
        self.papers: list[Printed] = []
        device.on_printed.append(self.papers.append)

    @property
    def dots(self) -> list[bytes]:
        """The picture on each paper."""
        return [b"".join(e.bits for e in one.paper.elements if isinstance(e, Picture)) for one in self.papers]

    @property
    def texts(self) -> list[str]:
        return [one.paper.text for one in self.papers]
