"""Where documents arrive. A source tells its peer "accepted" only after the journal has what it brought."""

from __future__ import annotations

SOURCES = {
    "relay": "comptoir.sources.relay:RelaySource",
    "folder": "comptoir.sources.folder.source:FolderSource",
}
