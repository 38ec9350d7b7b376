"""What an IPP printer says that it is, can and has: an answer to Get-Printer-Attributes as a value. It asks nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from comptoir.core.errors import FormatError
from comptoir.core.job import (
    COVER_OPEN,
    CUTTER_JAM,
    NO_PAPER,
    NO_RIBBON,
    OTHER_ERROR,
    OUTPUT_FULL,
    PAUSED,
    PRINTER_OFFLINE,
)
from comptoir.core.sheet import A4, Ink, Paper, Wishes, paper_of
from comptoir.wire.ipp import Group, Range, Resolution, Tag, Value
from comptoir.wire.ipp_codes import Operation, PrinterStatus

if TYPE_CHECKING:
    from comptoir.languages.pwg import Back

#: what is asked of a printer
ASKED: Final = (
    "printer-state", "printer-state-reasons", "printer-state-message", "printer-is-accepting-jobs",
    "printer-make-and-model", "printer-firmware-string-version", "operations-supported", "document-format-supported",
    "copies-supported", "sides-supported", "print-scaling-supported", "media-default", "media-ready",
    "media-col-supported", "media-source-supported", "multiple-document-handling-supported",
    "pwg-raster-document-resolution-supported", "pwg-raster-document-type-supported",
    "pwg-raster-document-sheet-back", "print-color-mode-default",
)  # fmt: skip

#: `printer-state-reasons`, RFC 8011 §5.4.12, without their severity → the words that pages have sentences for
_REASONS: Final[Mapping[str, str]] = {
    "media-empty": NO_PAPER,
    "media-needed": NO_PAPER,
    "media-jam": CUTTER_JAM,
    "cover-open": COVER_OPEN,
    "door-open": COVER_OPEN,
    "interlock-open": COVER_OPEN,
    "input-tray-missing": COVER_OPEN,
    "toner-empty": NO_RIBBON,
    "marker-supply-empty": NO_RIBBON,
    "marker-waste-full": OTHER_ERROR,
    "output-area-full": OUTPUT_FULL,
    "output-tray-missing": OUTPUT_FULL,
    "paused": PAUSED,
    "moving-to-paused": PAUSED,
    "offline": PRINTER_OFFLINE,
    "shutdown": PRINTER_OFFLINE,
    "connecting-to-device": PRINTER_OFFLINE,
    "timed-out": PRINTER_OFFLINE,
}
_SEVERITIES: Final = ("-error", "-warning", "-report")
#: reasons that do not stop a printer → notices that pages know
_NOTICES: Final[Mapping[str, str]] = {"media-low": "media-low-report"}
_NOTHING: Final = (
    "none",
    "cups-insecure-filter-warning",
    "cups-missing-filter-warning",
    "cups-waiting-for-job-completed",
)

RASTER: Final = "image/pwg-raster"


@dataclass(frozen=True, slots=True)
class IppPrinter:
    """One answer of a printer. `problems`: what keeps it from printing, in its words; `words`: its own sentence."""

    accepting: bool = True
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    words: str = ""
    identity: tuple[str, ...] = ()
    operations: frozenset[int] = frozenset()
    formats: tuple[str, ...] = ()
    most_copies: int = 1
    sides: tuple[str, ...] = ()
    scaling: tuple[str, ...] = ()
    trays: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    handling: tuple[str, ...] = ()
    paper: Paper = A4
    dpi: int = 300
    ink: Ink = "greys"
    back: Back = "normal"
    state: int = field(default=PrinterStatus.IDLE, compare=False)

    def can(self, *operations: Operation) -> bool:
        return all(operation in self.operations for operation in operations)


def reason_of(word: str) -> str:
    """A printer's keyword as one that pages have a sentence for."""
    return _REASONS.get(_bare(word), OTHER_ERROR)


def printer_of(group: Group) -> IppPrinter:
    """The printer that these attributes describe; what it does not say is as it is with most."""
    state = group.number("printer-state") or PrinterStatus.IDLE
    said = tuple(word for word in group.texts("printer-state-reasons") if word not in _NOTHING)
    stopped = state == PrinterStatus.STOPPED
    problems = tuple(word for word in said if stopped and not word.endswith(("-warning", "-report"))) if said else ()
    if stopped and not problems:
        problems = said or ("paused",)
    copies = group.first("copies-supported")
    firmware = " ".join(group.texts("printer-firmware-string-version")[:1])
    return IppPrinter(
        accepting=group.first("printer-is-accepting-jobs") is not False,
        problems=problems,
        notices=tuple(_NOTICES[_bare(word)] for word in said if _bare(word) in _NOTICES),
        words=" ".join(group.texts("printer-state-message")[:1]),
        identity=tuple(text for text in (*group.texts("printer-make-and-model")[:1], firmware) if text),
        operations=frozenset(one for one in group.all("operations-supported") if isinstance(one, int)),
        formats=tuple(one.lower() for one in group.texts("document-format-supported")),
        most_copies=copies.high if isinstance(copies, Range) else 1,
        sides=group.texts("sides-supported"),
        scaling=group.texts("print-scaling-supported"),
        trays=group.texts("media-source-supported"),
        columns=group.texts("media-col-supported"),
        handling=group.texts("multiple-document-handling-supported"),
        paper=_paper(group),
        dpi=_dpi(group),
        ink=_ink(group),
        back=_back(group),
        state=state,
    )


def _bare(word: str) -> str:
    for severity in _SEVERITIES:
        word = word.removesuffix(severity)
    return word


def _paper(group: Group) -> Paper:
    """What lies in it, else what it takes for the usual."""
    for name in (*group.texts("media-ready"), *group.texts("media-default")):
        try:
            return paper_of(name)
        except FormatError:
            continue
    return A4


def _dpi(group: Group) -> int:
    """300 where it has that, else the next above: letters are sharp, and a side is drawn in a moment."""
    known = {
        one.across
        for one in group.all("pwg-raster-document-resolution-supported")
        if isinstance(one, Resolution) and one.unit == 3 and one.across == one.along and 72 <= one.across <= 1200
    }
    return min(known, key=lambda dpi: (dpi < 300, abs(dpi - 300))) if known else 300


def _ink(group: Group) -> Ink:
    types = group.texts("pwg-raster-document-type-supported")
    colours = "srgb_8" in types and group.first("print-color-mode-default") not in ("monochrome", "bi-level")
    return "colours" if colours or (types and "sgray_8" not in types) else "greys"


def _back(group: Group) -> Back:
    word = group.first("pwg-raster-document-sheet-back")
    match word:
        case "flipped" | "rotated" | "manual-tumble":
            return word
    return "normal"


Values = dict[str, tuple[Value, ...]]


def template(wishes: Wishes, printer: IppPrinter, copies: int, form: str) -> tuple[Values, tuple[str, ...]]:
    """The job template for these wishes, as far as the printer can; and what it cannot, in IPP's words."""
    job: Values = {}
    lacking: list[str] = []

    def wish(name: str, tag: int, value: str | int, known: tuple[str, ...]) -> None:
        if known and value not in known:
            lacking.append(f"{name}={value}")
        else:
            job[name] = (Value(tag, value),)

    if copies > 1:
        job["copies"] = (Value(Tag.INTEGER, copies),)
        collated: Literal["separate-documents-collated-copies"] = "separate-documents-collated-copies"
        if collated in printer.handling:
            job["multiple-document-handling"] = (Value(Tag.KEYWORD, collated),)
    if wishes.sides:
        wish("sides", Tag.KEYWORD, wishes.sides, printer.sides)
    if wishes.scaling != "auto" and form != RASTER:
        wish("print-scaling", Tag.KEYWORD, wishes.scaling, printer.scaling or ("",))
    if wishes.tray and ("media-source" in printer.columns or not printer.columns):
        if printer.trays and wishes.tray not in printer.trays:
            lacking.append(f"media-source={wishes.tray}")
        else:
            job["media-col"] = (Value(Tag.COLLECTION, _media(wishes, printer)),)
    elif wishes.tray:
        lacking.append(f"media-source={wishes.tray}")
    if wishes.media and "media-col" not in job:
        job["media"] = (Value(Tag.KEYWORD, wishes.media),)
    return job, tuple(lacking)


def _media(wishes: Wishes, printer: IppPrinter) -> Values:
    """A tray, and the paper that is wanted from it (PWG 5100.7 §6.3)."""
    paper = paper_of(wishes.media) if wishes.media else printer.paper
    size: Values = {
        "x-dimension": (Value(Tag.INTEGER, paper.width),),
        "y-dimension": (Value(Tag.INTEGER, paper.height),),
    }
    return {"media-size": (Value(Tag.COLLECTION, size),), "media-source": (Value(Tag.KEYWORD, wishes.tray),)}
