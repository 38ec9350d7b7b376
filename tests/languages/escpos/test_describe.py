from __future__ import annotations

from typing import Any

import pytest

from comptoir.core.page import Media
from comptoir.languages.escpos.describe import described
from comptoir.languages.escpos.render import read_papers


def told(data: bytes) -> dict[str, Any]:
    (paper,) = read_papers(data, Media())
    return described(paper)


def test_lines_have_runs_with_places_and_looks() -> None:
    (line,) = told(b"a\x1b$\x64\x00\x1bE\x01\x1b-\x02\x1br\x01B\n")["elements"]
    assert (line["kind"], line["text"], line["spacing"]) == ("line", "a       B", 30)
    first, second = line["runs"]
    assert first == {"text": "a", "at": 0, "font": "A", "bold": False, "width": 1, "height": 1}
    assert (second["at"], second["bold"], second["underline"], second["red"]) == (100, True, 2, True)


def test_everything_else_by_its_kind() -> None:
    stream = (
        b"x\n\x1bd\x02\x1bp\x00\x19\xfa\x1dI\x42\x1bB\x01\x01\x1b\x01\x1dv0\x00\x01\x00\x01\x00\xff"
        b"\x1bLpage\x0c\x1dk\x021234567890123\x00\x1b*\x21\x01\x00\xff\xff\xffbeside\n"
    )
    elements = told(stream)["elements"]
    assert [element["kind"] for element in elements] == [
        "line", "feed", "drawer", "request", "notice", "unknown", "picture", "page", "symbol", "line"
    ]  # fmt: skip
    by_kind = {element["kind"]: element for element in elements}
    assert by_kind["unknown"] == {"kind": "unknown", "code": "1b 01", "at": 19, "why": "not known"}
    assert by_kind["picture"]["sha256"].startswith("a8100ae6aa19")
    assert by_kind["page"]["areas"][0]["elements"][0]["text"] == "page"
    assert "check digit" in by_kind["symbol"]["problem"]
    assert by_kind["line"]["pictures"][0]["at"] == 0


@pytest.mark.parametrize(
    ("cut", "kind"),
    [
        (b"\x1dV\x00", "full"),
        (b"\x1dV1", "partial"),
        (b"\x1dVA\x10", "full"),
        (b"\x1dVB\x00", "partial"),
        (b"\x1bi", "full"),
        (b"\x1bm", "partial"),
    ],
)
def test_cuts(cut: bytes, kind: str) -> None:
    paper = told(b"x\n" + cut)
    assert paper["cut"]["kind"] == kind
    assert paper["cut"]["command"] == cut.hex(" ")
    assert told(b"x\n")["cut"] is None
