"""Prints of a real CUPS on our printer: each is captured once, as it was sent, with its title and its user."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image
from tests.peers.night_printer import NightPrinter, Queues, digest, queues
from tests.peers.pdfs import pdf, text

pytestmark = pytest.mark.xdist_group("capture cups")

TITLES = (
    "Manager Flash 2026-11-20",
    'L\'"état" du $HOME; `ls` & co',
    "Café Müller, clôture №7",
    "🏨 Rapport de nuit 🌙",
    "a/b\\c: d*e?",
)
SEARCHED_WITHIN = 2.0  # seconds, from the print to the word in it


@pytest.fixture(scope="module")
def cups() -> Iterator[Queues]:
    with queues() as one:
        yield one


@pytest.fixture
def station(tmp_path: Path) -> Iterator[NightPrinter]:
    with NightPrinter(tmp_path / "data") as one:
        assert one.start()
        yield one


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    path.chmod(0o644)
    path.parent.chmod(0o755)
    return path


@pytest.fixture
def documents(tmp_path: Path) -> dict[str, Path]:
    pages = [text(f"Chambre {number} solde", 72, 700) for number in range(200)]
    picture = tmp_path / "photo.jpg"
    Image.new("RGB", (300, 200), (180, 30, 60)).save(picture)
    return {
        "pdf": written(tmp_path / "a.pdf", pdf(text("Balance hirondelle", 72, 700))),
        "long": written(tmp_path / "long.pdf", pdf(*pages)),
        "text": written(tmp_path / "t.txt", b"Main courante\n"),
        "picture": written(picture, picture.read_bytes()),
    }


def test_every_kind_of_document(cups: Queues, station: NightPrinter, documents: dict[str, Path]) -> None:
    queue = cups.add(station.uri)
    numbers = [
        cups.print(queue, documents["pdf"], "Balance", "anne", "copies=2", "sides=two-sided-long-edge", "media=A4"),
        cups.print(queue, documents["pdf"], "Brut", "anne", "raw"),
        cups.print(queue, documents["text"], "Texte", "marc"),
        cups.print(queue, documents["picture"], "Photo", "marc"),
        cups.print(queue, documents["long"], "Deux cents pages", "anne"),
    ]
    assert cups.all_completed(numbers)
    kept = {one["title"]: one for one in station.kept()}
    assert set(kept) == {"Balance", "Brut", "Texte", "Photo", "Deux cents pages"}
    assert len(station.kept()) == len(numbers), "each once"
    assert {title: one["user"] for title, one in kept.items()} == {
        "Balance": "anne", "Brut": "anne", "Texte": "marc", "Photo": "marc", "Deux cents pages": "anne",
    }  # fmt: skip
    assert kept["Balance"]["copies"] == 2
    assert kept["Balance"]["attributes"]["sides"] == "two-sided-long-edge"
    assert kept["Balance"]["attributes"]["media"] == "iso_a4_210x297mm"
    assert kept["Brut"]["digest"] == digest(documents["pdf"]), "byte for byte"
    assert {one["media_type"] for title, one in kept.items() if title != "Photo"} == {"application/pdf"}
    assert kept["Photo"]["media_type"] in ("application/pdf", "image/jpeg", "image/urf", "image/pwg-raster")


def test_titles_and_users_come_as_they_were_typed(
    cups: Queues, station: NightPrinter, documents: dict[str, Path]
) -> None:
    queue = cups.add(station.uri)
    users = ["zoé", "o'neill", "night audit", "DOMAINE\\jean", "root"]
    numbers = [cups.print(queue, documents["pdf"], title, user) for title, user in zip(TITLES, users, strict=True)]
    assert cups.all_completed(numbers)
    assert [(one["title"], one["user"]) for one in station.kept()] == list(zip(TITLES, users, strict=True))


def test_twenty_at_once(cups: Queues, station: NightPrinter, documents: dict[str, Path]) -> None:
    names = [cups.add(station.uri) for _ in range(5)]
    with ThreadPoolExecutor(20) as people:
        numbers = list(
            people.map(lambda n: cups.print(names[n % 5], documents["pdf"], f"Rapport {n}", f"user{n}"), range(20))
        )
    assert cups.all_completed(numbers)
    assert sorted((one["title"], one["user"]) for one in station.kept()) == sorted(
        (f"Rapport {n}", f"user{n}") for n in range(20)
    )


def test_what_was_printed_is_found_at_once(cups: Queues, station: NightPrinter, documents: dict[str, Path]) -> None:
    queue = cups.add(station.uri)
    begun = time.monotonic()
    number = cups.print(queue, documents["pdf"], "Balance", "anne")
    while not (found := station.search("hirondelle")):
        assert time.monotonic() < begun + 30
    took = time.monotonic() - begun
    assert [one["title"] for one in found] == ["Balance"]
    assert cups.all_completed([number])
    print(f"found after {took:.2f} s; wanted: {SEARCHED_WITHIN} s")


def test_a_printed_text_is_found_by_its_words(cups: Queues, station: NightPrinter, tmp_path: Path) -> None:
    """CUPS makes a PDF of it that does not say which letters its glyphs are."""
    report = written(tmp_path / "nuit.txt", "L’été à l’hôtel\nBœuf bourguignon : 12 €\n".encode())
    queue = cups.add(station.uri)
    begun = time.monotonic()
    number = cups.print(queue, report, "Nuit", "anne")
    while not (found := station.search("hôtel été")):
        assert time.monotonic() < begun + 30
    took = time.monotonic() - begun
    assert [(one["title"], one["media_type"]) for one in found] == [("Nuit", "application/pdf")]
    assert [one["id"] for one in station.search("bœuf")] == [one["id"] for one in found]
    assert not station.search("ERQMRXU")
    assert cups.all_completed([number])
    print(f"found after {took:.2f} s; wanted: {SEARCHED_WITHIN} s")
