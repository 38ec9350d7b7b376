"""A Star printer (StarPRNT or Line Mode) on a TCP port: it prints, stops, counts and answers as the manuals say.

Status requests are obeyed as they arrive, wherever they stand; everything else in its turn, and not while something is
wrong. Automatic status goes to all hosts that are connected, the answer to ESC GS ETX to the one that asked.
"""

from __future__ import annotations

import asyncio
import re
from types import TracebackType
from typing import Final, Literal

Fault = Literal["paper", "cover", "offline", "cutter"]

#: how long commands are that say nothing of it themselves
_FIXED: Final = {
    **dict.fromkeys((b"@", b"E", b"F", b"4", b"5", b"0"), 2),
    **dict.fromkeys((b" ", b"-", b"R", b"z", b"J", b"a", b"d", b"$"), 3),
    **dict.fromkeys((b"i", b"\x07"), 4),
}
_FIXED_OF_GS: Final = {b"t": 4, b"a": 4, b"A": 5, b"\x03": 6, b"\x19": 7}
_CODECS: Final = {1: "cp437", 4: "cp858", 5: "cp852", 10: "cp866", 32: "cp1252"}
_REAL_TIME: Final = re.compile(rb"\x1b\x06([\x01\x18])")


class StarPrinter:
    """Use as `async with`. `printed`: the text of each piece of paper that was cut off, pictures as [w×h].

    knows_numbers: it knows ESC GS ETX, as models since about 2012 do. buffer: bytes it takes while it cannot print.
    """

    def __init__(self, *, knows_numbers: bool = True, buffer: int = 1 << 20) -> None:
        self.port = 0
        self.printed: asyncio.Queue[str] = asyncio.Queue()
        self.pulses: asyncio.Queue[int] = asyncio.Queue()
        #: lines that are on paper and not cut off
        self.paper: list[str] = []
        #: bytes that are no command it knows
        self.unknown: list[bytes] = []
        self.drawer_closed = True
        self.counter = 0
        self._numbers = 0
        self._knows_numbers = knows_numbers
        self._limit = buffer
        self._faults: set[Fault] = set()
        self._coming: tuple[int, Fault] | None = None
        self._automatic = self._marked = False
        self._held = bytearray()
        self._line = ""
        self._codec = "cp437"
        self._hosts: list[asyncio.StreamWriter] = []
        self._asker: asyncio.StreamWriter | None = None
        self._changed = asyncio.Event()
        self._room = asyncio.Event()

    async def __aenter__(self) -> StarPrinter:
        await self.switch_on()
        self.port = self._server.sockets[0].getsockname()[1]
        self._work = asyncio.create_task(self._print())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._work.cancel()
        self._server.close()
        self.hang_up()
        await asyncio.gather(self._work, return_exceptions=True)

    def fail(self, fault: Fault) -> None:
        """From now on."""
        self._faults.add(fault)
        self._tell_change()

    def fail_after(self, lines: int, fault: Fault) -> None:
        """When so many more lines are printed."""
        self._coming = (lines, fault)

    def mend(self, fault: Fault) -> None:
        """It goes on where it stopped."""
        self._faults.discard(fault)
        self._tell_change()
        self._changed.set()

    def close_drawer(self) -> None:
        self.drawer_closed = True
        self._tell_change()

    def hang_up(self) -> None:
        """The cable is pulled: what is in the buffer stays there."""
        for host in self._hosts:
            host.close()
        self._hosts.clear()
        self._room.set()

    async def switch_off(self) -> None:
        """What is not printed is gone, what was set and counted, too; nobody answers on the port."""
        self._server.close()
        self.hang_up()
        self._held.clear()
        self._line, self._codec = "", "cp437"
        self.counter = self._numbers = 0
        self._automatic = self._marked = False

    async def switch_on(self) -> None:
        """On the same port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    @property
    def status(self) -> bytes:
        """The automatic status as it is now: nine bytes."""
        offline = 0x08 if self._faults else 0
        first = offline | 0x20 * ("cover" in self._faults) | 0x04 * self.drawer_closed | 0x02 * self._marked
        counter = self.counter << 2 & 0x60 | self.counter << 1 & 0x0E
        return bytes(
            (0x23, 0x06, first, 0x08 * ("cutter" in self._faults), 0, 0x08 * ("paper" in self._faults), 0, counter, 0)
        )

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._hosts.append(writer)
        tail = b""
        try:
            while piece := await reader.read(4096):
                piece = tail + piece
                kept = next((n for n in (2, 1) if piece.endswith(b"\x1b\x06"[:n])), 0)
                piece, tail = piece[: len(piece) - kept], piece[len(piece) - kept :]
                self._held += _REAL_TIME.sub(lambda found: self._obey(found[1], writer), piece)
                self._asker = writer
                self._changed.set()
                while len(self._held) > self._limit and not writer.is_closing():
                    self._room.clear()
                    await self._room.wait()
        except OSError:
            pass
        finally:
            if writer in self._hosts:
                self._hosts.remove(writer)
            writer.close()

    def _obey(self, command: bytes, writer: asyncio.StreamWriter) -> bytes:
        if command == b"\x18":
            self._held.clear()
        else:
            self._say(self.status, writer)
        return b""

    async def _print(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            while not self._faults and self._held:
                length = _length(self._held, self._knows_numbers)
                if not length or len(self._held) < length:
                    break
                command = bytes(self._held[:length])
                del self._held[:length]
                self._room.set()
                self._execute(command)

    def _execute(self, command: bytes) -> None:
        match command[0], command[1:2], command[2:3]:
            case 0x0A, _, _:
                self._feed()
            case 0x07 | 0x1C | 0x19 | 0x1A, _, _:
                self.pulses.put_nowait(1 if command in b"\x07\x1c" else 2)
                self.drawer_closed = False
                self._tell_change()
            case 0x17, _, _:
                self.counter = (self.counter + 1) % 32
                self._marked = True
                self._tell_change()
            case 0x1B, b"\x1e", b"a":
                self._automatic = bool(command[3] & 1)
            case 0x1B, b"\x1e", b"E":
                self.counter, self._marked = 0, False
            case 0x1B, b"\x1d", b"\x03" if self._knows_numbers:
                self._numbers = (self._numbers + command[3]) % 256
                self._say(command + bytes((self._numbers, 0)), self._asker)
            case 0x1B, b"\x1d", b"t":
                self._codec = _CODECS.get(command[3], "cp437")
            case 0x1B, b"\x1d", b"S":
                self._picture(command[4] * 8, command[6] + command[7] * 256)
            case 0x1B, b"k", _:
                self._line += f"[{command[2] * 8}×24]"
            case 0x1B, b"d", _:
                self._cut()
            case 0x1B, _, _ if command in (b"\x1b", b"\x1b\x1d\x03"):
                self.unknown.append(command)
            case first, _, _ if first >= 0x20:
                self._line += command.decode(self._codec)

    def _picture(self, width: int, height: int) -> None:
        self._line += f"[{width}×{height}]"
        self._feed()

    def _feed(self) -> None:
        self.paper.append(self._line)
        self._line = ""
        if self._coming:
            lines, fault = self._coming
            self._coming = (lines - 1, fault) if lines > 1 else None
            if not self._coming:
                self.fail(fault)

    def _cut(self) -> None:
        if any(self.paper):  # a cut without print is a stub that nobody reads
            self.printed.put_nowait("\n".join(self.paper))
        self.paper = []

    def _tell_change(self) -> None:
        if self._automatic and self._hosts:
            for host in self._hosts:
                self._say(self.status, host)
            self._marked = False

    def _say(self, answer: bytes, host: asyncio.StreamWriter | None) -> None:
        if host and not host.is_closing():
            host.write(answer)


def _length(held: bytearray, knows_numbers: bool) -> int:
    """How long the command at the beginning is; 0: not known yet. An unknown ESC is one byte."""
    if held[0] != 0x1B:
        return 1
    kind, group = bytes(held[1:2]), bytes(held[2:3])
    if kind == b"\x1e":
        return 4
    if kind == b"k":
        return 4 + held[2] * 24 if len(held) > 3 else 0
    if kind == b"b":
        return held.find(0x1E, 6) + 1
    if kind != b"\x1d":
        return _FIXED.get(kind, 1 if kind else 0)
    if group == b"\x03" and not knows_numbers:
        return 3
    if group == b"S":
        return 9 + held[4] * (held[6] + held[7] * 256) if len(held) > 8 else 0
    if group == b"y":
        return _length_of_qr(held)
    return _FIXED_OF_GS.get(group, 1 if group else 0)


def _length_of_qr(held: bytearray) -> int:
    match bytes(held[3:4]):
        case b"P":
            return 4
        case b"D":
            return 8 + held[6] + held[7] * 256 if len(held) > 7 else 0
        case b"S":
            return 6
        case _:
            return 0
