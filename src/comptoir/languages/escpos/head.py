"""The head of a printer that reads ESC/POS: what its commands act on, and how their outcome reaches the paper.

It reads no bytes: `interpret` does, with the commands in `graphics_commands` and `page_commands`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from comptoir.core.page import Media, Picture
from comptoir.languages.escpos.composer import Composer
from comptoir.languages.escpos.decoding import Decoder
from comptoir.languages.escpos.elements import Element, Inset, Pulse, Request, Symbol, TextLine, Unknown
from comptoir.languages.escpos.graphics_memory import GraphicsMemory
from comptoir.languages.escpos.page_mode import PageMode
from comptoir.languages.escpos.paper import Paper
from comptoir.languages.escpos.roll import Roll
from comptoir.languages.escpos.symbols import Symbols
from comptoir.languages.escpos.tokens import Tokenizer

Event = Paper | Request | Pulse


class Head:
    """The line, the page, the stored graphics and the roll of one printer; `events` is what happened besides.

    tokens: where the bytes come from, which knows how far they have been read.
    """

    def __init__(self, media: Media, decoder: Decoder, tokens: Tokenizer) -> None:
        self.composer = Composer(media, decoder)
        self.page = PageMode(media)
        self.memory = GraphicsMemory()
        self.symbols = Symbols()
        self.roll = Roll()
        self.add = self.roll.add
        self.events: list[Event] = []
        self._tokens = tokens

    def reset(self) -> None:
        """ESC @."""
        self.leave_page()
        self.composer.reset()
        self.symbols.reset()
        self.memory.reset()

    def leave_page(self) -> None:
        """To standard mode; what is on the page is not printed."""
        if self.page.on:
            self.composer.drop()
            self.page.on = False
            self.composer.area.set_page(0)

    def cut(self, command: bytes) -> None:
        """What was printed so far is a paper."""
        self.end_line()
        self.events.append(self.roll.take(self._tokens.consumed, command))

    def ask(self, code: bytes, body: bytes) -> None:
        """Something that a printer answers."""
        request = Request(code + body)
        self.add(request)
        self.events.append(request)

    def pulse(self, pulse: Pulse) -> None:
        """The drawer."""
        self.add(pulse)
        self.events.append(pulse)

    def report(self, code: bytes, why: str) -> None:
        """A command that is not obeyed, on the paper."""
        self.add(Unknown(code, self._tokens.consumed, why))

    def end_line(self) -> None:
        """The line so far is printed."""
        self.print(self.composer.flush())

    def print(self, elements: Iterable[Element]) -> None:
        """What the composer has finished: onto the page in page mode, else onto the paper."""
        for element in elements:
            if self.page.on:
                self.roll.truncated |= not self.page.place(element, 0)
            elif isinstance(element, Picture):
                self.roll.add_band(element)
            else:
                self.add(element)

    def place(self, element: Picture | Symbol | None) -> None:
        """Something of its own on the paper: the line before it ends. In page mode it stands in the line."""
        if element is None:
            return
        composer = self.composer
        if self.page.on:
            self.print(composer.flush(keep=True))
            self.roll.truncated |= not self.page.place(element, composer.x)
            composer.step(element.width if isinstance(element, Picture) else 0)
            return
        self.end_line()
        area = composer.area
        if area.full_width:
            self.add(element)
        elif isinstance(element, Picture):
            inset = (Inset(element),)
            self.add(TextLine((), composer.align, area.margin, 0, area.room, inset))
        else:
            self.add(replace(element, margin=area.margin, room=area.room))
