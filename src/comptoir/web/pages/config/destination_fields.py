"""The forms of destinations: what each kind is called and for, its fields from its struct (`struct_fields.py`)."""

from __future__ import annotations

from typing import Final, get_args

import msgspec

from comptoir.core.template import FIELDS
from comptoir.destinations import DestinationConfig
from comptoir.web.locale import msgid
from comptoir.web.pages.config.destination_labels import LABELS, SUGGESTED
from comptoir.web.pages.config.struct_fields import StructForm

#: kind → its struct, in the order of the page
STRUCTS: Final[dict[str, type[msgspec.Struct]]] = {
    str(struct.__struct_config__.tag): struct for struct in get_args(DestinationConfig)
}

#: kind → what people call it, and what it is for
KINDS: Final[dict[str, tuple[str, str]]] = {
    "maarch": (msgid("Maarch RM archive"), msgid("Documents are deposited over its API, once each, with a receipt.")),
    "folder": (
        msgid("Folder"),
        msgid("On this computer or on a share: the document, and beside it what is known of it."),
    ),
    "http": (msgid("HTTP API"), msgid("Any application that takes documents over HTTP.")),
    "s3": (msgid("S3 storage"), msgid("A bucket of Amazon’s or of any service that speaks the same language.")),
    "sftp": (msgid("SFTP server"), msgid("A folder on a server, over SSH.")),
    "email": (msgid("E-mail"), msgid("A message with the document attached.")),
}

#: what a template may hold, as a help below a field says it
TEMPLATE_FIELDS: Final = ", ".join(f"{{{name}}}" for name in FIELDS)


def form_of_kind(kind: str) -> StructForm:
    """The form of a kind of destination."""
    return StructForm(kind, STRUCTS[kind], LABELS, SUGGESTED.get(kind, ()))
