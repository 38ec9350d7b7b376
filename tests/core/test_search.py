"""What the archive is asked and answers."""

from __future__ import annotations

from comptoir.core.search import Found, Search


def test_an_empty_search_leaves_all() -> None:
    search = Search()
    assert not any((search.text, search.sources, search.printers, search.users, search.types, search.since))
    assert search.partial is None
    assert Found(()).more is None
