"""What was refused: remembered for the owner, written once a minute, bounded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock

from comptoir.journal import open_journal
from comptoir.web.refusals import ALL, MOST, MOST_LINES, Refusals


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


async def test_a_page_that_asks_a_hundred_times_is_one_line_a_minute(tmp_path: Path, clock: FakeClock) -> None:
    journal = await open_journal("", tmp_path, clock)
    refusals = Refusals(journal, clock)
    changes: list[int] = []
    refusals.on_change.append(lambda: changes.append(1))
    for _ in range(100):
        refusals.add("https://evil.example", "/open-cash-drawer", "127.0.0.1:22548", "127.0.0.1", "page")
    clock.advance(60_000)
    refusals.add("https://evil.example", "/api/print", "127.0.0.1:22548", "127.0.0.1", "page")
    await refusals.stop()
    bodies = [json.loads(e.body) for e in await journal.events() if e.kind == "page-refused"]
    assert [(b["site"], b["path"], b["count"]) for b in bodies] == [
        ("https://evil.example", "/open-cash-drawer", 1),
        ("https://evil.example", "/api/print", 100),
    ]
    (one,) = refusals.waiting()
    assert (one.site, one.count, one.path, len(changes)) == ("https://evil.example", 101, "/api/print", 1)
    await journal.close()


async def test_what_the_owner_has_dismissed_comes_back_only_when_it_asks_again(
    tmp_path: Path, clock: FakeClock
) -> None:
    journal = await open_journal("", tmp_path, clock)
    refusals = Refusals(journal, clock)
    refusals.add("https://a.example", "/", "localhost", "127.0.0.1", "page")
    clock.advance(1)
    refusals.add("https://b.example", "/", "localhost", "127.0.0.1", "page")
    assert [one.site for one in refusals.waiting()] == ["https://b.example", "https://a.example"]
    refusals.dismiss("https://b.example")
    assert [one.site for one in refusals.waiting()] == ["https://a.example"]
    refusals.add("https://b.example", "/", "localhost", "127.0.0.1", "page")
    assert [one.count for one in refusals.waiting()] == [1, 1]
    await refusals.stop()
    await journal.close()


async def test_who_cannot_be_allowed_is_not_offered(tmp_path: Path, clock: FakeClock) -> None:
    """A page that hides whose it is, and a name that was made to lead here."""
    journal = await open_journal("", tmp_path, clock)
    refusals = Refusals(journal, clock)
    refusals.add("", "/open-cash-drawer", "127.0.0.1", "127.0.0.1", "page")
    refusals.add("", "/", "evil.example:22548", "127.0.0.1", "host")
    await refusals.stop()
    assert refusals.waiting() == []
    unnamed = refusals.unnamed()
    assert unnamed is not None
    assert unnamed.path == "/open-cash-drawer"
    assert [e.kind for e in await journal.events()] == ["page-refused"] * 2
    await journal.close()


async def test_a_page_with_a_million_names_is_a_few_lines_a_minute(tmp_path: Path, clock: FakeClock) -> None:
    """Who has a domain has every name below it, and a frame for each."""
    journal = await open_journal("", tmp_path, clock)
    refusals = Refusals(journal, clock)
    changes: list[int] = []
    refusals.on_change.append(lambda: changes.append(1))
    for number in range(1000):
        refusals.add(f"https://{number}.evil.example", "/open-cash-drawer", "localhost", "127.0.0.1", "page")
    clock.advance(60_000)
    refusals.add("https://shop.example", "/open-cash-drawer", "localhost", "127.0.0.1", "page")
    refusals.add("https://other.example", "/", "localhost", "127.0.0.1", "page")
    await refusals.stop()
    bodies = [json.loads(event.body) for event in await journal.events()]
    assert len(bodies) == MOST_LINES + 3
    assert (bodies[MOST_LINES]["site"], bodies[MOST_LINES]["count"]) == (ALL, 1000 - MOST_LINES)
    assert [body["site"] for body in bodies[-2:]] == ["https://shop.example", "https://other.example"]
    assert len(changes) == MOST_LINES + 2
    await journal.close()


async def test_a_site_that_asks_again_is_not_forgotten_for_others_that_ask_once(
    tmp_path: Path, clock: FakeClock
) -> None:
    journal = await open_journal("", tmp_path, clock)
    refusals = Refusals(journal, clock)
    for _ in range(2):
        refusals.add("https://shop.example", "/open-cash-drawer", "localhost", "127.0.0.1", "page")
    for number in range(1000):
        refusals.add(f"https://{number}.evil.example", "/", "localhost", "127.0.0.1", "page")
    assert "https://shop.example" in [one.site for one in refusals.waiting()]
    assert len(refusals.waiting()) == MOST
    await refusals.stop()
    await journal.close()


async def test_a_thousand_sites_do_not_fill_the_memory(tmp_path: Path, clock: FakeClock) -> None:
    journal = await open_journal("", tmp_path, clock)
    refusals = Refusals(journal, clock)
    for number in range(1000):
        refusals.add(f"https://{number}.example", "/", "localhost", "127.0.0.1", "page")
        clock.advance(1)
    assert len(refusals.waiting()) == MOST
    assert refusals.waiting()[0].site == "https://999.example"
    assert len(refusals._written) <= MOST
    await refusals.stop()
    await journal.close()
