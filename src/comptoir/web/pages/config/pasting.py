"""Secrets that a person pastes into a form: each goes into a file of ours, never into one that somebody named.

What is configured is that file's name. Who writes it, and when, is `page.ConfigPage`'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from secrets import token_hex
from typing import Final

from comptoir.web.pages.config.struct_fields import StructForm

#: the folder in the data folder in which pasted secrets are
SECRETS: Final = "secrets"
#: a file there
_OURS: Final = re.compile(rf"{SECRETS}/[\w-][\w.-]{{0,99}}", re.ASCII)
#: beside the name of the file: the field into which its secret is pasted
PASTED: Final = "secret:"


@dataclass(frozen=True, slots=True)
class Pasted:
    """A secret that was typed. `key`: of the configuration; `file`: in which it is to be."""

    key: str
    file: str
    secret: str


def pasted(form: StructForm, given: dict[str, str], entry: object, place: str) -> list[Pasted]:
    """The secrets of a form; the names of their files stand in `given` afterwards.

    `entry`: as it is configured, or None; `place`: where, as destination[2].
    """
    found = []
    for field in form.secrets():
        secret = given.pop(f"{PASTED}{field.key}", "").strip()
        if not secret:
            continue
        file = getattr(entry, field.key, "")
        if not _OURS.fullmatch(file):
            file = f"{SECRETS}/{_slug(given.get('name', ''))}-{field.key.removesuffix('_file')}-{token_hex(4)}"
        given[field.key] = file
        found.append(Pasted(f"{place}.{field.key}", file, f"{secret}\n" if field.long else secret))
    return found


def _slug(name: str) -> str:
    return re.sub(r"\W+", "-", name.strip(), flags=re.ASCII).strip("-")[:32] or "entry"
