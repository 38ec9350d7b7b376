"""The addresses and answers of the earlier till service ("service tiroir-caisse"), byte for byte: same paths, same
French messages, same types, so that tills, scripts and monitors need no change.

Who may call is decided by the guard before; the drawer is opened by `station/drawers.py`. What differs from the earlier
service is what was dangerous in it: `HEAD` does nothing, and a purge removes no file that is not printed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable, Mapping
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Final

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from comptoir.arrivals import FolderSourceConfig
from comptoir.config import VIRTUAL, Config
from comptoir.core.errors import ComptoirError, NotAllowed, TooMany, UnknownName
from comptoir.core.ports import Journal
from comptoir.core.units import duration
from comptoir.sources.folder.own_thread import in_time
from comptoir.station.drawers import Drawers, asker_of
from comptoir.web.answers import Broken
from comptoir.web.levels import ACTING_GETS
from comptoir.web.locale import catalogue
from comptoir.web.shapes import DrawerOrder
from comptoir.web.words import Words

STATUS: Final = "/status"
DRAWER: Final = "/open-cash-drawer"
INVOICES: Final = "/invoice-printer/status"
PURGE: Final = "/invoice-printer/purge"
PATHS: Final = frozenset({STATUS, DRAWER, INVOICES, PURGE})
ALLOWED: Final = "OPTIONS, HEAD, GET"
#: by this name the journal knows who called here
SOURCE: Final = "till"

OPENED: Final = "Tiroir-caisse ouvert"
NOT_OPENED: Final = "Erreur lors de l'ouverture du tiroir"
REFUSED: Final = "Accès refusé - Local uniquement"
ACTIVE: Final = "Service actif"
PURGED: Final = "Dossier {folder} purgé avec succès"
KEPT: Final = " ; {count} fichier(s) pas encore imprimé(s) : gardé(s)"
NOT_PURGED: Final = "Erreur lors de la purge du dossier {folder}"
NO_FOLDER: Final = "Aucun dossier de factures n'est configuré"

#: what the earlier service said where nothing was configured
UNSET: Final = {"autoprint": "disabled", "download_folder": "", "printer_name": "FACTURE", "scan_frequency": "5"}

_NOT_THIS_WAY: Final = (
    "<!doctype html>\n<html lang=en>\n<title>405 Method Not Allowed</title>\n<h1>Method Not Allowed</h1>\n"
    "<p>The method is not allowed for the requested URL.</p>\n"
)
_PATIENCE: Final = 20.0  # seconds: the folder may lie on a share that hangs
_LONGEST: Final[dict[str, int]] = {"reason": 200, "order": 64}  # as DrawerOrder has them


class Earlier:
    """Handlers for one station. `config`: as it is now, because it changes while the service runs."""

    def __init__(
        self,
        drawers: Drawers,
        journal: Journal,
        config: Callable[[], Config],
        remove: Callable[[str], Awaitable[int]],
    ) -> None:
        """`remove`: takes what is delivered out of this folder; how many files. Raises JournalError."""
        self._drawers = drawers
        self._journal = journal
        self._config = config
        self._remove = remove

    def routes(self) -> list[web.RouteDef]:
        """`GET` on each of PATHS. `OPTIONS` is answered as before, and no other method does anything."""
        handlers = {STATUS: self.status, DRAWER: self.open, INVOICES: self.invoices, PURGE: self.purge}
        return [web.route("*", path, self._as_before(path, handler)) for path, handler in handlers.items()]

    def explain(self, request: web.Request, error: ComptoirError) -> web.Response | None:
        """The error in the earlier service's shape; None: it is not about one of its addresses."""
        if request.path not in PATHS or not self._config().till.enabled:
            return None
        if isinstance(error, NotAllowed):
            return answer({"status": "error", "message": REFUSED}, 403)
        if isinstance(error, TooMany):
            refused = answer({"status": "error", "message": _because(error)}, 429)
            refused.headers[hdrs.RETRY_AFTER] = str(error.wait)
            return refused
        unexplained = request.path == DRAWER and isinstance(error, Broken)
        return answer({"status": "error", "message": NOT_OPENED if unexplained else _because(error)}, 500)

    def _as_before(self, path: str, handler: Handler) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            if not self._config().till.enabled:
                raise UnknownName(
                    f"there is nothing at {path}", "The earlier service's addresses are switched off: [till] enabled."
                )
            if request.method == "OPTIONS":
                return _html("", 200, ALLOWED)
            if request.method == "GET" or (request.method == "HEAD" and path not in ACTING_GETS):
                return await handler(request)
            # The earlier service acted on HEAD, and said so; a HEAD that cannot act has nothing of the GET to tell.
            return _html(_NOT_THIS_WAY, 405, "OPTIONS, GET" if request.method == "HEAD" else ALLOWED)

        return handle

    # -- what is asked ------------------------------------------------------------------------------------------------

    async def status(self, request: web.Request) -> web.StreamResponse:
        return answer({"status": "running", "message": ACTIVE, **_caller(request)})

    async def open(self, request: web.Request) -> web.StreamResponse:
        """`?reason=` and `?order=` are ours: the earlier service was not told why. Raises what `Drawers.open` does."""
        told = {name: _printable(request.query.get(name, ""))[:longest] for name, longest in _LONGEST.items()}
        await self._drawers.open(DrawerOrder(**told), asker_of(request, SOURCE))
        return answer({"status": "success", "message": OPENED})

    async def invoices(self, request: web.Request) -> web.StreamResponse:
        return answer({"status": "running", **_folder_of(self._config()), **_caller(request)})

    async def purge(self, request: web.Request) -> web.StreamResponse:
        """Remove what is printed and still lies there, whatever its route says of originals; nothing else."""
        source = source_of(self._config())
        if source is None:
            return answer({"status": "error", "message": NO_FOLDER}, 500)
        look = partial(in_time, "purge", partial(_lying, source), _PATIENCE)
        try:
            await look()
            removed = await self._remove(source.name)
            left = await look()
        except OSError:
            return answer({"status": "error", "message": NOT_PURGED.format(folder=source.path)}, 500)
        by = asker_of(request, SOURCE)
        who = {"user": by.user, "host": by.host, "site": by.site}
        await self._journal.note("invoices-purged", {"source": source.name, "removed": removed, "left": left, **who})
        said = PURGED.format(folder=source.path) + (KEPT.format(count=left) if left else "")
        return answer({"status": "success", "message": said})


def answer(body: Mapping[str, str], status: int = 200) -> web.Response:
    """JSON as the earlier service wrote it: keys in order, ASCII only, no blanks, a line feed at the end."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":")) + "\n"
    return web.Response(body=text.encode("ascii"), status=status, headers={hdrs.CONTENT_TYPE: "application/json"})


def source_of(config: Config) -> FolderSourceConfig | None:
    """The folder that /invoice-printer/… speaks of; None where there is none."""
    wanted = config.till.invoices
    return next((source for source in config.folders if wanted in ("", source.name)), None)


def _folder_of(config: Config) -> dict[str, str]:
    source = source_of(config)
    if source is None:
        return UNSET
    known = {printer.name for printer in config.printer or (VIRTUAL,)}
    # What no route takes is not printed; an archive prints nothing.
    printers = [name for route in config.route if route.source == source.name for name in route.to if name in known]
    return {
        "autoprint": "enabled" if printers else "disabled",
        "download_folder": source.path,
        "printer_name": printers[0] if printers else "",
        "scan_frequency": _seconds(duration(source.scan) or 0),
    }


def _seconds(ms: int) -> str:
    """A text, as it was: somebody may compare it with one."""
    return str(ms // 1000) if ms % 1000 == 0 else str(ms / 1000)


def _lying(source: FolderSourceConfig) -> int:
    """How many files lie in the folder that are of the kind that is printed. Raises OSError."""

    def wanted(name: str) -> bool:
        folded = name.casefold()
        taken = any(fnmatchcase(folded, pattern.casefold()) for pattern in source.match)
        return taken and not any(fnmatchcase(folded, pattern.casefold()) for pattern in source.ignore)

    with os.scandir(Path(source.path)) as entries:
        return sum(entry.is_file() and wanted(entry.name) for entry in entries)


def _caller(request: web.Request) -> dict[str, str]:
    return {"remote_addr": request.remote or "", "scheme": request.scheme}


def _printable(text: str) -> str:
    """What somebody wrote into an address, fit for the journal."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def _html(text: str, status: int, allowed: str) -> web.Response:
    return web.Response(
        text=text, status=status, headers={hdrs.ALLOW: allowed}, content_type="text/html", charset="utf-8"
    )


def _because(error: ComptoirError) -> str:
    """Why, in French as all of this contract; what has no French is left out."""
    said = Words(catalogue("fr")).error(error)
    return said.what if said.remedy in ("", error.hint) else f"{_ended(said.what)} {said.remedy}"


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?")) else f"{sentence}."
