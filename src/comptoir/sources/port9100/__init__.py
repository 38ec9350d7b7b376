"""A port that takes bytes as a network printer does, usually 9100: for tills and programs that print to an address.

pieces    what the bytes are        receipts, sheets   where a document ends, by language
stream    one connection's bytes    connection         one sender        source   the port
"""

from __future__ import annotations

from comptoir.sources.port9100.source import make

__all__ = ["make"]
