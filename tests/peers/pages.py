"""Web pages of other sites: a small server over HTTP and HTTPS whose names all lead to this machine, and a service that
does whatever it is asked, to show that an attack would work on one that does not look who asks."""

from __future__ import annotations

import datetime
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

#: what makes a browser find every site here; certificates are not what these pages are about
BROWSER = (
    "--host-resolver-rules=MAP *.example 127.0.0.1",
    "--ignore-certificate-errors",
)
EMPTY = "<!doctype html><meta charset=utf-8><title>A page</title><h1>A page of another site</h1>"
PATIENCE = 10.0


@dataclass(frozen=True)
class Body:
    """What one path answers."""

    text: str
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def certificate(folder: Path) -> Path:
    """A PEM file with a key and a certificate that nobody trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "odoo.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "pages.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def _running(handler: type[BaseHTTPRequestHandler], pem: Path | None) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if pem is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        # The handshake belongs to the connection's own thread, so that one that stalls holds up no other.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Pages:
    """`pages[path]` may be set while it runs. Unknown paths are an empty page."""

    def __init__(self) -> None:
        self.pages: dict[str, Body] = {"/": Body(EMPTY)}
        self.http = self.https = 0

    def origin(self, scheme: str = "http", host: str = "odoo.example") -> str:
        return f"{scheme}://{host}:{self.https if scheme == 'https' else self.http}"

    @classmethod
    @contextmanager
    def running(cls, folder: Path) -> Iterator[Pages]:
        pages = cls()

        class Handler(_Quiet):
            def do_GET(self) -> None:
                self.answer(pages.pages.get(self.path.partition("?")[0], Body(EMPTY)))

        with _running(Handler, None) as pages.http, _running(Handler, certificate(folder)) as pages.https:
            yield pages


class Naive:
    """A service that does what anybody asks, as the earlier one did. `asked` holds method and path of every request."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.port = 0
        self._came = threading.Condition()

    def wait_for(self, method: str, path: str) -> bool:
        """Whether it is asked for that within the patience."""
        with self._came:
            return self._came.wait_for(lambda: (method, path) in self.asked, PATIENCE)

    def _hear(self, method: str, path: str) -> None:
        with self._came:
            self.asked.append((method, path))
            self._came.notify_all()

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Naive]:
        naive = cls()

        class Handler(_Quiet):
            def _any(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                naive._hear(self.command, self.path.partition("?")[0])
                self.answer(Body("done", "text/plain"))

            do_GET = do_POST = do_OPTIONS = _any  # noqa: N815

        with _running(Handler, None) as naive.port:
            yield naive


class _Quiet(BaseHTTPRequestHandler):
    def answer(self, body: Body) -> None:
        data = body.text.encode()
        self.send_response(200)
        for name, value in {"Content-Type": body.kind, "Content-Length": str(len(data)), **body.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """The tests say what was asked."""
