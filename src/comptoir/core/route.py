"""Routes: which documents of a source go to which destinations. Pure matching; nothing here moves a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from unicodedata import normalize

from comptoir.core.document import Document
from comptoir.core.intake import Candidate


@dataclass(frozen=True, slots=True)
class Route:
    """Documents of `source` whose name matches one of `match` (shell patterns, case ignored) go to `to`.

    A pattern with / in it is held against the whole path, as those of the sources are. Documents must match `types` (of
    the content), `folder` (the directory below the source's folder, "" for itself) and the size, too, where such are
    given: `larger` bytes or more, fewer than `smaller`, so that two routes with the same bound share all files.
    """

    source: str
    to: tuple[str, ...]
    match: tuple[str, ...] = ("*",)
    #: how these documents are read, where nobody has said it; "" as their bytes tell
    format: str = ""
    types: tuple[str, ...] = ()
    folder: tuple[str, ...] = ()
    larger: int | None = None
    smaller: int | None = None

    def takes(self, source: str, document: Document) -> bool:
        """Whether this is for a document that somebody has sent: it lies in no directory."""
        return self.matches(Candidate(source, document.name, document.size, 0, document.media_type))

    def matches(self, candidate: Candidate) -> bool:
        """Whether this is for a file."""
        return (
            candidate.source == self.source
            and any(_is_one_of(candidate.path if "/" in one else candidate.file, (one,)) for one in self.match)
            and (not self.types or _is_one_of(candidate.media_type, self.types))
            and (not self.folder or _is_one_of(candidate.folder, self.folder))
            and (self.larger is None or candidate.size >= self.larger)
            and (self.smaller is None or candidate.size < self.smaller)
        )


def _is_one_of(text: str, patterns: Sequence[str]) -> bool:
    folded = _folded(text)
    return any(fnmatchcase(folded, _folded(pattern)) for pattern in patterns)


def _folded(text: str) -> str:
    # Some systems write é as two characters in the names of files, and nobody types patterns so.
    return normalize("NFC", text).casefold()


def plan(source: str, document: Document, routes: Sequence[Route], default: str) -> tuple[str, ...]:
    """The destinations of a document, each once, in the order of the routes; the default where no route takes it."""
    named = [name for route in routes if route.takes(source, document) for name in route.to]
    return tuple(dict.fromkeys(named)) or (default,)


def format_of(source: str, document: Document, routes: Sequence[Route]) -> str:
    """How a document of which nobody has said it is read, by the first route that says so; "" where none does."""
    return next((route.format for route in routes if route.format and route.takes(source, document)), "")
