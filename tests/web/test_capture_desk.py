"""What pages ask of the capturing sources: the station and the tests' stand-in answer alike."""

from __future__ import annotations

import inspect

import pytest
from tests.peers.capture_scene import FakeCapturing

from comptoir.station.capture.capturing import Capturing
from comptoir.web.capture_desk import CaptureDesk


@pytest.mark.parametrize("behind", [Capturing, FakeCapturing])
def test_it_has_every_method(behind: type) -> None:
    for name, method in vars(CaptureDesk).items():
        if inspect.isfunction(method) and not name.startswith("_"):
            assert list(inspect.signature(getattr(behind, name)).parameters) == ["self"]
