"""What the bytes of a connection are: pieces of documents, their ends, questions, pulses for a drawer. Values."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, Protocol


class Piece(NamedTuple):
    """body: bytes of the document. end: it is complete. ask: a question, to be answered now. pulse: opens a drawer."""

    kind: Literal["body", "end", "ask", "pulse"]
    data: bytes = b""


END: Final = Piece("end")


class Reader(Protocol):
    """Reads the stream of one kind of sender. Pure; any bytes, in any split."""

    @property
    def settled(self) -> bool:
        """Whether a document may have ended by now: silence says that it has."""
        ...

    @property
    def rest(self) -> bytes | None:
        """Not None: what it reads is over with the last document; these bytes, which came behind, are another's."""
        ...

    def feed(self, data: bytes) -> list[Piece]: ...

    def finish(self) -> list[Piece]:
        """Nothing more comes: what was held back, and the end of the document, where there is one."""
        ...

    @property
    def cut_short(self) -> bool:
        """Whether it stands in the middle of a command, as far as that can be known."""
        ...
