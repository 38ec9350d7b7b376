"""Binds documents to one PDF, as a process of its own: `python -m comptoir.archive.binding ORDER`.

It reads the order beside which it leaves `pack.pdf`, and says on its output which document it has begun: the last word
of a process that has ended names the one that ended it. Memory and processor time are bounded where the system can do
it. PDFs are read by qpdf (pikepdf), which mends what it can; pages are not held in memory but copied from file to file.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Final

import msgspec
import pikepdf

from comptoir.archive import front
from comptoir.archive.leaves import BROKEN, CHANGED, LOCKED, LONG, MEMORY, SECONDS, Cover, Leaf, Order, Progress

#: the place of no document
NONE: Final = -1
#: pages of one document
MOST_PAGES: Final = 5_000


def main(order: Path) -> None:
    """Make `pack.pdf` beside the order."""
    bounded()
    wanted = msgspec.json.decode(order.read_bytes(), type=Order)
    bind(wanted, order.parent)


def bounded() -> None:
    """Take no more than this from the machine. On Windows who starts this process sees to it (`children.bounded`)."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - Windows has none

        with suppress(ValueError, OSError):
            for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
                resource.setrlimit(what, (most, resource.getrlimit(what)[1]))


def bind(order: Order, folder: Path) -> None:
    """The pack, in the order's order."""
    bodies = []
    for place, leaf in enumerate(order.leaves):
        _tell(place)
        bodies.append(_body(leaf, order.cover, folder / f"leaf-{place}.pdf"))
    try:
        _put_together(order, bodies, folder)
    except Exception:  # as below
        # Some damage is only met when pages are copied: that document is left out, and all is done again.
        for place, body in enumerate(bodies):
            _tell(place)
            if not _can_be_joined(body.file, folder):
                left_out = msgspec.structs.replace(order.leaves[place], trouble=BROKEN)
                bodies[place] = _body(left_out, order.cover, folder / f"leaf-{place}.pdf")
        _put_together(order, bodies, folder)


@dataclass(frozen=True, slots=True)
class _Body:
    """The file with one document's pages, how many there are, and "" or why it is a page that says so instead."""

    file: Path
    pages: int
    trouble: str = ""


def _put_together(order: Order, bodies: Sequence[_Body], folder: Path) -> None:
    _tell(NONE)
    counts = [body.pages for body in bodies]
    troubles = [body.trouble for body in bodies]
    made = front.cover(order.cover, order.leaves, counts, troubles, folder / "front.pdf")
    _join([folder / "front.pdf", *(body.file for body in bodies)], folder / "pages.pdf")
    with _open(folder / "pages.pdf") as pack:
        if len(pack.pages) != made + sum(counts):
            raise _Unusable(BROKEN)  # a document has other pages than it says: bookmarks would lead elsewhere
        with pack.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem(order.cover.heading, 0))
            for leaf, first in zip(order.leaves, accumulate(counts, initial=made), strict=False):
                outline.root.append(pikepdf.OutlineItem(leaf.bookmark, first))
        _titled(pack, order.cover)
        pack.save(folder / "pack.pdf")


def _join(files: Sequence[Path], out: Path) -> None:
    """All pages of these files, one after the other: qpdf has the streams of none of them in memory."""
    ranges = [word for file in files for word in (str(file), "1-z")]
    pikepdf.Job(["qpdf", "--warning-exit-0", "--empty", "--pages", *ranges, "--", str(out)]).run()


def _can_be_joined(file: Path, folder: Path) -> bool:
    try:
        _join([file], folder / "pages.pdf")
        return _count(folder / "pages.pdf") == _count(file)
    except Exception:  # whatever a reader of damaged files meets
        return False


def _titled(pack: pikepdf.Pdf, cover: Cover) -> None:
    pack.docinfo["/Title"] = f"{cover.house} · {cover.heading}"
    pack.docinfo["/Creator"] = "Comptoir"
    pack.Root.Lang = pikepdf.String(cover.language)
    pack.Root.PageMode = pikepdf.Name.UseOutlines


class _Unusable(Exception):
    """A document that cannot be a part; its argument: why, by name."""


def _body(leaf: Leaf, cover: Cover, file: Path) -> _Body:
    """`file`: where its pages are to be, where they are to be made."""
    trouble = leaf.trouble
    if not trouble:
        try:
            return _pages(leaf, file)
        except _Unusable as error:
            trouble = str(error)
    front.apology(cover, leaf, trouble, file)
    return _Body(file, _count(file), trouble)


def _pages(leaf: Leaf, file: Path) -> _Body:
    if leaf.kind == "pictures":
        try:
            front.pictures(leaf.files, file, narrow=leaf.narrow)
        except (OSError, ValueError):
            raise _Unusable(BROKEN) from None
        return _Body(file, _count(file))
    source = Path(leaf.files[0])
    try:
        if leaf.digest and _digest(source) != leaf.digest:
            raise _Unusable(CHANGED)
        count = _count(source)
    except pikepdf.PasswordError:
        raise _Unusable(LOCKED) from None
    except _Unusable:
        raise
    except Exception:  # whatever a reader of damaged files meets
        raise _Unusable(BROKEN) from None
    if not 0 < count <= MOST_PAGES:
        raise _Unusable(LONG if count else BROKEN)
    return _Body(source, count)


def _count(file: Path) -> int:
    with _open(file) as found:
        return len(found.pages)


def _open(file: Path) -> pikepdf.Pdf:
    # Not mapped: what is mapped counts as memory.
    return pikepdf.Pdf.open(file, access_mode=pikepdf.AccessMode.stream)


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _tell(place: int) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(Progress(place)) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
