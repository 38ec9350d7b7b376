"""Readers of page languages, written from their specifications and from nothing of ours: what a printer would see."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class RasterPage:
    """A page of PWG raster (PWG 5102.4): some of its header, and its dots."""

    duplex: int
    tumble: int
    dpi: int
    cross: int
    feed: int
    points: tuple[int, int]
    name: str
    space: int
    dots: NDArray[np.uint8]


def pwg_pages(data: bytes) -> list[RasterPage]:
    """Every page. Raises AssertionError where the stream is none."""
    assert data[:4] == b"RaS2"
    pages, at = [], 4
    while at < len(data):
        header = data[at : at + 1796]
        at += 1796
        assert header.startswith(b"PwgRaster\0")

        def word(place: int, header: bytes = header) -> int:
            value: int = struct.unpack_from(">I", header, place)[0]
            return value

        width, height, depth = word(372), word(376), word(388) // 8
        assert word(392) == width * depth
        rows = bytearray()
        while len(rows) < width * height * depth:
            repeat, at = data[at] + 1, at + 1
            row = bytearray()
            while len(row) < width * depth:
                length, at = data[at], at + 1
                count = length + 1 if length < 128 else 257 - length
                take = 1 if length < 128 else count
                row += data[at : at + take * depth] * (count if length < 128 else 1)
                at += take * depth
            assert len(row) == width * depth
            rows += row * repeat
        assert len(rows) == width * height * depth
        dots = np.frombuffer(bytes(rows), np.uint8).reshape(height, width, depth)
        name = header[1732:1796].rstrip(b"\0").decode()
        pages.append(
            RasterPage(
                word(272), word(368), word(276), word(456), word(460), (word(352), word(356)), name, word(400), dots
            )
        )
    return pages


@dataclass(frozen=True)
class PclPage:
    """What PCL 5 leaves on a page: commands before its raster, and rows of dots, 1 is black."""

    commands: dict[str, int]
    dots: NDArray[np.uint8]


_COMMAND = re.compile(rb"\x1b([&*])([a-z])(-?\d+)([A-Z])")


def pcl_pages(data: bytes) -> list[PclPage]:
    """Every page of a job in PCL 5 between two resets. Raises AssertionError for what is no such job."""
    body = data[data.index(b"\x1bE") + 2 : data.rindex(b"\x1bE")]
    pages: list[PclPage] = []
    commands: dict[str, int] = {}
    rows: list[bytes] = []
    at = width = 0
    while at < len(body):
        if body[at : at + 1] == b"\f":
            bits = np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), (width + 7) // 8)
            pages.append(PclPage(dict(commands), np.unpackbits(bits, axis=1, count=width)))
            rows, at = [], at + 1
            continue
        plain = next((one for one in (b"\x1b*p0x0Y", b"\x1b*rC") if body.startswith(one, at)), None)
        if plain is not None:
            at += len(plain)
            continue
        found = _COMMAND.match(body, at)
        assert found is not None, body[at : at + 20]
        key, value, at = (found[1] + found[2] + found[4]).decode(), int(found[3]), found.end()
        if key == "*rS":
            width = value
        if key == "*bW":
            rows.append(_unpacked(body[at : at + value], (width + 7) // 8))
            at += value
        elif key == "*bY":
            rows += [bytes((width + 7) // 8)] * value
        else:
            commands[key] = value
    return pages


def _unpacked(data: bytes, wanted: int) -> bytes:
    """PackBits, as TIFF 6.0 §9 tells it."""
    out, at = bytearray(), 0
    while at < len(data):
        length, at = data[at], at + 1
        if length < 128:
            out += data[at : at + length + 1]
            at += length + 1
        elif length > 128:
            out += data[at : at + 1] * (257 - length)
            at += 1
    assert len(out) == wanted
    return bytes(out)
