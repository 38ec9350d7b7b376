"""Files that real programs write, in all their ways, reach the archive: once, whole, alone, with their own names.

The cases in which the earlier script lost, doubled, cut or mixed documents, and those that users of other watchers
report; each with a process that writes, and a station that is another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from tests.peers.mounts import Share
from tests.peers.office import Office, eventually, files_of
from tests.peers.writers import Writer, paper

pytestmark = pytest.mark.xdist_group("folders")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Office(tmp_path) as one:
        yield one


@pytest.fixture
def writer(office: Office) -> Iterator[Writer]:
    with Writer(office.folders["in"]) as one:
        yield one


def papers(*paths: str, size: int = 2_000) -> dict[str, bytes]:
    """A document for each path, which names it."""
    return {path: paper(path, size) for path in paths}


def put_all(writer: Writer, contents: dict[str, bytes]) -> None:
    for path, content in contents.items():
        writer.put(path, content)


def waits_until_the_end(office: Office, steps: Iterator[int], size: int) -> None:
    """Between two steps of a writer the station has seen the file, and waits; nothing of it is archived."""
    for there in steps:
        if there < size:
            eventually(lambda: sum(office.waits().values()) == 1)
            assert office.archived() == []


# -- what the earlier script did -------------------------------------------------------------------------------------


def test_files_that_lie_there_at_the_start_are_taken(tmp_path: Path) -> None:
    contents = papers("a.pdf", "deep/er/b.pdf")
    with Office(tmp_path, start=False) as office:
        with Writer(office.folders["in"]) as writer:
            writer.make("deep/er")
            put_all(writer, contents)
        office.start()
        office.holds(contents)


def test_a_large_file_written_slowly_is_archived_whole(office: Office, writer: Writer) -> None:
    contents = papers("slow.pdf", size=1_000_000)
    waits_until_the_end(office, writer.slowly("slow.pdf", contents["slow.pdf"]), 0)
    office.holds(contents)


def test_a_file_waits_for_its_writer_however_quiet_it_is(office: Office, writer: Writer) -> None:
    """All bytes are there, its end is right, nothing changes for long: and it is not the writer's last word."""
    whole, more = paper("A", 2_000), b"% a remark\n%%EOF\n"
    writer.open("a.pdf")
    writer.write("a.pdf", whole)
    eventually(lambda: office.waits() == {"open": 1})
    writer.write("a.pdf", more)
    writer.close("a.pdf")
    office.holds({"a.pdf": whole + more})


@pytest.mark.parametrize("how", ["moved in", "made and filled"])
def test_a_new_directory_of_three_files(office: Office, writer: Writer, tmp_path: Path, how: str) -> None:
    contents = papers("new/1.pdf", "new/2.pdf", "new/3.pdf")
    if how == "moved in":
        with Writer(tmp_path) as beside:
            beside.make("elsewhere/new")
            put_all(beside, {f"elsewhere/{path}": content for path, content in contents.items()})
            beside.rename("elsewhere/new", "in/new")
    else:
        writer.make("new")
        put_all(writer, contents)
    office.holds(contents)


@pytest.mark.parametrize("temporary", ["a.pdf.part", "a.crdownload", ".a.pdf.tmp", "~$a.pdf"])
def test_what_is_renamed_when_it_is_whole_has_its_last_name(office: Office, writer: Writer, temporary: str) -> None:
    contents = papers("a.pdf")
    for _ in writer.download("a.pdf", contents["a.pdf"], temporary):
        assert office.archived() == []
    office.holds(contents)


def test_after_two_errors_of_the_server_nothing_is_mixed(office: Office, writer: Writer) -> None:
    contents = papers("f1.pdf", "f2.pdf", "f3.pdf")
    office.lie("500", "500")
    put_all(writer, contents)
    office.holds(contents)


def test_the_same_name_in_two_folders_at_once(tmp_path: Path) -> None:
    with Office(tmp_path, sources={"in": {}, "other": {}}) as office:
        contents = {name: paper(f"of {name}", 2_000) for name in office.folders}
        writers = [Writer(path).__enter__() for path in office.folders.values()]
        for writer in writers:
            writer.open("same.pdf")
        for writer, content in zip(writers, contents.values(), strict=True):
            writer.write("same.pdf", content)
        for writer in writers:
            writer.close("same.pdf")
            writer.kill()
        office.until_archived(2)
        for name in office.folders:
            office.settled(name)
            assert files_of(office.folders[name]) == []
        found = sorted(one.contents for one in office.archived())
        assert found == sorted([content] for content in contents.values())


def test_a_burst_over_two_folders_mixes_nothing(tmp_path: Path) -> None:
    with Office(tmp_path, sources={"in": {}, "other": {}}) as office:
        writers = {name: Writer(path).__enter__() for name, path in office.folders.items()}
        marks = {name: [f"{name} {number}" for number in range(75)] for name in writers}
        for name, writer in writers.items():
            writer.begin("burst", [(f"{mark}.pdf", mark) for mark in marks[name]], 3_000)
        for writer in writers.values():
            writer.ended()
            writer.kill()
        archives = office.until_archived(150)
        for name in office.folders:
            office.settled(name)
            assert files_of(office.folders[name]) == []
        wanted = sorted((f"{mark}.pdf", paper(mark, 3_000)) for each in marks.values() for mark in each)
        assert sorted((one.resources[0]["fileName"], one.contents[0]) for one in archives) == wanted
        assert {len(one.resources) for one in archives} == {1}


def test_originals_go_and_nothing_is_left_in_the_data_folder(office: Office, writer: Writer) -> None:
    contents = papers("a.pdf", "b.pdf", size=50_000)
    put_all(writer, contents)
    office.holds(contents)
    assert office.state()["seen"] == 0


# -- what others do ----------------------------------------------------------------------------------------------------


def test_a_scanner_that_opens_the_file_again_and_again(office: Office, writer: Writer) -> None:
    content = paper("scan", 40_000)
    waits_until_the_end(office, writer.reopening("scan.pdf", content), len(content))
    office.holds({"scan.pdf": content})


def test_a_printer_that_makes_an_empty_file_while_it_warms_up(office: Office, writer: Writer) -> None:
    contents = papers("scan.pdf")
    writer.put("scan.pdf", b"")
    eventually(lambda: sum(office.waits().values()) == 1)
    writer.put("scan.pdf", contents["scan.pdf"])
    office.holds(contents)


def test_a_copy_that_has_its_whole_size_from_the_start(office: Office, writer: Writer) -> None:
    contents = papers("copy.pdf", size=200_000)
    waits_until_the_end(office, writer.reserved("copy.pdf", contents["copy.pdf"]), 200_000)
    office.holds(contents)


def test_a_writer_that_dies_leaves_half_a_file_and_a_second_one_begins_anew(office: Office, tmp_path: Path) -> None:
    contents = papers("a.pdf", size=100_000)
    with Writer(office.folders["in"]) as first:
        next(first.slowly("a.pdf", contents["a.pdf"]))
    eventually(lambda: office.waits() == {"end": 1})
    with Writer(office.folders["in"]) as second:
        put_all(second, contents)
    office.holds(contents)


def test_a_hard_link_is_a_file(office: Office, writer: Writer, tmp_path: Path) -> None:
    contents = papers("linked.pdf")
    with Writer(tmp_path) as beside:
        beside.put("elsewhere.pdf", contents["linked.pdf"])
        beside.link("elsewhere.pdf", "in/linked.pdf")
    office.holds(contents)
    assert (tmp_path / "elsewhere.pdf").read_bytes() == contents["linked.pdf"], "the other name is somebody else's"


def test_nested_new_directories(office: Office, writer: Writer) -> None:
    paths = [f"{a}/{b}/{c}/{n}.pdf" for a in "ab" for b in "cde" for c in "fgh" for n in (1, 2)]
    writer.burst([(path, path) for path in paths], size=1_500)
    office.holds({path: paper(path, 1_500) for path in paths})


def test_files_written_behind_a_share_while_a_local_folder_has_events(tmp_path: Path) -> None:
    """No event tells of them: looking does, on the share alone."""
    contents, local = papers("a.pdf", "sub/b.pdf"), papers("c.pdf")
    with Share(tmp_path) as share, Office(tmp_path, sources={"far": {"path": share.path}, "in": {}}) as office:
        with Writer(share.behind) as server, Writer(office.folders["in"]) as writer:
            server.make("sub")
            put_all(server, contents)
            put_all(writer, local)
        office.holds({**contents, **local}, name="far")
        assert office.state("far")["mode"] == "poll"
        assert files_of(office.folders["in"]) == []


def test_busy_once_is_not_busy_for_ever(office: Office, writer: Writer) -> None:
    contents = papers("busy.pdf", "free.pdf")
    steps = writer.slowly("busy.pdf", contents["busy.pdf"], 1)
    next(steps)
    with Writer(office.folders["in"]) as other:
        other.put("free.pdf", contents["free.pdf"])
    office.until_archived(1)
    eventually(lambda: office.waits() == {"open": 1})
    assert list(steps) == []
    office.holds(contents)


@pytest.mark.parametrize("original", ["keep", "move:done"])
def test_touched_copied_over_and_started_again_it_is_not_taken_twice(tmp_path: Path, original: str) -> None:
    contents = papers("a.pdf")
    with Office(tmp_path, original=original) as office, Writer(office.folders["in"]) as writer:
        put_all(writer, contents)
        left = ["a.pdf"] if original == "keep" else ["done/a.pdf"]
        office.until_archived(1)
        eventually(lambda: files_of(office.folders["in"]) == left)
        writer.touch(left[0], 1_700_000_000)
        writer.put(left[0], contents["a.pdf"])
        office.holds(contents, left=left)


def test_what_lay_there_at_the_start_can_be_left_and_is_never_touched(tmp_path: Path) -> None:
    old, new = papers("old.pdf"), papers("new.pdf")
    with Office(tmp_path, sources={"in": {"existing": "ignore"}}, start=False) as office:
        with Writer(office.folders["in"]) as writer:
            put_all(writer, old)
            office.start()
            office.agrees()
            put_all(writer, new)
            office.holds(new, left=["old.pdf"])
        assert (office.folders["in"] / "old.pdf").read_bytes() == old["old.pdf"]


def test_other_peoples_files_stay(office: Office, writer: Writer) -> None:
    """Nothing is deleted that no destination has."""
    contents, others = papers("a.pdf", "sub/b.pdf"), ["notes.txt", "sub/photo.jpg", "sub/c.pdf.bak", ".hidden.pdf"]
    writer.make("sub")
    for path in others:
        writer.put(path, b"somebody else's")
    put_all(writer, contents)
    office.holds(contents, left=others)
    state = office.agrees()
    assert sum(state["ignored"].values()) == len(others)


def test_one_that_goes_away_while_it_waits_is_forgotten(office: Office, writer: Writer) -> None:
    contents = papers("stays.pdf", "goes.pdf")
    next(writer.slowly("goes.pdf", contents["goes.pdf"], 1))
    eventually(lambda: office.waits() == {"open": 1})
    with Writer(office.folders["in"]) as other:
        other.delete("goes.pdf")
        other.put("stays.pdf", contents["stays.pdf"])
    office.holds({"stays.pdf": contents["stays.pdf"]})


def test_many_dropped_at_once_all_arrive(office: Office, writer: Writer) -> None:
    names = [f"{number}.pdf" for number in range(1_000)]
    writer.burst([(name, name) for name in names], size=3_000)
    office.holds({name: paper(name, 3_000) for name in names})


def test_the_same_content_again_under_another_name_is_a_document_of_its_own(office: Office, writer: Writer) -> None:
    content = paper("A", 2_000)
    names: Sequence[str] = ("a.pdf", "b.pdf", "sub/a.pdf")
    writer.make("sub")
    for name in names:
        writer.put(name, content)
    office.holds(dict.fromkeys(names, content))


def test_a_new_file_under_a_name_that_was_there_before(office: Office, writer: Writer) -> None:
    first, second = paper("monday", 2_000), paper("tuesday", 2_000)
    writer.put("report.pdf", first)
    office.until_archived(1)
    eventually(lambda: files_of(office.folders["in"]) == [])
    writer.put("report.pdf", second)
    archives = office.until_archived(2)
    assert [one.contents for one in archives] == [[first], [second]]
