"""Where documents arrive. A source tells its peer "accepted" only after the journal has what it brought."""

from __future__ import annotations

SOURCES = {
    "relay": "comptoir.sources.relay:RelaySource",
    "folder": "comptoir.sources.folder.source:FolderSource",
}

#: kind of a source that captures prints -> what makes one: `make(config, surroundings)` (`surroundings.py`)
CAPTURING = {
    "ipp_printer": "comptoir.sources.ipp_printer:make",
    "port9100": "comptoir.sources.port9100:make",
    "lpd": "comptoir.sources.lpd:make",
    "cups": "comptoir.sources.cups:make",
    "cups_backend": "comptoir.sources.cups_backend:make",
    "winspool": "comptoir.sources.winspool:make",
}
