"""The JSON of the archive says what the journal has, and no place on a disk."""

from __future__ import annotations

import msgspec
from tests.peers.archive_scene import FakeArchive

from comptoir.core.document import Document
from comptoir.core.kept import Part
from comptoir.core.search import Facets
from comptoir.web.archive_desk import Life
from comptoir.web.archive_shapes import document_shape, facets_shape, parts_of, print_shape


def test_a_document_says_all_that_is_known_of_it() -> None:
    archive = FakeArchive()
    kept = archive.put("Main courante", b"%PDF-1", others=(Part(Document.of(b"\x1b@raw"), "printed"),), held="contrôle")
    shape = document_shape(kept, Life((), archive.happened[1]), [])
    assert (shape.id, shape.title, shape.held, shape.keep_until, shape.pages) == (
        1,
        "Main courante",
        "contrôle",
        None,
        2,
    )
    assert [(part.role, part.size, part.digest) for part in shape.parts] == [
        ("document", 6, kept.document.digest),
        ("printed", 5, kept.others[0].document.digest),
    ]
    assert shape.events[0].kind == "document-kept"
    assert shape.parts == parts_of(kept)


def test_a_print_is_told_as_the_earlier_design_did() -> None:
    kept = FakeArchive().put("Rapport", user="nuit", printer="audit")
    told = msgspec.to_builtins(print_shape(kept))
    assert told["hash"] == kept.document.digest
    assert {"id", "title", "user", "printer", "pages", "time", "size"} <= set(told)
    assert not {"path", "content"} & set(told)


def test_facets_keep_their_order() -> None:
    shape = facets_shape(Facets({"audit": 3, "caisse": 1}, {}, {}, {}, documents=4, behind=1))
    assert [(one.value, one.documents) for one in shape.sources] == [("audit", 3), ("caisse", 1)]
