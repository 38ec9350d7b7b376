"""An archive that lies, stalls, cuts and loses answers: each document is there once, its original goes only then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from tests.peers.maarch import TOKEN
from tests.peers.office import Office, eventually, files_of
from tests.peers.writers import Writer, paper

pytestmark = pytest.mark.xdist_group("folders")

#: what passes by itself; in the second row the document is stored all the same
PASSING: Final = (
    "500", "503", "cut", "cut-body", "empty", "html", "lost", "sql", "stall", "stall-body",
    "cut-stored", "cut-late", "empty-stored", "half-stored", "sql-stored", "stall-stored",
)  # fmt: skip
#: what a person must look at; then one click
LASTING: Final = ("400", "404", "413", "413-reset", "blocked", "hash", "redirect", "403", "401")
NAME: Final = "invoice 1.pdf"


def office_of(folder: Path, modes: tuple[str, ...]) -> Office:
    """An archive, a folder for each mode."""
    return Office(folder, sources={mode: {"to": [mode]} for mode in modes}, archives=modes, patience="1 s")


def written(office: Office) -> dict[str, bytes]:
    """A document for each folder."""
    contents = {mode: paper(f"for {mode}", 3_000) for mode in office.folders}
    for mode, content in contents.items():
        with Writer(office.folders[mode]) as writer:
            writer.put(NAME, content)
    return contents


def test_what_passes_by_itself_ends_well_by_itself(tmp_path: Path) -> None:
    with office_of(tmp_path, PASSING) as office:
        for mode in PASSING:
            office.lie(mode, archive=mode)
        contents = written(office)
        for mode in PASSING:
            office.until_archived(1, mode)
            office.settled(mode)
        office.restart()
        for mode, content in contents.items():
            office.agrees(mode)
            office.check({NAME: content}, mode, mode)


def test_what_lasts_is_shown_and_ends_well_when_a_person_says_so(tmp_path: Path) -> None:
    with office_of(tmp_path, LASTING) as office:
        for mode in LASTING:
            office.lie(always=mode, archive=mode)
        contents = written(office)
        for mode in LASTING:
            eventually(lambda mode=mode: office.troubled(mode))
            assert office.archived(mode) == []
            assert files_of(office.folders[mode]) == [NAME], "its original stays"
            office.lie(always="", archive=mode)
            office.retry(mode)
        for mode, content in contents.items():
            office.until_archived(1, mode)
            office.settled(mode)
            office.check({NAME: content}, mode, mode)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Office(tmp_path) as one:
        yield one


def test_the_original_is_there_until_the_archive_has_it(office: Office) -> None:
    """The archive has all bytes and says nothing: nobody knows whether it has the document."""
    office.lie("stall")
    with Writer(office.folders["in"]) as writer:
        writer.put("a.pdf", paper("A"))
        office.until_asked(1)
        assert files_of(office.folders["in"]) == ["a.pdf"]
        office.restart()
        office.holds({"a.pdf": paper("A")})


def test_of_two_archives_the_original_waits_for_the_slower_one(tmp_path: Path) -> None:
    contents = {"a.pdf": paper("A")}
    with Office(tmp_path, sources={"in": {"to": ["fast", "slow"]}}, archives=("fast", "slow")) as office:
        office.lie(always="503", archive="slow")
        with Writer(office.folders["in"]) as writer:
            writer.put("a.pdf", contents["a.pdf"])
        office.until_archived(1, "fast")
        office.until_asked(1, "slow")
        eventually(lambda: office.troubled("slow"))
        office.restart()
        office.agrees()
        assert office.state()["originals"] == {"waiting": 1}
        assert files_of(office.folders["in"]) == ["a.pdf"]
        office.lie(always="", archive="slow")
        office.until_archived(1, "slow")
        office.settled()
        for archive in office.archives:
            office.check(contents, "in", archive)


def test_the_token_is_mended(office: Office) -> None:
    (office.data / "laabs.token").write_text("bm90IHRoaXMgb25l")
    office.restart()
    with Writer(office.folders["in"]) as writer:
        writer.put("a.pdf", paper("A"))
    eventually(office.troubled)
    assert files_of(office.folders["in"]) == ["a.pdf"]
    (office.data / "laabs.token").write_text(TOKEN)
    office.retry("in")
    office.holds({"a.pdf": paper("A")})


def test_an_outage_ends_and_all_arrive_in_their_order(office: Office) -> None:
    names = [f"{number:02}.pdf" for number in range(30)]
    office.lie(always="503")
    with Writer(office.folders["in"]) as writer:
        for name in names:
            writer.put(name, paper(name))
            if name == names[0]:
                office.until_asked(1)
    eventually(lambda: office.state()["originals"].get("waiting") == len(names))
    office.restart()
    assert files_of(office.folders["in"]) == names
    office.lie(always="")
    office.holds({name: paper(name) for name in names})


def test_a_lot_is_one_archive_with_all_its_files(tmp_path: Path) -> None:
    with Office(tmp_path, sources={"in": {"lot": "directory"}}) as office:
        contents = {f"case 7/{name}": paper(name) for name in ("1.pdf", "2.pdf", "deep/3.pdf")}
        office.lie("500", "cut-stored")
        with Writer(office.folders["in"]) as writer:
            writer.make("case 7/deep")
            for path, content in contents.items():
                writer.put(path, content)
        [archive] = office.until_archived(1)
        office.settled()
        assert sorted(archive.contents) == sorted(contents.values())
        assert archive.values["archiveName"] == "case 7"
        assert files_of(office.folders["in"]) == []
        office.restart()
        office.agrees()
        assert len(office.archived()) == 1
