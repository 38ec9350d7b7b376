"""What can be done to a station's virtual printers, over HTTP: break them, mend them, push the drawer shut.

Real printers break without us.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web

from comptoir.core.errors import UnknownName
from comptoir.devices.virtual import VirtualDevice
from comptoir.devices.virtual_printer import FAULTS
from comptoir.web.answers import json_answer
from comptoir.web.intake import small_body
from comptoir.web.shapes import Broken


class Breakage:
    """`devices`: the virtual printers, by name."""

    def __init__(self, devices: Mapping[str, VirtualDevice]) -> None:
        self._devices = devices

    def faults(self, name: str) -> dict[str, bool]:
        """What can be wrong with a virtual printer, and whether it is; nothing for a real one."""
        device = self._devices.get(name)
        return {} if device is None else {fault: fault in device.printer.faults for fault in FAULTS}

    def set_faults(self, name: str, faults: Sequence[str]) -> None:
        """From now on these and no others. Raises UnknownName, and RequestError for a fault that there is none of."""
        self._find(name).set_faults(faults)

    def drawer_is_open(self, name: str) -> bool:
        """Whether the drawer of a virtual printer stands open, with or without a sensor."""
        device = self._devices.get(name)
        return device is not None and device.drawer.open

    def close_drawer(self, name: str) -> None:
        """Push it shut. Raises UnknownName."""
        self._find(name).drawer.close()

    def routes(self) -> list[web.RouteDef]:
        """`GET`, `PUT /api/printers/NAME/faults`, `POST /api/printers/NAME/drawer/close`."""
        return [
            web.get("/api/printers/{name}/faults", self._show),
            web.put("/api/printers/{name}/faults", self._set),
            web.post("/api/printers/{name}/drawer/close", self._close),
        ]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        return self._answer(request.match_info["name"])

    async def _set(self, request: web.Request) -> web.StreamResponse:
        broken = await small_body(request, Broken, 'Send {"faults": ["paper"]} as application/json.')
        self.set_faults(request.match_info["name"], broken.faults)
        return self._answer(request.match_info["name"])

    async def _close(self, request: web.Request) -> web.StreamResponse:
        self.close_drawer(request.match_info["name"])
        return self._answer(request.match_info["name"])

    def _answer(self, name: str) -> web.StreamResponse:
        known = self._find(name).snapshot()
        return json_answer(Broken(sorted(known.faults), known.lines, known.waiting, known.drawer_open, known.pulses))

    def _find(self, name: str) -> VirtualDevice:
        device = self._devices.get(name)
        if device is None:
            raise UnknownName(f"“{name}” is no virtual printer", "A real one breaks without us.")
        return device
