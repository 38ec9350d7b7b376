"""Bytes that others have made for a receipt printer: sent as they are, but that no drawer opens late, and that a
reprint says what it is. Those for other printers cannot be read here, and are not changed.
"""

from __future__ import annotations

from typing import Final

from comptoir.core.document import SPOKEN
from comptoir.core.errors import FormatError
from comptoir.core.job import Job
from comptoir.core.ports import Language
from comptoir.core.profile import DEFAULT

#: ms; who stands at the till has gone on by then, and a drawer would open for nobody (0009)
LATE: Final = 2_000
#: bytes of a receipt that is drawn
LARGEST: Final = 2 * 1024 * 1024


def is_ready_made(job: Job, language: Language) -> bool:
    """Whether this job's bytes are those of a receipt, as this printer reads them."""
    if job.format != "raw" or job.document.media_type in SPOKEN:
        return False
    from comptoir.languages.escpos import Escpos  # noqa: PLC0415 - only where somebody sends such bytes

    return isinstance(language, Escpos)


def safe(job: Job, data: bytes, now: int) -> bytes:
    """What may be sent of them at this moment (ms): a pulse for the drawer goes now or never.

    None goes that was captured: who may print on a port may not open a drawer. Port 9100 asks the drawer's own guard.
    """
    from comptoir.languages.escpos.pulses import without_pulses  # noqa: PLC0415

    captured = job.original is None and "source" in job.attributes
    return without_pulses(data) if captured or not 0 <= now - job.created_at <= LATE else data


def as_picture(data: bytes) -> bytes:
    """A PNG of what they print, on which DUPLICATA can be written. Raises FormatError."""
    from comptoir.languages.escpos.render import render_on  # noqa: PLC0415

    if len(data) > LARGEST:
        raise FormatError("this print is too long to be drawn", "Print it with the program that it is from.")
    return render_on(DEFAULT, data, "png")
