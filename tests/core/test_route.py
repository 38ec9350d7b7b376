"""Which documents go where."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.document import Document
from comptoir.core.intake import Candidate
from comptoir.core.route import Route, format_of, plan


def named(name: str) -> Document:
    return Document.of(b"x", name=name)


def test_a_route_takes_its_source_and_its_names_in_any_case() -> None:
    route = Route("folder", ("A4",), ("*.pdf", "facture-?.txt"))
    assert route.takes("folder", named("X.PDF"))
    assert route.takes("folder", named("Facture-1.TXT"))
    assert not route.takes("folder", named("facture-12.txt"))
    assert not route.takes("api", named("x.pdf"))


def file(path: str, size: int = 10, media_type: str = "application/pdf") -> Candidate:
    return Candidate("folder", path, size, 0, media_type)


def test_a_route_takes_files_by_type_of_the_content() -> None:
    route = Route("folder", ("A4",), types=("application/pdf", "image/*"))
    assert route.matches(file("a.bin"))
    assert route.matches(file("a.bin", media_type="image/png"))
    assert not route.matches(file("a.pdf", media_type="text/plain"))


def test_a_route_takes_files_by_directory() -> None:
    below, here = Route("folder", ("A4",), folder=("2026/*",)), Route("folder", ("A4",), folder=("",))
    assert below.matches(file("2026/11/a.pdf"))
    assert not below.matches(file("2026.pdf"))
    assert not below.matches(file("2025/a.pdf"))
    assert here.matches(file("a.pdf"))
    assert not here.matches(file("2026/a.pdf"))


def test_two_routes_with_the_same_bound_share_all_files() -> None:
    large, small = Route("folder", ("A",), larger=100), Route("folder", ("B",), smaller=100)
    assert [(large.matches(file("a", size)), small.matches(file("a", size))) for size in (0, 99, 100, 101)] == [
        (False, True), (False, True), (True, False), (True, False),
    ]  # fmt: skip


def test_a_pattern_with_a_slash_is_about_the_path() -> None:
    route = Route("folder", ("A4",), ("2026/*.pdf",))
    assert route.matches(file("2026/11/A.PDF"))
    assert not route.matches(file("a.pdf"))


def test_letters_are_the_same_however_a_system_writes_them() -> None:
    assert Route("folder", ("A4",), ("été*",)).matches(file("e\u0301te\u0301.pdf"))


def test_destinations_stand_once_and_in_the_order_of_the_routes() -> None:
    routes = [Route("api", ("B", "A")), Route("api", ("A", "C"), ("*.txt",)), Route("other", ("D",))]
    assert plan("api", named("a.txt"), routes, "Z") == ("B", "A", "C")
    assert plan("api", named(""), routes, "Z") == ("B", "A")


def test_what_no_route_takes_goes_to_the_default() -> None:
    assert plan("api", named("x"), [], "Z") == ("Z",)
    assert plan("api", named("x"), [Route("api", ())], "Z") == ("Z",)


@given(st.text(), st.lists(st.text(), max_size=4), st.text())
def test_any_name_and_any_pattern_give_a_plan(name: str, patterns: list[str], source: str) -> None:
    found = plan(source, named(name), [Route(source, ("A", "B"), tuple(patterns))], "Z")
    assert found in (("A", "B"), ("Z",))


def test_the_first_route_that_says_so_tells_how_a_document_is_read() -> None:
    routes = [Route("api", ("A",)), Route("api", ("A",), ("*.ticket",), "ticket"), Route("api", ("A",), ("*",), "text")]
    assert format_of("api", named("bon.TICKET"), routes) == "ticket"
    assert format_of("api", named("bon.txt"), routes) == "text"
    assert format_of("relay", named("bon.ticket"), routes) == ""
