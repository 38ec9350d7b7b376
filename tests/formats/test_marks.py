from comptoir.core.page import Line, Page
from comptoir.formats.marks import DUPLICATA, marked

PAGES = [Page((Line("a"),)), Page((Line("b"),))]


def test_a_first_print_is_as_it_is() -> None:
    assert marked(PAGES, {}) == PAGES
    assert marked(PAGES, {"duplicata": "no"}) == PAGES


def test_each_page_of_a_duplicata_says_so() -> None:
    assert marked(PAGES, {"duplicata": "yes"}) == [Page((DUPLICATA, Line("a"))), Page((DUPLICATA, Line("b")))]
