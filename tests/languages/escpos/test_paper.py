from comptoir.core.page import PLAIN, Media, Picture, Style
from comptoir.languages.escpos.paper import Feed, Paper, Pulse, Run, Symbol, TextLine, Unknown, as_text


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
    assert Paper((Feed(100), Unknown(b"\x1b\x01"))).blank
    assert not Paper((Pulse(2, 50, 500),)).blank
    assert as_text(Paper(()), Media()) == ""
