"""What is printed around a document by order of the job, the same for every format: DUPLICATA on a reprint.

It reads the attributes; it does not decide that something is a reprint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from comptoir.core.page import Line, Page, Style

DUPLICATA: Final = Line("DUPLICATA", Style(bold=True, align="center"))


def marked(pages: Sequence[Page], attributes: Mapping[str, str]) -> Sequence[Page]:
    """The pages, each with DUPLICATA above it where `attributes["duplicata"]` is "yes"."""
    if attributes.get("duplicata") != "yes":
        return pages
    return [replace(page, elements=(DUPLICATA, *page.elements)) for page in pages]
