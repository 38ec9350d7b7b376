"""A laser printer of an office, as a description for CUPS: two trays, both sides of the paper, three sizes, colours.

Whoever prints on its queue sends PostScript. `pages` draws that again, with Ghostscript.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from PIL import Image

#: name → width and height in points
SIZES: Final = {"A4": (595, 842), "A5": (420, 595), "Letter": (612, 792)}
#: points at each edge that cannot be printed
EDGE: Final = 12
_HEAD: Final = """*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "OFFICE.PPD"
*Manufacturer: "Comptoir"
*Product: "(Office)"
*ModelName: "Comptoir Office"
*ShortNickName: "Comptoir Office"
*NickName: "Comptoir Office"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: True
*DefaultColorSpace: RGB
*FileSystem: False
*Throughput: "20"
*LandscapeOrientation: Plus90
*TTRasterizer: Type42
*DefaultFont: Courier
*Font Courier: Standard "(002.004S)" Standard ROM
"""


def description() -> str:
    """The PPD (Adobe's PostScript Printer Description, 4.3)."""
    sizes = {name: f"<</PageSize[{width} {height}]>>setpagedevice" for name, (width, height) in SIZES.items()}
    lines = [*_choice("PageSize", "A4", sizes), *_choice("PageRegion", "A4", sizes)]
    lines += ["*DefaultImageableArea: A4", "*DefaultPaperDimension: A4"]
    for name, (width, height) in SIZES.items():
        lines.append(f'*ImageableArea {name}: "{EDGE} {EDGE} {width - EDGE} {height - EDGE}"')
        lines.append(f'*PaperDimension {name}: "{width} {height}"')
    trays = {f"{name}/{says}": f"<</MediaPosition {at}>>setpagedevice" for name, says, at in _TRAYS}
    duplex = {
        "None": "<</Duplex false>>setpagedevice",
        "DuplexNoTumble": "<</Duplex true/Tumble false>>setpagedevice",
        "DuplexTumble": "<</Duplex true/Tumble true>>setpagedevice",
    }
    dots = {"300dpi": "<</HWResolution[300 300]>>setpagedevice"}
    lines += [*_choice("InputSlot", "Upper", trays), *_choice("Duplex", "None", duplex)]
    return _HEAD + "\n".join((*lines, *_choice("Resolution", "300dpi", dots), ""))


_TRAYS: Final = (("Upper", "Tray 1", 0), ("Lower", "Tray 2", 1))


def _choice(key: str, usual: str, values: Mapping[str, str]) -> Iterator[str]:
    yield f"*OpenUI *{key}: PickOne"
    yield f"*OrderDependency: 20 AnySetup *{key}"
    yield f"*Default{key}: {usual}"
    yield from (f'*{key} {name}: "{code}"' for name, code in values.items())
    yield f"*CloseUI: *{key}"


def pages(postscript: bytes, folder: Path, dpi: int = 75) -> list[Image.Image]:
    """The pages in greys."""
    folder.mkdir()
    # A page without its own size is one of A4.
    command = ("gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", f"-r{dpi}", "-sDEVICE=pnggray", "-dDEVICEWIDTHPOINTS=595",
               "-dDEVICEHEIGHTPOINTS=842", f"-sOutputFile={folder}/%03d.png", "-")  # fmt: skip
    subprocess.run(command, input=postscript, check=True, capture_output=True, timeout=60)
    return [Image.open(path) for path in sorted(folder.iterdir())]
