"""A secret file gives its secret, or an error that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from comptoir.core.errors import NotSent
from comptoir.secret_file import secret, secret_text


@pytest.mark.parametrize(
    "content",
    ["s3cret", "s3cret\n", "  s3cret \r\n", "\ufeffs3cret\n"],
    ids=["bare", "line", "white space", "mark"],
)
def test_the_secret_stands_alone(tmp_path: Path, content: str) -> None:
    (tmp_path / "token").write_text(content, "utf-8")
    assert secret(tmp_path, "token") == "s3cret"
    assert secret(Path("/elsewhere"), str(tmp_path / "token")) == "s3cret"


def test_it_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("old")
    assert secret(tmp_path, "token") == "old"
    (tmp_path / "token").write_text("new")
    assert secret(tmp_path, "token") == "new"


def test_a_key_has_several_lines(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"one\ntwo\n")
    assert secret_text(tmp_path, "key") == "one\ntwo"
    with pytest.raises(NotSent, match="more than one line") as caught:
        secret(tmp_path, "key")
    assert "two" not in caught.value.sentences


@pytest.mark.parametrize("content", [b"", b" \n", b"s3cret\xff", b"s3cret" * 20_000])
def test_what_holds_none_is_told_without_a_word_of_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "token").write_bytes(content)
    with pytest.raises(NotSent, match="holds no secret") as caught:
        secret(tmp_path, "token")
    assert "s3cret" not in caught.value.sentences
    assert str(tmp_path / "token") in caught.value.hint


def test_one_that_is_missing_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(NotSent, match="is not there") as caught:
        secret(tmp_path, "token")
    assert str(tmp_path / "token") in caught.value.hint


def test_one_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "token").mkdir()
    with pytest.raises(NotSent, match="cannot be read"):
        secret(tmp_path, "token")
    with pytest.raises(NotSent, match="cannot be read"):
        secret(tmp_path, "nul\0")
