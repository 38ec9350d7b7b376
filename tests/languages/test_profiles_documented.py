"""What docs/printers.md says of models: its table is complete and true, its pictures can be made. To write the table:

python -m tests.languages.test_profiles_documented
"""

from __future__ import annotations

import runpy
from pathlib import Path

from comptoir.languages import language
from comptoir.languages.profiles import names, profile, spoken

PAGE = Path(__file__).parents[2] / "docs" / "printers.md"
BEGIN, END = "<!-- models -->\n", "<!-- /models -->"
HEAD = """| model | language | dots | columns | pages | two-byte | cutter | confirms |
|---|---|---|---|---|---|---|---|
"""


def row(name: str) -> str:
    known = profile(name)
    cells = (
        f"`{name}`",
        f"`{spoken(name)}`",
        str(known.media.dots),
        str(known.media.columns),
        str(len(known.code_pages) or "Epson’s"),
        f"`{known.kanji}`" if known.kanji else "",
        "" if known.cut == "none" else known.cut,
        ", ".join(f"`{confirm}`" for confirm in known.confirms),
    )
    return f"| {' | '.join(cells)} |".replace("  ", " ")


def table() -> str:
    return HEAD + "".join(f"{row(name)}\n" for name in names())


def test_the_table_of_models_is_what_the_service_knows() -> None:
    _, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    written, _, _ = rest.partition(END)
    assert written.splitlines() == table().splitlines(), "write it anew, see above"


def test_every_script_of_its_pictures_prints() -> None:
    made = runpy.run_path(str(PAGE.parent / "pictures" / "make.py"))
    for model in made["MODELS"]:
        known = profile(model)
        assert language("escpos", known).encode([made["page"](model)], known.media).unprintable == ""
        assert f"(pictures/{made['file_of'](model)})" in PAGE.read_text("utf-8")


if __name__ == "__main__":
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    PAGE.write_text(before + BEGIN + table() + END + rest.partition(END)[2], "utf-8")
