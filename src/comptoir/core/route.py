"""Routes: which documents of a source go to which destinations. Pure matching; nothing here moves a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from comptoir.core.document import Document


@dataclass(frozen=True, slots=True)
class Route:
    """Documents of `source` whose name matches one of `match` (shell patterns, case ignored) go to `to`."""

    source: str
    to: tuple[str, ...]
    match: tuple[str, ...] = ("*",)
    #: how these documents are read, where nobody has said it; "" as their bytes tell
    format: str = ""

    def takes(self, source: str, document: Document) -> bool:
        name = document.name.casefold()
        return source == self.source and any(fnmatchcase(name, pattern.casefold()) for pattern in self.match)


def plan(source: str, document: Document, routes: Sequence[Route], default: str) -> tuple[str, ...]:
    """The destinations of a document, each once, in the order of the routes; the default where no route takes it."""
    named = [name for route in routes if route.takes(source, document) for name in route.to]
    return tuple(dict.fromkeys(named)) or (default,)


def format_of(source: str, document: Document, routes: Sequence[Route]) -> str:
    """How a document of which nobody has said it is read, by the first route that says so; "" where none does."""
    return next((route.format for route in routes if route.format and route.takes(source, document)), "")
