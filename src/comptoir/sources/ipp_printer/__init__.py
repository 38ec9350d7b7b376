"""A printer that any computer can add without a driver (IPP Everywhere, AirPrint): what is printed on it is taken.

`source.py` puts it together; `server.py` speaks HTTP, `operations.py` carries out what is asked; `intake.py` takes
documents in, `book.py` knows the jobs, `following.py` what becomes of them at the station.
"""

from __future__ import annotations

from comptoir.sources.ipp_printer.source import make

__all__ = ["make"]
