"""What a destination that is no printer means when something fails: words for people that give no secret away.

It decides nothing: which of NotSent, Refused and OutcomeUnknown it is, each sink knows.
"""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterable
from html import escape
from typing import Final
from urllib.parse import quote, quote_plus

from comptoir.core.errors import NotSent
from comptoir.core.job import OTHER_ERROR, UNREACHABLE
from comptoir.windows.networking import words

#: characters of what a far side said: enough to know what it meant
FIRST_WORDS: Final = 200


def first_words(text: str, secrets: Iterable[str] = ()) -> str:
    """What a far side said, on one line, without the secrets that it may have repeated."""
    for one in secrets:
        for form in _forms(one) if one else ():
            text = text.replace(form, "…")
    # Cut after that: half of a secret would not be found any more.
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if len(line) <= FIRST_WORDS else f"{line[:FIRST_WORDS]}…"


def _forms(one: str) -> list[str]:
    """How servers repeat what they were sent: as it is, in JSON (with or without PHP's \\/), in an address, in HTML."""
    written = {one, json.dumps(one)[1:-1], quote(one, safe=""), quote_plus(one), escape(one)}
    return sorted(written | {form.replace("/", "\\/") for form in written}, key=len, reverse=True)


def why(error: BaseException) -> str:
    """Why an attempt to reach something failed, in the system's words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        # Its number is OpenSSL's, not the system's.
        reason = getattr(error, "reason", None) or type(error).__name__
        return f"the secure connection failed: {reason.replace('_', ' ').lower()}"
    if isinstance(error, socket.gaierror):
        return "no computer of this name is known"
    if isinstance(error, TimeoutError):
        return "it does not answer"
    return words(error).lower() or first_words(str(error)) or type(error).__name__


def unreachable(where: str, error: BaseException) -> NotSent:
    """Nothing was sent: there was no way to it."""
    hint = "Is its address right, and the network there?"
    if isinstance(error, ssl.SSLCertVerificationError):
        hint = "Correct its certificate, or name its authority: authority = FILE."
    return NotSent(f"{where} cannot be reached: {why(error)}", hint, UNREACHABLE)


def locked_out(what: str, keys: str) -> NotSent:
    """It does not let us in; nothing was sent. `keys`: those of the configuration that say who we are."""
    return NotSent(what, f"Who Comptoir is there stands in {keys}: check it.", OTHER_ERROR)
