"""A printer's driver for tests: it draws the sheets as pictures into a folder, and fails as it is told to.

`python -m tests.peers.driver FOLDER TROUBLE` is the process that holds it. FOLDER gets a line of what it was asked in
`asked`, and `1.png`, `2.png` … for each side of a document that came to its end.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PIL import Image

from comptoir.windows.driver import Area, Band, Capabilities, Settings
from comptoir.windows.driver_main import serve

CAN = Capabilities(
    papers=((9, 2100, 2970), (11, 1480, 2100)), bins=((1, "Tray 1"), (262, "Bac 2")), two_sided=True, copies=99,
    colour=True, port="IP_192.168.1.50", driver="Stand-in 2000",
)  # fmt: skip
DPI = 75
MARGIN = 12
SIZES = {0: (620, 877), 9: (620, 877), 11: (437, 620)}


class PaperDriver:
    """Implements comptoir.windows.driver.Driver. trouble: "look", "begin", "band"… is refused; "crash-band": it dies
    there; "slow-look": it hangs; "sorts": it makes copies; "sorts-not": it says so, and does not."""

    def __init__(self, folder: Path, trouble: str = "") -> None:
        self._folder = folder
        self._trouble = trouble
        self._size = (0, 0)
        self._sides: list[Image.Image] = []
        self._document = False

    def _say(self, task: str, *what: object) -> None:
        with (self._folder / "asked").open("a") as file:
            print(task, *what, file=file)
        if self._trouble == f"crash-{task}":
            os._exit(3)
        if self._trouble == f"slow-{task}":
            sys.stdin.buffer.read()
        if self._trouble == task:
            raise OSError(5, "Access is denied.")

    def look(self, printer: str) -> Capabilities:
        self._say("look", printer)
        changes = {"collates": self._trouble in ("sorts", "sorts-not")}
        if self._trouble == "file":
            return Capabilities(port="PORTPROMPT:")
        return Capabilities(**{name: changes.get(name, getattr(CAN, name)) for name in CAN.__struct_fields__})

    def set(self, settings: Settings) -> Area:
        self._say("set", *(f"{name}={getattr(settings, name)}" for name in settings.__struct_fields__))
        self._size = width, height = SIZES.get(settings.paper, SIZES[0])
        return Area(
            width=width - 2 * MARGIN, height=height - 2 * MARGIN, dpi_x=DPI, dpi_y=DPI, paper_width=width,
            paper_height=height, left=MARGIN, top=MARGIN, two_sided=settings.sides > 1,
            copies=1 if self._trouble == "sorts-not" else settings.copies,
        )  # fmt: skip

    def begin(self, title: str) -> int:
        self._say("begin", title)
        self._document = True
        return 12

    def side(self) -> None:
        self._say("side")
        self._sides.append(Image.new("RGB", self._size, "white"))

    def band(self, band: Band, dots: bytes) -> None:
        self._say("band")
        mode = {"black": "1", "greys": "L", "colours": "RGB"}[band.ink]
        picture = Image.frombuffer(mode, (band.width, band.height), dots, "raw", mode, 0, 1)
        part = picture.crop((band.first, 0, band.last, band.height)).resize((band.across, band.down))
        self._sides[-1].paste(part, (MARGIN + band.left, MARGIN + band.top))

    def end(self) -> None:
        self._say("end")
        self._document = False
        for number, side in enumerate(self._sides, 1):
            side.save(self._folder / f"{number}.png")

    def abort(self) -> None:
        if self._document:
            self._document = False
            self._say("abort")


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer, PaperDriver(Path(sys.argv[1]), *sys.argv[2:]))
