"""Catalogues: as the build has compiled them, or from their source where that is newer or the other is not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from comptoir.web.locale import read

ENTRY = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Paper"\nmsgstr "{}"\n'


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Its compiled catalogue says Compilé, itself Papier."""
    path = tmp_path / "fr.po"
    path.write_text(ENTRY.format("Compilé"), "utf-8")
    with path.open("rb") as file, path.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, read_po(file, locale="fr"))
    path.write_text(ENTRY.format("Papier"), "utf-8")
    age(path, 0)
    return path


def age(path: Path, seconds: int) -> None:
    """How much newer the source is than what was compiled of it."""
    os.utime(path.with_suffix(".mo"), (1_000_000, 1_000_000))
    os.utime(path, (1_000_000 + seconds, 1_000_000 + seconds))


def test_what_was_compiled_of_this_very_source_is_taken(source: Path) -> None:
    assert read(source, "fr").gettext("Paper") == "Compilé"


def test_a_source_that_has_changed_since_is_read(source: Path) -> None:
    age(source, 1)
    assert read(source, "fr").gettext("Paper") == "Papier"


@pytest.mark.parametrize("left", [b"", b"not compiled", None])
def test_a_source_without_anything_compiled_is_read(source: Path, left: bytes | None) -> None:
    compiled = source.with_suffix(".mo")
    if left is None:
        compiled.unlink()
    else:
        compiled.write_bytes(left)
        age(source, 0)
    assert read(source, "fr").gettext("Paper") == "Papier"
