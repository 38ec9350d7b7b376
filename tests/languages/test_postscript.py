"""PostScript: drawn again by Ghostscript, which knows nothing of us."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from comptoir.core.sheet import Ink, Paper, Setup, Side, Wishes
from comptoir.languages.postscript import Postscript, PostscriptWriter

PAPER = Paper("x_y_50x100mm", 5_000, 10_000)


def side_of(setup: Setup, ink: Ink) -> Side:
    """Black in the upper left quarter, red (or grey) in the lower right one."""
    dots = np.full((setup.height, setup.width, 3), 255, np.uint8)
    dots[: setup.height // 2, : setup.width // 2] = 0
    dots[setup.height // 2 :, setup.width // 2 :] = (200, 0, 0)
    taken = np.ascontiguousarray(dots if ink == "colours" else dots[:, :, 0])
    return Side(setup.width, setup.height, ink, taken.data.cast("B"))


@pytest.mark.skipif(shutil.which("gs") is None, reason="needs Ghostscript (.ci/peers)")
def test_ghostscript_draws_the_same(tmp_path: Path) -> None:
    setup = Setup(PAPER, 72, "colours")
    writer = PostscriptWriter(setup, Wishes(sides="two-sided-long-edge"))
    sides = [side_of(setup, "colours"), side_of(setup, "greys")]
    data = writer.begin() + b"".join(piece for side in sides for piece in writer.side(side)) + writer.end()
    (tmp_path / "in.ps").write_bytes(data)
    command = [
        "gs",
        "-q",
        "-dSAFER",
        "-sDEVICE=png16m",
        "-r72",
        "-o",
        str(tmp_path / "%d.png"),
        str(tmp_path / "in.ps"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    for number, lower in ((1, (200, 0, 0)), (2, (200, 200, 200))):
        with Image.open(tmp_path / f"{number}.png") as page:
            across, along = page.size
            assert (abs(across - setup.width) <= 1, abs(along - setup.height) <= 1) == (True, True)
            assert page.getpixel((across // 4, along // 4)) == (0, 0, 0)
            assert page.getpixel((across * 3 // 4, along // 4)) == (255, 255, 255)
            assert page.getpixel((across * 3 // 4, along * 3 // 4)) == lower
    assert not (tmp_path / "3.png").exists()


def test_no_byte_of_a_picture_commands() -> None:
    setup = Setup(PAPER, 72, "greys")
    data = b"".join(Postscript().writer(setup, Wishes()).side(side_of(setup, "greys")))
    assert all(byte in b"\n\r\t" or 32 <= byte < 127 for byte in data)


def test_the_device_is_set_once_and_sides_are_said() -> None:
    writer = PostscriptWriter(Setup(PAPER, 72), Wishes(sides="two-sided-short-edge"))
    assert b"/Duplex true /Tumble true" in writer.begin()
    assert b"Duplex" not in PostscriptWriter(Setup(PAPER, 72), Wishes()).begin()
