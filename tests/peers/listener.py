"""A printer that is only an open port: it takes what comes and never answers, as a raw network printer may."""

from __future__ import annotations

import socketserver
import threading
from types import TracebackType


class Listener:
    """Remembers what each connection brought. Use as `with`."""

    def __init__(self, port: int = 0) -> None:
        self.jobs: list[bytes] = []
        self._came = threading.Condition()
        listener = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                pieces = []
                try:
                    while piece := self.request.recv(65536):
                        pieces.append(piece)
                except ConnectionResetError:
                    pieces.append(b"<reset>")
                with listener._came:
                    listener.jobs.append(b"".join(pieces))
                    listener._came.notify_all()

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self._server = Server(("127.0.0.1", port), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Listener:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait(self, count: int, patience: float = 30.0) -> list[bytes]:
        """What came, once that many connections have ended."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.jobs) >= count, patience), f"{len(self.jobs)} of {count} came"
            return list(self.jobs)

    def printed(self, mark: bytes, least: int = 0, patience: float = 30.0) -> int:
        """How often these bytes came, once they came that often: what is sent may not be read yet."""
        with self._came:
            self._came.wait_for(lambda: self._count(mark) >= least, patience)
            return self._count(mark)

    def _count(self, mark: bytes) -> int:
        return sum(job.count(mark) for job in self.jobs)
