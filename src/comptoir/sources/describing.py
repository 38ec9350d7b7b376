"""What a print stream says of itself, in whatever language it is: `core.print_header`, or the head of a receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from comptoir.core.document import RAW
from comptoir.core.print_header import PrintHeader, first_line, print_header

#: what is no receipt, though nobody knows its type: the languages of label printers
_LABELS: Final = (b"^XA", b"~", b"CT~", b"N\r\n", b"N\n", b"SIZE ", b"\x02L")


def described(head: bytes, media_type: str) -> PrintHeader:
    """`head`: the first bytes of the document."""
    header = print_header(head)
    if header.title or head.lstrip(b"\r\n \0").startswith(_LABELS):
        return header
    if media_type == RAW:
        from comptoir.languages.escpos.heading import heading  # noqa: PLC0415 - loads what draws receipts

        return replace(header, title=heading(head))
    return replace(header, title=first_line(head)) if media_type.startswith("text/") else header


def wishes_in(header: PrintHeader) -> Mapping[str, str]:
    """As attributes of a capture. The copies that the document itself asks for are told, and not asked for again."""
    said = {"sides": header.sides, "copies-in-document": str(header.copies) if header.copies > 1 else ""}
    return {name: value for name, value in said.items() if value}
