"""`comptoir up` on a Windows of the tests; its network printers stand on the Linux side, where a test breaks them."""

from __future__ import annotations

import itertools
import json
import urllib.request
from dataclasses import dataclass
from pathlib import Path, PurePath
from types import TracebackType

from tests.peers.services import PATIENCE, free_port
from tests.peers.shop import Shop
from tests.peers.wine import Wine, WineService

#: seconds for a command that waits until the service has started, and says why where it has not
LONGEST = 140.0
_numbers = itertools.count(1)


class WineShop(Shop):
    """A shop whose station and hub run under Wine. `home`: the folder of all that is the shop's, on C:."""

    #: the last that `up` says
    ready = "Ctrl+C"

    def __init__(self, wine: Wine, *names: str, config: str = "", exe: PurePath | None = None) -> None:
        """`exe`: the program that is run, instead of the sources."""
        super().__init__(wine.drive / f"shop {next(_numbers)}", *names, config=config)
        self.wine = wine
        self.data = wine.path(self.folder / "data")
        port, hub_port = free_port(), free_port()
        arguments = ["up", "--no-browser", "--data", self.data, "--port", str(port), "--hub-port", str(hub_port)]
        self.station = WineService(arguments, f"http://127.0.0.1:{port}", wine=wine, exe=exe)
        self.station.environ["COMPTOIR_LANGUAGE"] = "en"
        #: of its sources, by their names
        self.ports: dict[str, int] = {}
        self.hub = f"http://127.0.0.1:{hub_port}"

    def restart(self) -> None:
        """After a power cut. Connections of a process end with it on Windows; Wine 8 keeps those open on which an
        answer had just come, and the printer would wait for the dead one."""
        self.station.kill()
        for printer in self.printers.values():
            printer.cut()
        self.station.start(self.ready)

    def raw(self, printer: str, content: bytes) -> int:
        """Accept these bytes, for a printer that gets them as they are; the job's number."""
        url = f"{self.station.url}/api/print?printer={printer}&format=raw"
        request = urllib.request.Request(url, content, {"Content-Type": "application/octet-stream"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            job: int = json.load(answer)["id"]
            return job


@dataclass
class InstalledService(WineService):
    """Comptoir as the service of this Windows: `start` installs it, and nothing of it runs in a process of ours."""

    #: its data, as we see the folder
    folder: Path = Path()
    installed: bool = False

    def start(self, ready: str) -> None:
        assert self.wine is not None
        self.installed = True
        self.act("install", "--data", self.wine.path(self.folder))

    def remove(self) -> None:
        self.installed = False
        self.act("uninstall")

    def status(self) -> str:
        """absent, stopped, starting, running, stopping, failed."""
        _, said = self.command("service", "status", "--json")
        return str(json.loads(said)["status"])

    def act(self, *words: str) -> str:
        """`comptoir service …`; what it says. Raises AssertionError."""
        code, said = self.command("service", *words)
        assert (code, "Traceback" in said) == (0, False), f"{said}\n{self.log()}"
        return said

    def command(self, *words: str) -> tuple[int, str]:
        """`comptoir …`, as it is installed."""
        assert self.wine is not None
        given = words if self.exe else (*self.program, *words)
        return self.wine.run(*given, program=self.exe, timeout=LONGEST)

    def log(self) -> str:
        """What the service has written, as far as it came."""
        return "".join(path.read_text("utf-8", "replace") for path in sorted(self.folder.glob("logs/*.log")))


class ServiceShop(Shop):
    """A shop whose station is a service of Windows: installed when it is entered, removed when it is left."""

    def __init__(self, wine: Wine, *names: str, exe: PurePath | None = None) -> None:
        port = free_port()
        config = f"[station]\nport = {port}\n"
        super().__init__(wine.drive / "ProgramData" / f"Comptoir é {next(_numbers)}", *names, config=config)
        self.wine = wine
        self.data = wine.path(self.folder / "data")
        self.service = InstalledService([], f"http://127.0.0.1:{port}", wine=wine, exe=exe)
        self.service.folder = self.folder / "data"
        self.station = self.service

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self.service.installed:
                self.service.remove()
        finally:
            super().__exit__(kind, error, trace)
