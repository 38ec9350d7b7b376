"""Documents become one PDF; what is no document any more becomes a page that says so."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.peers.pdfs import locked, pdf, text

from comptoir.archive import binding
from comptoir.archive.binding import bind
from comptoir.archive.leaves import BROKEN, CHANGED, LOCKED, LONG, Cover, Leaf, Line, Order

TROUBLES = {BROKEN: "It is broken.", CHANGED: "It was changed.", LOCKED: "It is locked.", LONG: "It is too long."}
COVER = Cover(
    heading="Night of Friday",
    house="Hotel",
    facts=[("Documents", "3"), ("Signed", "Camille Roux")],
    note_heading="Note",
    note="A power cut.\nAll was printed again.",
    checks_heading="Expected",
    checks=[Line("Missing", "bad", "Balance", "by 04:00"), Line("There", "good", "Flash", "02:10")],
    documents_heading="Documents",
    columns=("Time", "Document", "By", "Pages", "Page"),
    foot="Hotel",
    language="en",
    troubles=TROUBLES,
)


def leaf(folder: Path, title: str, content: bytes, **more: str) -> Leaf:
    file = folder / f"{title}.bin"
    file.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return Leaf(f"02:10 {title}", "02:10", title, "camille", f"SHA-256 {digest}", digest, "pdf", [str(file)], **more)


def pages(folder: Path) -> list[str]:
    """The text of each page."""
    with pypdfium2.PdfDocument(folder / "pack.pdf") as document:
        return [page.get_textpage().get_text_range() for page in document]


def test_pages_are_copied_in_order_behind_the_first_page_with_bookmarks(tmp_path: Path) -> None:
    flash = leaf(tmp_path, "Flash", pdf(text("first", 9, 9), text("second", 9, 9), width=300, height=200))
    bind(Order(COVER, [flash, leaf(tmp_path, "Balance", pdf(text("third", 9, 9)))]), tmp_path)
    front, *rest = pages(tmp_path)
    for said in ("Night of Friday", "Camille Roux", "A power cut.", "Missing", "by 04:00", "Flash", flash.digest):
        assert said in front
    assert [page.strip() for page in rest] == ["first", "second", "third"]
    with pikepdf.Pdf.open(tmp_path / "pack.pdf") as pack:
        assert [int(side) for side in pack.pages[1].mediabox] == [0, 0, 300, 200]
        with pack.open_outline() as outline:
            found = [(item.title, pack.pages.index(pikepdf.Page(item.destination[0]))) for item in outline.root]
        assert found == [("Night of Friday", 0), ("02:10 Flash", 1), ("02:10 Balance", 3)]
        assert str(pack.docinfo["/Title"]) == "Hotel · Night of Friday"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.4\nnothing of it", "It is broken."),
        (b"", "It is broken."),
        (locked(), "It is locked."),
        (pdf(), "It is broken."),
    ],
)
def test_a_document_that_cannot_be_read_is_a_page_that_says_so(tmp_path: Path, content: bytes, said: str) -> None:
    good = leaf(tmp_path, "Good", pdf(text("good", 9, 9)))
    bind(Order(COVER, [leaf(tmp_path, "Bad", content), good]), tmp_path)
    front, page, last = pages(tmp_path)
    assert said in page
    assert "Bad" in page
    assert said in front
    assert last.strip() == "good"


cuts = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 40), st.binary(max_size=20)), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts)
def test_however_a_document_is_damaged_the_others_are_there_and_found(
    tmp_path: Path, cuts: list[tuple[int, int, bytes]]
) -> None:
    content = pdf(text("a", 9, 9), text("b", 9, 9))
    for at, length, other in cuts:
        content = content[:at] + other + content[at + length :]
    bind(Order(COVER, [leaf(tmp_path, "Bad", content), leaf(tmp_path, "Good", pdf(text("good", 9, 9)))]), tmp_path)
    assert pages(tmp_path)[-1].strip() == "good"
    with pikepdf.Pdf.open(tmp_path / "pack.pdf") as pack, pack.open_outline() as outline:
        assert pack.pages.index(pikepdf.Page(outline.root[2].destination[0])) == len(pack.pages) - 1


def test_what_is_found_out_only_while_pages_are_copied_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = (leaf(tmp_path, name, pdf(text(name, 9, 9))) for name in ("Bad", "Good"))
    join = binding._join

    def joined(files: Sequence[Path], out: Path) -> None:
        if Path(bad.files[0]) in files:
            raise RuntimeError("unable to find trailer dictionary")
        join(files, out)

    monkeypatch.setattr(binding, "_join", joined)
    bind(Order(COVER, [bad, good]), tmp_path)
    _, apology, last = pages(tmp_path)
    assert "It is broken." in apology
    assert last.strip() == "Good"


def test_bytes_that_are_not_those_that_were_kept_are_not_shown(tmp_path: Path) -> None:
    changed = leaf(tmp_path, "Flash", pdf(text("true", 9, 9)))
    Path(changed.files[0]).write_bytes(pdf(text("false", 9, 9)))
    bind(Order(COVER, [changed]), tmp_path)
    assert "It was changed." in pages(tmp_path)[1]


def test_what_is_known_to_be_broken_is_not_opened(tmp_path: Path) -> None:
    bind(Order(COVER, [leaf(tmp_path, "Flash", pdf(text("x", 9, 9)), trouble=BROKEN)]), tmp_path)
    assert "It is broken." in pages(tmp_path)[1]


def test_a_long_list_takes_several_first_pages_and_says_the_right_ones(tmp_path: Path) -> None:
    leaves = [leaf(tmp_path, f"Report {number}", pdf(text(f"body {number}", 9, 9))) for number in range(60)]
    bind(Order(COVER, leaves), tmp_path)
    found = pages(tmp_path)
    first = next(number for number, page in enumerate(found) if page.strip() == "body 0")
    assert first > 1
    assert len(found) == first + 60
    last = found[first - 1].split()
    assert last[last.index("59") :][:4] == ["59", "camille", "1", str(first + 60)]


def test_pictures_become_pages_of_a4(tmp_path: Path) -> None:
    names = [str(tmp_path / name) for name in ("page.png", "strip.png")]
    Image.new("L", (1240, 1754), 200).save(names[0])
    Image.new("L", (576, 9000), 200).save(names[1])
    bind(Order(COVER, [Leaf("x", "02:10", "Receipt", "", "", files=names)]), tmp_path)
    with pikepdf.Pdf.open(tmp_path / "pack.pdf") as pack:
        sizes = {tuple(round(float(side)) for side in page.mediabox) for page in pack.pages}
        assert sizes == {(0, 0, 595, 842)}
        assert len(pack.pages) == 1 + 1 + 3, "the strip of 1.25 m stands in five columns, two a page"


def test_a_short_receipt_is_as_narrow_as_it_is_on_paper(tmp_path: Path) -> None:
    Image.new("L", (576, 200), 0).save(tmp_path / "x.png")
    receipt = Leaf("x", "02:10", "Receipt", "", "", files=[str(tmp_path / "x.png")], narrow=True)
    bind(Order(COVER, [receipt]), tmp_path)
    with pypdfium2.PdfDocument(tmp_path / "pack.pdf") as document:
        black = document[1].render(scale=1).to_pil().convert("L").point(lambda grey: 255 * (grey < 128)).getbbox()
    assert black is not None
    assert abs(black[2] - black[0] - 227) <= 1, "80 mm"
    assert black[1] < 40, "at the top"


def test_a_picture_that_is_none_is_a_page_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"no picture")
    bind(Order(COVER, [Leaf("x", "02:10", "Receipt", "", "", files=[str(tmp_path / "x.png")])]), tmp_path)
    assert "It is broken." in pages(tmp_path)[1]


def test_as_a_process_it_says_which_document_it_has_begun(tmp_path: Path) -> None:
    order = Order(COVER, [leaf(tmp_path, "Flash", pdf(text("x", 9, 9)))])
    (tmp_path / "order.json").write_bytes(msgspec.json.encode(order))
    words = [sys.executable, "-m", "comptoir.archive.binding", str(tmp_path / "order.json")]
    said = subprocess.run(words, capture_output=True, check=True).stdout
    assert [msgspec.json.decode(line)["begun"] for line in said.splitlines()] == [0, -1]
    assert len(pages(tmp_path)) == 2
