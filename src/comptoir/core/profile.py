"""What a model of printer can do: paper, characters, commands, answers. A value; it is read and overridden elsewhere.

A language encodes for a profile, so that one language serves all models that speak it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from comptoir.core.page import Media

#: How a printer can say that it has printed (strongest first). `process-id`: it sends back the number of the job when
#: the paper is printed; `counter`: it counts the marks that it has passed while printing; `in-order`: it answers a
#: question when all before it has been processed.
Confirm = Literal["process-id", "counter", "in-order"]
#: Codecs of the two-byte characters that a printer has in its ROM; "" where it has none.
Kanji = Literal["", "gb18030", "cp932", "big5", "cp949"]
Cut = Literal["partial", "full", "none"]


@dataclass(frozen=True, slots=True)
class Profile:
    """One model. `code_pages`: slot → Python codec, in the order in which they are to be tried."""

    name: str = "default"
    media: Media = field(default_factory=Media)
    code_pages: Mapping[int, str] = field(default_factory=dict)
    kanji: Kanji = ""
    cut: Cut = "partial"
    #: symbols that the printer draws itself; False: they are sent as pictures
    barcodes: bool = True
    qr: bool = True
    #: rows of a picture in one command: the buffer of small printers is small
    strip: int = 128
    #: pictures as columns of 24 dots, for printers without raster pictures
    columns_only: bool = False
    buzzer: bool = False
    #: connector pins on which a drawer can hang
    drawer_pins: tuple[int, ...] = (2, 5)
    #: whether it may be asked for its state: some models choke on that
    status: bool = True
    #: what it is known to confirm by, strongest first; a probe knows better
    confirms: tuple[Confirm, ...] = ("in-order",)


DEFAULT = Profile()


@dataclass(frozen=True, slots=True)
class DrawerPulse:
    """One pulse for a cash drawer: connector pin 2 or 5, milliseconds on, milliseconds off.

    `command`: the bytes to send instead, where the configuration gives them.
    """

    pin: int = 2
    on_ms: int = 50
    off_ms: int = 500
    command: bytes = b""


@dataclass(frozen=True, slots=True)
class PrinterState:
    """What a printer has said about itself, the latest of each. Words are printer-state-reasons, RFC 8011 §5.4.12.

    heard: it has said something at all. problems: what keeps it from printing; notices: what will. drawer_high: the
    level of the drawer's sensor pin, None where never told; whether high means open is the wiring's.
    """

    heard: bool = False
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    drawer_high: bool | None = None
