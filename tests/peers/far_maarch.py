"""The archive as a far side of the contract suite, behind a line that can break; and what tests of its sink share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.peers.far import Arrival
from tests.peers.line import Line
from tests.peers.maarch import TOKEN, Maarch
from tests.peers.services import free_port

from comptoir.destinations import MaarchConfig


class FarMaarch:
    """`tests.peers.far.Far` for the archive. `archive`: the server itself."""

    secrets = (TOKEN,)

    def __init__(self, folder: Path) -> None:
        self.archive = Maarch(keeps=1 << 30)
        self.line: Line
        self.token_file = folder / "laabs.token"
        self.token_file.write_text(f"{TOKEN}\n", "utf-8")

    async def __aenter__(self) -> FarMaarch:
        await self.archive.start()
        self.line = await Line(self.archive.port).__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.line.__aexit__(None, None, None)
        await self.archive.stop()

    def config(self, **keys: Any) -> MaarchConfig:
        url = f"http://127.0.0.1:{self.line.port}"
        return MaarchConfig(**{"name": "archives", "url": url, "token_file": "laabs.token", "timeout": "30 s", **keys})

    def nobody(self) -> MaarchConfig:
        return self.config(url=f"http://127.0.0.1:{free_port()}")

    async def arrivals(self) -> list[Arrival]:
        return [
            Arrival(resource["fileName"], content, one.id if len(one.resources) > 1 else "", one.values)
            for one in self.archive.archives.values()
            for resource, content in zip(one.resources, one.contents, strict=True)
        ]

    async def halves(self) -> list[str]:
        return []

    def cut(self, after: int) -> None:
        self.line.cut(after)

    def lose_answer(self, after: int) -> None:
        self.line.lose_answer(after)

    def lock(self) -> None:
        self.archive.token = "another"

    def fill(self) -> None:
        self.archive.always = "503"

    def connections(self) -> int:
        return self.line.open
