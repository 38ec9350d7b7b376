"""Ends a TCP connection by a reset: the other side is told that something went wrong, and gets nothing more of it.

It stands beside the layers, as listening does: sources refuse by it what they could not keep, devices drop by it what a
printer has not taken.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from contextlib import suppress
from typing import Final

#: struct linger { on, 0 s }: closing throws away what was not acknowledged, and says so
_AT_ONCE: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


def reset(writer: asyncio.StreamWriter) -> None:
    """Never raises; nothing is sent after it. A connection that is over already stays as it ended."""
    found = writer.get_extra_info("socket")
    with suppress(OSError, ValueError, AttributeError):  # uvloop raises the second where it is closed already
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    writer.transport.abort()
    if sys.platform == "win32":
        # The proactor's transport says an orderly goodbye (shutdown) in its next turn, whatever was set: nothing is
        # there any more to say it on. It has given up its reading and writing by now.
        with suppress(OSError, AttributeError):
            found._sock.close()
