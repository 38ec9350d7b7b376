"""Tickets: the markup of receipts for people who are no programmers. Its language is ReceiptLine's (OFSC ReceiptLine).

    markup → statements of a line;  properties → what `{…}` changes;  layout → pages (columns, wrapping, rules, symbols)

It has no escape to the printer's own language: a ticket opens no drawer. What is supported stands in docs/ticket.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from comptoir.core.page import Media, Page
from comptoir.formats.marks import marked
from comptoir.formats.text import decoded
from comptoir.formats.ticket.layout import lay_out


def read(content: bytes, media: Media, attributes: Mapping[str, str]) -> Sequence[Page]:
    """A page for each part between cuts (`=`). Text in UTF-8.

    Raises FormatError, with line and reason, for what is wrong in `{…}`, and for what would be lost on this paper.
    """
    return marked(lay_out(decoded(content), media), attributes)
