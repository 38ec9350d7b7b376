"""Which documents go where."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.document import Document
from comptoir.core.route import Route, format_of, plan


def named(name: str) -> Document:
    return Document.of(b"x", name=name)


def test_a_route_takes_its_source_and_its_names_in_any_case() -> None:
    route = Route("folder", ("A4",), ("*.pdf", "facture-?.txt"))
    assert route.takes("folder", named("X.PDF"))
    assert route.takes("folder", named("Facture-1.TXT"))
    assert not route.takes("folder", named("facture-12.txt"))
    assert not route.takes("api", named("x.pdf"))


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
