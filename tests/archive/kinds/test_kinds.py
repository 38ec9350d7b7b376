"""Which kind of document is opened by what."""

from __future__ import annotations

from importlib import import_module

import pytest

from comptoir.archive.kinds import KINDS, opened, told


@pytest.mark.parametrize("maker", sorted(set(KINDS.values())))
def test_every_kind_can_be_imported(maker: str) -> None:
    module, _, attribute = maker.partition(":")
    assert callable(getattr(import_module(module), attribute))


@pytest.mark.parametrize("media_type", ["application/zip", "application/vnd.hp-PCL", "video/mp4", ""])
def test_of_other_kinds_there_is_nothing(media_type: str) -> None:
    assert opened(b"content", media_type) is None


def test_what_is_told_by_the_bytes() -> None:
    assert told(b"%PDF-1.7 ...") == "application/pdf"
