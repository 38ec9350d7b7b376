from comptoir.core.page import PLAIN, Media, Picture, Style
from comptoir.languages.escpos.paper import (
    Area,
    Feed,
    Inset,
    Notice,
    Paper,
    Placed,
    Pulse,
    Request,
    Run,
    Sheet,
    Symbol,
    TextLine,
    Unknown,
    as_text,
)


def line(text: str, style: Style = PLAIN, align: str = "left") -> TextLine:
    return TextLine((Run(text, style),), align)  # type: ignore[arg-type]


def test_text_with_its_layout() -> None:
    paper = Paper(
        (
            line("TITRE", Style(width=2), "center"),
            line("gauche"),
            Feed(60),
            line("12,50 €", align="right"),
            Picture(8, 2, b"\xff\xff"),
            Symbol("QR", "https://example.org"),
            Pulse(2, 50, 500),
            Feed(300),
        )
    )
    assert as_text(paper, Media(columns=20)) == (
        "     TITRE\ngauche\n\n\n             12,50 €\n[picture 8 × 2]\n[QR https://example.org]\n"
        "[drawer on pin 2, 50 ms]\n"
    )
    assert paper.text == "TITRE\ngauche\n12,50 €"


def test_what_is_blank() -> None:
    assert Paper((Feed(100), Unknown(b"\x1b\x01"), Request(b"\x1dI\x01"), Notice("buzzer", b"\x1bB"))).blank
    assert not Paper((Pulse(2, 50, 500),)).blank
    assert as_text(Paper(()), Media()) == ""


def test_page_mode_in_rows() -> None:
    placed = (Placed(0, 24, line("left")), Placed(240, 26, line("right")), Placed(0, 90, Symbol("QR", "x")))
    paper = Paper((line("before"), Sheet(100, (Area(0, 0, 576, 100, 0, placed),))))
    assert as_text(paper, Media()) == "before\nleft                right\n[QR x]\n"
    assert paper.text == "before\nleft\nright"


def test_bands_beside_text_are_named() -> None:
    beside = TextLine((Run("b", at=24),), insets=(Inset(Picture(24, 24, bytes(72)), 0),))
    assert as_text(Paper((beside,)), Media()) == "[picture 24 × 24]\n  b\n"


def test_margins_are_columns() -> None:
    inside = TextLine((Run("x"),), "right", margin=120, room=240)
    assert as_text(Paper((inside,)), Media()) == " " * 29 + "x\n"
