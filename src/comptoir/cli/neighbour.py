"""Who has the port already: is it the earlier till service, which is to make way? It asks on this machine and changes
nothing."""

from __future__ import annotations

import http.client
import json
import time
from typing import Final

from comptoir.cli.place import EVERYWHERE

LOOK: Final = 0.2  # seconds between two attempts
PATIENCE: Final = 1.0  # seconds: it is on this machine
_MOST: Final = 4096  # bytes of an answer that are looked at


def earlier_service(host: str, port: int) -> bool:
    """Whether the earlier service answers there. `host` as in the configuration; False where nobody answers."""
    here = EVERYWHERE.get(host, host)
    status = _get(here, port, "/status")
    # A Comptoir says the same there, so that monitoring goes on; the earlier service has no /healthz.
    return status is not None and _is_earlier(*status) and (_get(here, port, "/healthz") or (0, b""))[0] == 404


def comptoir_answers(host: str, port: int) -> bool:
    """Whether a Comptoir answers there; the earlier service has no /healthz."""
    return (_get(EVERYWHERE.get(host, host), port, "/healthz") or (0, b""))[0] == 200


def comptoir_comes(host: str, port: int, patience: float = 30.0) -> bool:
    """Whether a Comptoir answers there now, or within some seconds."""
    until = time.monotonic() + patience
    while not (there := comptoir_answers(host, port)) and time.monotonic() < until:
        time.sleep(LOOK)
    return there


def _is_earlier(status: int, body: bytes) -> bool:
    """Its answer, as odoo_pos_cashdrawer_webservice gives it: {"message": "Service actif", …, "status": "running"}."""
    try:
        said = json.loads(body)
    except ValueError:
        return False
    return status == 200 and isinstance(said, dict) and (said.get("message"), said.get("status")) == _SAYS


_SAYS: Final = ("Service actif", "running")


def _get(host: str, port: int, path: str) -> tuple[int, bytes] | None:
    """Status and body; None where nobody speaks HTTP."""
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(_MOST)
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
