"""What is put to a place with names, and which names it may have there: “a.pdf”, “a (2).pdf”. It touches no place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath
from typing import Final, TypeVar

from comptoir.core.document import Document
from comptoir.core.template import Template
from comptoir.sinks.parcel import Parcel

P = TypeVar("P", bound=PurePath)

#: how often a name may be taken already
MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Goods:
    """What is to lie at a place. `parts`: one file, named "", or, with their names in it, those of a directory.

    `metadata`: what is written beside it; None: nothing.
    """

    uid: str
    parts: tuple[tuple[str, Document], ...]
    is_lot: bool
    metadata: bytes | None = None


def place_of(template: Template, known: Mapping[str, str]) -> str:
    """Where a document is to lie, relative, with /: nothing in it is hidden, or is read by a server as its own."""
    return visible(template.fill_path(known))


def visible(path: str) -> str:
    """A relative path whose names do not begin with a point: .htaccess and .ssh mean something, _htaccess does not."""
    return "/".join(f"_{name.lstrip('.')}" if name.startswith(".") else name for name in path.split("/"))


def goods_of(uid: str, parcel: Parcel, metadata: bytes | None = None) -> Goods:
    """A parcel as it will lie there. Members have names that differ also where capitals do not count."""
    if not parcel.is_lot:
        return Goods(uid, (("", parcel.parts[0]),), False, metadata)
    taken: set[str] = set()
    named = []
    for document in parcel.parts:
        wanted = PurePosixPath(visible(parcel.file_name(document)))
        name = next(str(one) for one in numbered(wanted) if str(one).casefold() not in taken)
        taken.add(name.casefold())
        named.append((name, document))
    return Goods(uid, tuple(named), True, metadata)


def numbered(place: P) -> Iterator[P]:
    """The names that it can have: as wished, then with a number before its extension."""
    yield place
    for number in range(2, MOST + 1):
        yield place.with_name(f"{place.stem} ({number}){place.suffix}")
