"""What one process hands to the other arrives as it was."""

from __future__ import annotations

import msgspec

from comptoir.archive.leaves import BROKEN, CHANGED, LOCKED, LONG, Cover, Leaf, Line, Order, Progress


def test_an_order_survives_the_way() -> None:
    cover = Cover(
        "h", "Hôtel", [("a", "b")], "n", "x\ny", "c", [Line("m", "bad", "n", "s")], "d", ("1", "2", "3", "4", "5"), "f",
        "fr", {BROKEN: "é", CHANGED: "", LOCKED: "", LONG: ""},
    )  # fmt: skip
    receipt = Leaf("b", "02:10", "t", "", "s", files=["x.png"], narrow=True)
    order = Order(cover, [receipt, Leaf("b", "", "", "", "", "d", "pdf", ["x.pdf"], trouble=BROKEN)])
    assert msgspec.json.decode(msgspec.json.encode(order), type=Order) == order
    assert msgspec.json.decode(b'{"begun":-1}', type=Progress).begun == -1
