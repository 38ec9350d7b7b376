"""What keeps a station busy while a drawer is called: open pages of the console, and an invoice that prints and prints.

Both speak plain HTTP to it, each from a thread of its own.
"""

from __future__ import annotations

import http.client
import json
import selectors
import socket
import threading
import time
from types import TracebackType
from typing import Final

from documents import invoice

PATIENCE: Final = 30.0
#: s between two looks at a print
LOOK: Final = 0.1


class Console:
    """So many pages that hear of what happens: streams of /api/events, read as they come. Use as `with`."""

    def __init__(self, port: int, pages: int) -> None:
        self._selector = selectors.DefaultSelector()
        request = f"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\n\r\n".encode()
        self._connections = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(pages)]
        for connection in self._connections:
            connection.sendall(request)
            if not connection.recv(4096).startswith(b"HTTP/1.1 200"):
                raise SystemExit("the station has no events")
            self._selector.register(connection, selectors.EVENT_READ)
        self._ended = False
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Console:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended = True
        self._thread.join(PATIENCE)
        for connection in self._connections:
            connection.close()

    def _read(self) -> None:
        while not self._ended:
            for key, _ in self._selector.select(LOOK):
                if not key.fileobj.recv(65_536):  # type: ignore[union-attr]
                    raise SystemExit("a page of the console was cut off")


class Prints:
    """An invoice of so many pages on this printer, and again as soon as it is done. Use as `with`."""

    def __init__(self, port: int, printer: str, pages: int) -> None:
        self._port = port
        self._path = f"/api/print?printer={printer}"
        self._document = invoice(pages)
        self._count = 0
        self._ended = False
        self._thread = threading.Thread(target=self._print, daemon=True)

    def __enter__(self) -> Prints:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended = True
        self._thread.join(PATIENCE)

    def done(self) -> int:
        """How many have been printed; SystemExit where it is none."""
        if not self._count:
            raise SystemExit("no invoice was printed meanwhile")
        return self._count

    def _print(self) -> None:
        while not self._ended:
            number = self._ask("POST", self._path, self._document)["id"]
            while (job := self._ask("GET", f"/api/jobs/{number}"))["status"] != "printed":
                if job["status"] not in ("queued", "sent", "printing"):
                    raise SystemExit(f"the invoice was not printed: {job}")
                time.sleep(LOOK)
            self._count += 1

    def _ask(self, method: str, path: str, body: bytes = b"") -> dict[str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, {"Content-Type": "application/pdf"} if body else {})
            answer: dict[str, str] = json.loads(connection.getresponse().read())
            return answer
        finally:
            connection.close()
