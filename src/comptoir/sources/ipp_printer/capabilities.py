"""What the printer says that it can: everything about it that does not change while it runs, as attributes of IPP.

RFC 8011, PWG 5100.12 (IPP 2.1), PWG 5100.14 (IPP Everywhere), AirPrint's `urf-supported`, and what Windows looks at.
What changes is `status.py`'s.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from comptoir import __version__
from comptoir.arrivals import IppPrinterSourceConfig
from comptoir.core.sheet import A4, PAPERS
from comptoir.sources.ipp_printer import media
from comptoir.wire import ipp_values as v
from comptoir.wire.ipp import Value
from comptoir.wire.ipp_codes import Operation
from comptoir.wire.ipp_request import TEMPLATE

Values = tuple[Value, ...]

MODEL: Final = "Comptoir Capture"
#: documents that are taken, the first as clients like it best
FORMATS: Final = (
    "application/pdf", "image/urf", "image/pwg-raster", "image/jpeg", "image/png", "application/postscript",
    "text/plain", "application/octet-stream",
)  # fmt: skip
ANY: Final = "application/octet-stream"
OPERATIONS: Final = frozenset(Operation) - {Operation.CUPS_GET_PRINTERS}
COMPRESSIONS: Final = ("none", "gzip", "deflate")
MOST_COPIES: Final = 999
#: dots an inch
RESOLUTIONS: Final = (300, 600)
HOLDS: Final = ("no-hold", "indefinite")
#: seconds that an open job may wait for its next document
PATIENCE: Final = 300
ACTIONS: Final = ("display",)
WHICH: Final = ("completed", "not-completed", "all", "aborted", "canceled", "pending", "pending-held", "processing")
EVENTS: Final = (
    "job-completed", "job-created", "job-state-changed", "printer-config-changed", "printer-state-changed",
    "printer-stopped",
)  # fmt: skip
#: seconds
LEASE: Final = 3600
LONGEST_LEASE: Final = 86_400
EVENT_LIFE: Final = 60
_SIDES: Final = ("one-sided", "two-sided-long-edge", "two-sided-short-edge")


@dataclass(frozen=True, slots=True)
class Identity:
    """Which printer it is. uuid: the same for ever. name: as people choose it, and as it is announced."""

    uuid: uuid.UUID
    name: str
    location: str = ""

    @property
    def urn(self) -> str:
        return self.uuid.urn


def identity_of(config: IppPrinterSourceConfig, journal_uid: str) -> Identity:
    """It is bound to the journal: another station's printer of the same name is another one."""
    name = config.description or config.name
    return Identity(uuid.uuid5(uuid.NAMESPACE_URL, f"comptoir:{journal_uid}:{config.name}"), name, config.location)


def urf(config: IppPrinterSourceConfig) -> tuple[str, ...]:
    """What of Apple raster is taken: AirPrint goes by it, and by its shortened copy in DNS-SD."""
    kinds = ("W8", "SRGB24") if config.color else ("W8",)
    duplex = ("DM1",) if config.duplex else ()
    resolution = "RS" + "-".join(map(str, RESOLUTIONS))
    return ("V1.4", "CP255", *kinds, *duplex, "IS1", "MT1", "OB10", "PQ3-4-5", resolution)


def device_id() -> str:
    """IEEE 1284: Windows and macOS choose by it."""
    return f"MFG:Comptoir;MDL:Capture;CMD:PDF,JPEG,PWGRaster,AppleRaster,URF;CLS:PRINTER;DES:{MODEL};"


def template_attributes(config: IppPrinterSourceConfig) -> dict[str, Values]:
    """`xxx-default`, `xxx-supported` of what a job may wish for."""
    sides = _SIDES if config.duplex else _SIDES[:1]
    color = ("auto", "color", "monochrome") if config.color else ("auto", "monochrome")
    return {
        **media.attributes(PAPERS.get(config.paper.lower(), A4)),
        "copies-default": v.integer(1),
        "copies-supported": v.span(1, MOST_COPIES),
        "finishings-default": v.enum(3),
        "finishings-supported": v.enum(3),
        "job-hold-until-default": v.keyword("no-hold"),
        "job-hold-until-supported": v.keyword(*HOLDS),
        "job-priority-default": v.integer(50),
        "job-priority-supported": v.integer(1),
        "job-sheets-default": v.keyword("none"),
        "job-sheets-supported": v.keyword("none"),
        "multiple-document-handling-default": v.keyword("separate-documents-collated-copies"),
        "multiple-document-handling-supported": v.keyword(
            "separate-documents-uncollated-copies", "separate-documents-collated-copies"
        ),
        "orientation-requested-default": v.no_value(),
        "orientation-requested-supported": v.enum(3, 4, 5, 6),
        "output-bin-default": v.keyword("face-down"),
        "output-bin-supported": v.keyword("face-down"),
        "overrides-supported": v.keyword("document-number", "document-numbers", "pages"),
        "page-ranges-supported": v.boolean(True),
        "print-color-mode-default": v.keyword("auto"),
        "print-color-mode-supported": v.keyword(*color),
        "print-content-optimize-default": v.keyword("auto"),
        "print-content-optimize-supported": v.keyword("auto", "graphic", "photo", "text", "text-and-graphic"),
        "print-quality-default": v.enum(4),
        "print-quality-supported": v.enum(3, 4, 5),
        "print-rendering-intent-default": v.keyword("auto"),
        "print-rendering-intent-supported": v.keyword("auto", "relative"),
        "print-scaling-default": v.keyword("auto"),
        "print-scaling-supported": v.keyword("auto", "auto-fit", "fill", "fit", "none"),
        "printer-resolution-default": v.dots(RESOLUTIONS[0]),
        "printer-resolution-supported": v.dots(*RESOLUTIONS),
        "sides-default": v.keyword("one-sided"),
        "sides-supported": v.keyword(*sides),
    }


def description(config: IppPrinterSourceConfig, identity: Identity, largest: int | None) -> dict[str, Values]:
    """All else that does not change."""
    return {
        **_protocol(),
        **_formats(config),
        **_subscriptions(),
        "color-supported": v.boolean(config.color),
        "job-account-id-supported": v.boolean(False),
        "job-accounting-user-id-supported": v.boolean(False),
        "job-k-octets-supported": v.span(0, min((largest or 2**40) // 1024, 2**31 - 1)),
        "pages-per-minute": v.integer(60),
        **({"pages-per-minute-color": v.integer(60)} if config.color else {}),
        "printer-device-id": v.text(device_id()),
        "printer-dns-sd-name": v.name(identity.name),
        "printer-geo-location": v.unknown(),
        "printer-info": v.text(_short(identity.name)),
        "printer-kind": v.keyword("document", "photo"),
        "printer-location": v.text(_short(identity.location)),
        "printer-make-and-model": v.text(MODEL),
        "printer-name": v.name(_short(config.name)),
        "printer-organization": v.text(""),
        "printer-organizational-unit": v.text(""),
        "printer-firmware-name": v.name("Comptoir"),
        "printer-firmware-patches": v.text(""),
        "printer-firmware-string-version": v.text(__version__),
        "printer-firmware-version": v.octets(_numbers(__version__)),
        "printer-input-tray": v.octets(
            b"type=sheetFeedAutoRemovableTray;mediafeed=0;mediaxfeed=0;maxcapacity=-2;level=-2;status=0;name=auto;"
        ),
        "printer-output-tray": v.octets(b"type=unRemovableBin;maxcapacity=-2;remaining=-2;status=0;name=face-down;"),
        "printer-supply": v.octets(
            b"index=1;class=supplyThatIsConsumed;type=toner;unit=percent;maxcapacity=100;level=-3;colorantname=black;"
        ),
        "printer-supply-description": v.text("Black"),
        "printer-uuid": v.uri(identity.urn),
    }


def _protocol() -> dict[str, Values]:
    creation = ("copies", "finishings", "ipp-attribute-fidelity", "job-hold-until", "job-name", "job-priority",
                "job-sheets", *sorted(set(TEMPLATE) - {"job-name", "number-up"}))  # fmt: skip
    return {
        "charset-configured": v.charset("utf-8"),
        "charset-supported": v.charset("utf-8", "us-ascii"),
        "generated-natural-language-supported": v.language("en"),
        "identify-actions-default": v.keyword(ACTIONS[0]),
        "identify-actions-supported": v.keyword(*ACTIONS),
        "ipp-features-supported": v.keyword("airprint-1.7", "ipp-everywhere", "document-object"),
        "ipp-versions-supported": v.keyword("1.0", "1.1", "2.0", "2.1"),
        "job-creation-attributes-supported": v.keyword(*dict.fromkeys(creation)),
        "job-ids-supported": v.boolean(True),
        "job-settable-attributes-supported": v.keyword("none"),
        "multiple-document-jobs-supported": v.boolean(True),
        "multiple-operation-time-out": v.integer(PATIENCE),
        "multiple-operation-time-out-action": v.keyword("process-job"),
        "natural-language-configured": v.language("en"),
        "operations-supported": v.enum(*sorted(OPERATIONS)),
        "pdl-override-supported": v.keyword("attempted"),
        "preferred-attributes-supported": v.boolean(False),
        "printer-get-attributes-supported": v.keyword("document-format"),
        "printer-settable-attributes-supported": v.keyword("none"),
        "which-jobs-supported": v.keyword(*WHICH),
    }


def _formats(config: IppPrinterSourceConfig) -> dict[str, Values]:
    types = ("sgray_8", "srgb_8") if config.color else ("sgray_8",)
    return {
        "compression-default": v.keyword("none"),
        "compression-supported": v.keyword(*COMPRESSIONS),
        "document-format-default": v.mime(ANY),
        "document-format-preferred": v.mime(FORMATS[0]),
        "document-format-supported": v.mime(*FORMATS),
        "jpeg-k-octets-supported": v.span(0, 1 << 20),
        "pdf-k-octets-supported": v.span(0, 1 << 20),
        "pdf-versions-supported": v.keyword("adobe-1.4", "adobe-1.5", "adobe-1.6", "adobe-1.7", "iso-32000-1_2008"),
        "pwg-raster-document-resolution-supported": v.dots(*RESOLUTIONS),
        "pwg-raster-document-sheet-back": v.keyword("normal"),
        "pwg-raster-document-type-supported": v.keyword("black_1", *types),
        "urf-supported": v.keyword(*urf(config)),
    }


def _subscriptions() -> dict[str, Values]:
    return {
        "ippget-event-life": v.integer(EVENT_LIFE),
        "notify-attributes-supported": v.keyword("printer-state-change-time"),
        "notify-events-default": v.keyword("job-completed"),
        "notify-events-supported": v.keyword(*EVENTS),
        "notify-lease-duration-default": v.integer(LEASE),
        "notify-lease-duration-supported": v.span(0, LONGEST_LEASE),
        "notify-max-events-supported": v.integer(len(EVENTS)),
        "notify-pull-method-supported": v.keyword("ippget"),
    }


def unsupported(template: dict[str, Values], supported: dict[str, Values]) -> dict[str, Values]:
    """The wishes that this printer does not have among its `xxx-supported`, RFC 8011 §4.1.7."""
    return {name: values for name, values in template.items() if not _fits(name, values, supported)}


def _fits(name: str, values: Values, supported: dict[str, Values]) -> bool:
    match name:
        case "copies":
            return all(isinstance(one.value, int) and 1 <= one.value <= MOST_COPIES for one in values)
        case "job-priority":
            return all(isinstance(one.value, int) and 1 <= one.value <= 100 for one in values)
        case "page-ranges":
            bounds = [one.value for one in values if isinstance(one.value, tuple)]
            return all(low >= 1 and high >= low for low, high in bounds)
        case "media-col" | "overrides" | "job-name":
            return True
    known = {one.value for one in supported.get(f"{name}-supported", ())}
    return all(one.value in known for one in values)


def formats_fit(said: Sequence[str]) -> bool:
    """Whether documents said to be of these media types are taken; parameters do not matter."""
    return all(one.partition(";")[0].strip().lower() in FORMATS for one in said)


def _short(said: str) -> str:
    return v.shortened(said, 127)


def _numbers(version: str) -> bytes:
    """A version for programs: two bytes a number."""
    parts = [part for part in version.split(".") if part.isdigit()]
    return b"".join(min(int(part), 65535).to_bytes(2) for part in (*parts, "0", "0")[:3])
