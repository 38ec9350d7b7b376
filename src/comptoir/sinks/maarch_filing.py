"""What an archive is to say of a document: the configuration's templates, filled with what is known and found.

It sends nothing. The names of the interface stand here beside the keys of the configuration; `wire/maarch.py` writes
them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from comptoir.core.document import Document
from comptoir.core.extract import extracted, names_of, patterns
from comptoir.core.job import Job
from comptoir.core.template import Template
from comptoir.destinations import MaarchConfig
from comptoir.sinks.parcel import Parcel, labels
from comptoir.wire.maarch import Deposit, Resource, Value, archive_id

#: property of the interface → key of the configuration whose value it has
VALUES: Final[Mapping[str, str]] = {
    "archivalProfileReference": "profile",
    "serviceLevelReference": "service_level",
    "archivalAgreementReference": "agreement",
    "retentionRuleCode": "retention_rule",
    "retentionDuration": "retention_duration",
    "finalDisposition": "final_disposition",
    "accessRuleCode": "access_rule",
    "originatorOrgRegNumber": "originator",
    "depositorOrgRegNumber": "depositor",
    "fileplanLevel": "file_plan_level",
    "descriptionClass": "description_class",
    "fullTextIndexation": "full_text_indexation",
}
#: the same of those that are templates
TEMPLATES: Final[Mapping[str, str]] = {
    "archiveName": "archive_name",
    "originatorArchiveId": "originator_archive_id",
    "originatingDate": "originating_date",
    "retentionStartDate": "retention_start",
    "filePlanPosition": "file_plan",
}


class Filing:
    """Makes deposits of documents, as one destination's configuration says. Raises WrongPattern, WrongTemplate."""

    def __init__(self, config: MaarchConfig) -> None:
        self._config = config
        self._patterns = patterns(config.extract)
        also = names_of(self._patterns)
        self._templates = {name: Template(getattr(config, key), also) for name, key in TEMPLATES.items()}
        self._description = {name: _made(value, also) for name, value in config.description.items()}

    @property
    def reads_text(self) -> bool:
        """Whether a pattern searches the document's text."""
        return any(one.where == "text" for one in self._patterns.values())

    def deposit(self, job: Job, document: Document, parcel: Parcel, text: str) -> Deposit:
        """The archive that a document, or a lot, becomes. `text`: of the document, where a pattern searches it."""
        fields = extracted(self._patterns, labels(job, document), text)
        values: dict[str, Value] = {name: template.fill(fields) for name, template in self._templates.items()}
        values |= {name: getattr(self._config, key) for name, key in VALUES.items()}
        description = {"descriptionLevel": self._config.description_level}
        values["descriptionObject"] = {
            **description,
            **{name: _filled(value, fields) for name, value in self._description.items()},
        }
        return Deposit(archive_id(job.uid), values, tuple(resources(parcel)))


def resources(parcel: Parcel) -> Sequence[Resource]:
    """The files as they are called in the archive, each by its own name, which no other one has."""
    names = [parcel.file_name(part) for part in parcel.parts]
    short = [name.rpartition("/")[2] for name in names]
    # It shows a file's name and no folders: they are put into the name only where it would stand twice.
    times = Counter(short)
    unique = [one if times[one] == 1 else name.replace("/", "_") for one, name in zip(short, names, strict=True)]
    return [
        Resource(name, part.media_type, part.size, part.digest) for name, part in zip(unique, parcel.parts, strict=True)
    ]


_Made = Template | int | float | bool | tuple[Template, ...]


def _made(value: str | float | bool | tuple[str, ...], also: frozenset[str]) -> _Made:
    if isinstance(value, str):
        return Template(value, also)
    if isinstance(value, tuple):
        return tuple(Template(one, also) for one in value)
    return value


def _filled(value: _Made, fields: Mapping[str, str]) -> Value:
    if isinstance(value, Template):
        return value.fill(fields)
    if isinstance(value, tuple):
        return [one.fill(fields) for one in value]
    return value
