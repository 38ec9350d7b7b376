"""The commands speak English in these tests, whatever the language of who runs them."""

from __future__ import annotations

import pytest

from comptoir.cli import speech


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in speech.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
