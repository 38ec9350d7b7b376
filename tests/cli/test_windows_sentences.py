"""What is said of Windows and its ways, in French: word for word what the configuration says in English."""

from __future__ import annotations

from pathlib import Path

import pytest

from comptoir.cli.sentences import Sentences
from comptoir.cli.speech import catalogue
from comptoir.config_file import load
from comptoir.core.errors import ConfigError
from comptoir.web import locale

FRENCH = Sentences(catalogue("fr"), locale.catalogue("fr"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'x = "C:\\Bons"', "comptoir.toml, ligne 1 : entre guillemets doubles, une barre oblique inverse ne vaut pas"),
        (b'language = "file:///C:\\temp"', "ligne 1 : language : entre guillemets doubles, une barre oblique inverse"),
        (b"# caf\xe9", "comptoir.toml : la ligne 1 n’est pas en UTF-8"),
        ("language".encode("utf-16"), "comptoir.toml : il est en UTF-16"),
    ],
)
def test_what_its_editors_write(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "comptoir.toml").write_bytes(data)
    with pytest.raises(ConfigError) as caught:
        load(None, tmp_path, {})
    message, hint = FRENCH.error(caught.value)
    assert said in message.replace("\u00a0", " ")
    assert hint != caught.value.hint
