"""What the API says of a source that captures."""

from __future__ import annotations

import msgspec

from comptoir.core.kept import SourceState
from comptoir.web.capture_shapes import capture_shape


def test_what_is_not_so_is_left_out() -> None:
    said = msgspec.to_builtins(capture_shape(SourceState("audit", "lpd", ("lpd://caisse:515",))))
    assert said == {"name": "audit", "kind": "lpd", "addresses": ["lpd://caisse:515"], "taken": 0, "busy": 0}


def test_times_are_those_of_rfc_3339() -> None:
    said = capture_shape(SourceState("audit", "lpd", since=0, trouble="the port is taken"))
    assert said.since == "1970-01-01T00:00:00.000Z"
