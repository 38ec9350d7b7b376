"""Secrets stand in files of their own, in the data folder or elsewhere: read here, whenever one is needed.

Read again at each attempt, so that a new password works without a restart. It stands beside the layers and keeps
nothing; no message of it shows a word of what a file holds.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from comptoir.core.errors import NotSent
from comptoir.core.job import OTHER_ERROR

#: bytes; a larger file is something else
_MOST: Final = 65_536


def secret(folder: Path, name: str) -> str:
    """The one line that the file `name` (relative to `folder`, the data folder) holds, without white space around it.

    Raises NotSent: it is not there, cannot be read, is empty, or holds more than a line.
    """
    line = secret_text(folder, name)
    if not line.isprintable():
        raise NotSent(
            f"the secret file {name} holds more than one line of text",
            f"It must hold the secret and nothing else: {folder / name}.",
            OTHER_ERROR,
        )
    return line


def secret_text(folder: Path, name: str) -> str:
    """The whole text of a secret file, for keys of several lines. Raises NotSent as `secret`."""
    path = folder / name
    try:
        with path.open("rb") as file:
            content = file.read(_MOST + 1)
    except FileNotFoundError:
        raise NotSent(f"the secret file {name} is not there", f"Write the secret into {path}.", OTHER_ERROR) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise NotSent(
            f"the secret file {name} cannot be read: {why}", f"Check the rights of {path}.", OTHER_ERROR
        ) from None
    return _text(content, name, path)


def _text(content: bytes, name: str, path: Path) -> str:
    try:
        # Editors of Windows put a mark before the first letter.
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        text = ""
    if not text or len(content) > _MOST:
        # No word of the error above: it quotes the bytes.
        raise NotSent(
            f"the secret file {name} holds no secret", f"Write the secret into {path}, as UTF-8 text.", OTHER_ERROR
        )
    return text
