"""What the process that reads documents is asked, and what it answers: values, and how they lie in a pipe.

A message is the length of its head (four bytes), the head as JSON, and the bytes that it announces.
"""

from __future__ import annotations

import struct
from typing import Final, Literal

import msgspec

HEAD: Final = struct.Struct(">I")

#: read: text and pages. draw: a page as a picture. eyes: the text in pictures of the first pages
Task = Literal["read", "draw", "eyes"]
Image = Literal["webp", "png"]


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done with a document: the file of that path, or as many bytes as follow.

    key: one for the same document, which may stay open from one errand to the next. page: from 1. width: dots.
    """

    task: Task
    key: str
    media_type: str
    path: str = ""
    size: int = 0
    page: int = 1
    width: int = 0
    image: Image = "png"
    #: of tesseract
    languages: str = ""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it. size: bytes of a picture that follow. trouble: why there is nothing; "" where that is right."""

    text: str = ""
    pages: int | None = None
    size: int = 0
    #: it has no text, but its picture may be read
    eyes: bool = False
    trouble: str = ""


def packed(message: Errand | Answer) -> bytes:
    """The head, before any bytes."""
    head = msgspec.json.encode(message)
    return HEAD.pack(len(head)) + head
