"""The papers that a station's virtual printers have put out, over HTTP.

Real printers have none here: theirs are on the counter.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from aiohttp import web

from comptoir.core.errors import UnknownName
from comptoir.core.page import Media
from comptoir.core.units import iso
from comptoir.devices.paper_folder import KEPT, papers
from comptoir.languages.escpos.render import render
from comptoir.web.answers import json_answer

#: papers in a list
SHOWN: Final = 50
TYPES: Final = {"png": "image/png", "txt": "text/plain; charset=utf-8", "bin": "application/octet-stream"}


class Papers:
    """`folders`: where each virtual printer keeps its papers, by the printer's name."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/printers/{name}/papers", self.list),
            web.get(r"/api/printers/{name}/papers/{number:\d{1,9}}.{kind:png|txt|bin}", self.show),
        ]

    async def list(self, request: web.Request) -> web.StreamResponse:
        """`GET …/papers`: the last ones, newest first; `url` is the picture. Raises UnknownName."""
        name = request.match_info["name"]
        found = (await asyncio.to_thread(papers, self._folder(name)))[:SHOWN]
        base = request.rel_url.raw_path  # as it was asked for: a printer's name may have what an address may not
        described = [
            {"number": p.number, "at": iso(p.time), "text": p.text, "url": f"{base}/{p.number}.png"} for p in found
        ]
        return json_answer({"papers": described})

    async def show(self, request: web.Request) -> web.StreamResponse:
        """`GET …/papers/NUMBER.png` (as it looks), `.txt` (as it reads), `.bin` (as received). Raises UnknownName."""
        number, kind = int(request.match_info["number"]), request.match_info["kind"]
        path = self._folder(request.match_info["name"]) / f"{number:06d}.{kind}"
        headers = {
            "Content-Type": TYPES[kind],
            "Cache-Control": "private, max-age=3600",
            "X-Content-Type-Options": "nosniff",
        }
        if await asyncio.to_thread(path.is_file):
            return web.FileResponse(path, headers=headers)
        return web.Response(body=await asyncio.to_thread(_drawn, path, number, kind), headers=headers)

    def _folder(self, name: str) -> Path:
        folder = self._folders.get(name)
        if folder is None:
            raise UnknownName(f"“{name}” is no virtual printer", "Only a virtual printer shows its paper here.")
        return folder


def _drawn(path: Path, number: int, kind: str) -> bytes:
    """A paper whose picture is not there yet, or never was because the power went. Raises UnknownName."""
    try:
        data = path.with_suffix(".bin").read_bytes()
    except FileNotFoundError:
        raise UnknownName(f"there is no paper {number}", f"The last {KEPT} are kept.") from None
    return render(data, "text" if kind == "txt" else kind, Media())
