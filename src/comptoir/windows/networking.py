"""What the failures of a network are called: on Windows by numbers of its own, which C's library does not know.

Python makes EINVAL of those that it does not know, and the loop of Windows meets a refused connection as one of them:
“invalid argument” would be told. Only words: what a failure means, whoever meets it knows.
"""

from __future__ import annotations

import os
from typing import Final

_REFUSED: Final = "Connection refused"
_RESET: Final = "Connection reset by peer"
_NO_NETWORK: Final = "Network is unreachable"
_NO_HOST: Final = "No route to host"
_SILENT: Final = "Connection timed out"
_ABORTED: Final = "Software caused connection abort"

#: below, what is in `errno` is no number of Windows
LEAST_OF_SOCKETS: Final = 10_000

#: numbers of Windows (System Error Codes, Windows Sockets Error Codes) → what Linux says then
WORDS: Final = {
    64: _RESET,  # ERROR_NETNAME_DELETED
    121: _SILENT,  # ERROR_SEM_TIMEOUT
    1225: _REFUSED,  # ERROR_CONNECTION_REFUSED
    1231: _NO_NETWORK,  # ERROR_NETWORK_UNREACHABLE
    1232: _NO_HOST,  # ERROR_HOST_UNREACHABLE
    1234: _REFUSED,  # ERROR_PORT_UNREACHABLE
    1236: _ABORTED,  # ERROR_CONNECTION_ABORTED
    10013: "Permission denied",  # WSAEACCES
    10050: "Network is down",  # WSAENETDOWN
    10051: _NO_NETWORK,  # WSAENETUNREACH
    10053: _ABORTED,  # WSAECONNABORTED
    10054: _RESET,  # WSAECONNRESET
    10060: _SILENT,  # WSAETIMEDOUT
    10061: _REFUSED,  # WSAECONNREFUSED
    10064: "Host is down",  # WSAEHOSTDOWN
    10065: _NO_HOST,  # WSAEHOSTUNREACH
}


def words(error: BaseException) -> str:
    """What the system calls it, in English as Linux does; "" where it has no number of the system's."""
    told, number = getattr(error, "winerror", None), getattr(error, "errno", None)
    if told in WORDS:
        return WORDS[told]
    if number in WORDS and number > LEAST_OF_SOCKETS:
        return WORDS[number]
    return os.strerror(number) if isinstance(number, int) and number > 0 else ""
