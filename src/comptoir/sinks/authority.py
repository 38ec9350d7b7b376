"""Whose certificates a destination's connection trusts: the system's authorities, and one of the owner's.

A server in a shop has a certificate that nobody else knows. Trusting any is no choice here.
"""

from __future__ import annotations

import ssl
from pathlib import Path

from comptoir.core.errors import NotSent
from comptoir.core.job import OTHER_ERROR


def trusting(authority: str, folder: Path) -> ssl.SSLContext:
    """`authority`: a PEM file, relative to `folder`; "": the system's only. Raises NotSent where it cannot be read."""
    context = ssl.create_default_context()
    if authority:
        path = folder / authority
        try:
            context.load_verify_locations(path)
        except (OSError, ValueError) as error:
            words = getattr(error, "strerror", None) or "it holds no certificate"
            raise NotSent(
                f"the file of the authority {authority} cannot be read: {words}",
                f"It must be a PEM file: {path}.",
                OTHER_ERROR,
            ) from None
    return context
