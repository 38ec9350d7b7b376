"""Printers that only listen: many TCP ports in one process, which notes when a pulse arrives.

It answers what an ESC/POS printer is asked (DLE EOT, GS a, GS r, GS I) at once and with "all is well". When its
standard input ends it prints the times of the pulses as JSON, in the order in which they came, in ns of the system's
monotonic clock, which all processes share.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from typing import Final

#: of pin 2, with whatever times
PULSE: Final = b"\x1bp\x00"
#: bytes at once that are no picture
SHORT: Final = 64

#: what is asked → the answer, as a printer with no sensor and nothing to complain of gives it
ANSWERS: Final = (
    (b"\x10\x04\x01", b"\x16"),
    (b"\x10\x04\x02", b"\x12"),
    (b"\x10\x04\x03", b"\x12"),
    (b"\x10\x04\x04", b"\x12"),
    (b"\x1dr\x01", b"\x00"),
    (b"\x1dr\x02", b"\x01"),
    (b"\x1da", b"\x14\x00\x00\x0f"),
)


class Printers:
    """So many listening ports, and the connections to them."""

    def __init__(self, count: int) -> None:
        self._selector = selectors.DefaultSelector()
        self.pulses: list[int] = []
        self.ports: list[int] = []
        for _ in range(count):
            listener = socket.create_server(("127.0.0.1", 0))
            self._selector.register(listener, selectors.EVENT_READ, self._accept)
            self.ports.append(listener.getsockname()[1])
        self._selector.register(sys.stdin, selectors.EVENT_READ, None)

    def run(self) -> None:
        """Until standard input ends."""
        while True:
            for key, _ in self._selector.select():
                if key.data is None:
                    return
                key.data(key.fileobj)

    def _accept(self, listener: socket.socket) -> None:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(connection, selectors.EVENT_READ, self._hear)

    def _hear(self, connection: socket.socket) -> None:
        data = connection.recv(4096)
        if not data:
            self._selector.unregister(connection)
            connection.close()
            return
        now = time.monotonic_ns()
        # Requests are short and come whole: on the loopback a write arrives as it was made. In the middle of a picture
        # there are none.
        if len(data) <= SHORT:
            self.pulses += [now] * data.count(PULSE)
        data = data[-SHORT:]
        asked = sorted((data.find(question), answer) for question, answer in ANSWERS if question in data)
        if asked:
            connection.sendall(b"".join(answer for _, answer in asked))


def main() -> None:
    printers = Printers(int(sys.argv[1]))
    print(json.dumps(printers.ports), flush=True)
    printers.run()
    print(json.dumps(printers.pulses), flush=True)


if __name__ == "__main__":
    main()
