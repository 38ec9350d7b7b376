"""The papers that a station's virtual printers have put out, over HTTP. Real printers have none: theirs are on the counter."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from comptoir.core.errors import UnknownName
from comptoir.core.units import iso
from comptoir.devices.paper_folder import papers
from comptoir.web.answers import answering, json_answer

SHOWN = 50


class Papers:
    """`folders`: where each virtual printer keeps its papers, by the printer's name."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/printers/{name}/papers", answering(self.list)),
            web.get(r"/api/printers/{name}/papers/{number:\d{1,9}}.{kind:png|txt|bin}", answering(self.show)),
        ]

    async def list(self, request: web.Request) -> web.StreamResponse:
        """Newest first."""
        name = request.match_info["name"]
        found = (await asyncio.to_thread(papers, self._folder(name)))[:SHOWN]
        base = request.path
        described = [
            {"number": p.number, "at": iso(p.at), "text": p.text, "url": f"{base}/{p.number}.png"}
            for p in found
        ]
        return json_answer({"papers": described})

    async def show(self, request: web.Request) -> web.StreamResponse:
        number, kind = int(request.match_info["number"]), request.match_info["kind"]
        path = self._folder(request.match_info["name"]) / f"{number:06d}.{kind}"
        if not path.is_file():
            raise UnknownName(f"there is no paper {number}", "The last 500 are kept.")
        types = {"png": "image/png", "txt": "text/plain; charset=utf-8", "bin": "application/octet-stream"}
        headers = {
            "Content-Type": types[kind],
            "Cache-Control": "private, max-age=3600",
            "X-Content-Type-Options": "nosniff",
        }
        return web.FileResponse(path, headers=headers)

    def _folder(self, name: str) -> Path:
        folder = self._folders.get(name)
        if folder is None:
            raise UnknownName(
                f"“{name}” is no virtual printer", "Only a virtual printer shows its paper here."
            )
        return folder
