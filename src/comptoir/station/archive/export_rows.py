"""How an export tells of a document: as JSON, as a line of a table, as a file's name, and the events of the journal.

Values in, values out; the folder itself is `export_folder.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from comptoir.core.job import Job
from comptoir.core.kept import Kept, Night, Part
from comptoir.core.names import safe_name
from comptoir.core.record import Event
from comptoir.core.units import iso
from comptoir.web.attachment import file_name
from comptoir.web.locale import msgid

#: bytes of a title in a file's name: Windows counts the whole path
LONGEST: Final = 100
#: column of documents.csv → its heading
COLUMNS: Final[dict[str, str]] = {
    "kept": msgid("Number"),
    "business_date": msgid("Business date"),
    "title": msgid("Title"),
    "source": msgid("Source"),
    "printer": msgid("Printer"),
    "user": msgid("User"),
    "host": msgid("Computer"),
    "printed_at": msgid("Printed at"),
    "received_at": msgid("Received at"),
    "pages": msgid("Pages"),
    "copies": msgid("Copies"),
    "media_type": msgid("Kind"),
    "size": msgid("Bytes"),
    "sha256": msgid("SHA-256"),
    "keep_until": msgid("Kept until"),
    "held": msgid("Held because of"),
    "partial": msgid("Not whole"),
    "file": msgid("File"),
}


def parts_of(kept: Kept) -> list[tuple[str, Part]]:
    """The documents of a print, each with the name that its file has in the export."""
    title = kept.title or kept.document.name
    found: list[tuple[str, Part]] = []
    for number, part in enumerate((Part(kept.document), *kept.others), 1):
        name = file_name(_short(title) or _short(part.document.name) or "document", part.document.media_type)
        suffix = f"-{number}" if number > 1 else ""
        found.append((f"documents/{safe_name(kept.business_date)}/{kept.id:06d}{suffix} {name}", part))
    return found


def _short(title: str) -> str:
    return safe_name(title, LONGEST) if title.strip() else ""


def facts(kept: Kept, files: Sequence[str], jobs: Sequence[Job]) -> dict[str, Any]:
    """All that is known of it. Times are RFC 3339 in UTC; None: not known, or without an end."""
    return {
        "kept": kept.id,
        "uid": kept.uid,
        "title": kept.title,
        "source": kept.origin.source,
        "user": kept.origin.user,
        "host": kept.origin.host,
        "printer": kept.printer,
        "received_at": iso(kept.received_at),
        "printed_at": iso(kept.printed_at),
        "business_date": kept.business_date,
        "keep_until": None if kept.keep_until is None else iso(kept.keep_until),
        "held": kept.held,
        "pages": kept.pages,
        "copies": kept.copies,
        "attributes": dict(kept.attributes),
        "partial": kept.partial,
        "seal": kept.seal,
        "documents": [
            {
                "file": file,
                "role": part.role,
                "name": part.document.name,
                "media_type": part.document.media_type,
                "size": part.document.size,
                "sha256": part.document.digest,
            }
            for file, (_, part) in zip(files, parts_of(kept), strict=True)
        ],
        "jobs": [_job(job) for job in jobs],
    }


def _job(job: Job) -> dict[str, Any]:
    return {
        "job": job.id,
        "destination": job.destination,
        "status": job.status,
        "copies": job.copies,
        "at": iso(job.updated_at),
        "evidence": None if job.evidence is None else {"kind": job.evidence.kind, "detail": job.evidence.detail},
        "duplicate": job.reprint_of is not None,
    }


def line(told: dict[str, Any]) -> list[str]:
    """The same as a line of documents.csv: the first document stands for all."""
    first = told["documents"][0]
    whole = {**told, **{name: first[name] for name in ("file", "media_type", "size", "sha256")}}
    return ["" if whole[name] is None else str(whole[name]) for name in COLUMNS]


def link_of(event: Event, previous: bytes) -> dict[str, Any]:
    """An event as chain.jsonl has it: all that its hash is made of (`core.record.link`)."""
    return {
        "seq": event.seq,
        "at": event.at,
        "kind": event.kind,
        "job": "" if event.job_id is None else event.job_id,
        "body": event.body,
        "previous": previous.hex(),
        "hash": event.hash.hex(),
    }


def night_row(night: Night) -> dict[str, Any]:
    """What people have said of a business date."""
    return {
        "date": night.date,
        "note": night.note,
        "noted_by": night.noted_by,
        "noted_at": None if night.noted_at is None else iso(night.noted_at),
        "signed_by": night.signed_by,
        "signed_at": None if night.signed_at is None else iso(night.signed_at),
        "sent_at": None if night.sent_at is None else iso(night.sent_at),
    }
