"""The body of a deposit as Maarch RM 2.9.1 reads it: strictly, piece by piece, and the errors as it says them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

SQL: Final = "An error occured during the execution of the data access statement."
_HANDLER: Final = b'"handler":"'
_ID: Final = re.compile(r"[A-Za-z0-9\-_=]+")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(\.\d+)?([+-]\d\d:\d\d|Z)?)?")
#: what the message of a deposit may hold
_PROPERTIES: Final = frozenset({
    "archiveId", "archiveName", "originatorArchiveId", "originatingDate", "archivalProfileReference",
    "serviceLevelReference", "archivalAgreementReference", "retentionRuleCode", "retentionStartDate",
    "retentionDuration", "finalDisposition", "accessRuleCode", "originatorOrgRegNumber", "depositorOrgRegNumber",
    "filePlanPosition", "fileplanLevel", "descriptionClass", "descriptionObject", "fullTextIndexation",
    "digitalResources",
})  # fmt: skip
_FACTS: Final = frozenset({"fileName", "fileExtension", "mimetype", "size", "hash", "hashAlgorithm", "handler"})


@dataclass
class Profile:
    """An archival profile: field of the description → type, which of them must be there, whether others may be."""

    fields: dict[str, str] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    others: bool = True


@dataclass
class Archive:
    """What is stored. `contents`: of small files only."""

    id: str
    values: dict[str, Any]
    resources: list[dict[str, Any]]
    contents: list[bytes] = field(default_factory=list)


class Said(Exception):
    """An error as the server says it. `code` 0: it arrives as 200."""

    def __init__(self, code: int, words: str, kind: str = "Exception", variables: list[str] | None = None) -> None:
        super().__init__(words)
        self.code, self.words, self.kind, self.variables = code, words, kind, variables

    def response(self) -> web.Response:
        body = {} if self.words == SQL else {"message": self.words, "code": self.code, "errors": []}
        if self.variables:
            body["variables"] = self.variables
        words = re.sub(r"\s+", " ", self.words)
        return web.json_response(body, status=self.code or 200, headers={"X-Laabs-Exception": f"{self.kind}; {words}"})


def check(archive: Archive, profiles: Mapping[str, Profile]) -> None:
    """The rules of its profile. Raises Said."""
    reference = archive.values.get("archivalProfileReference")
    if reference is not None and reference not in profiles:
        raise Said(404, "The archival profile reference not found", "core\\Exception\\NotFoundException")
    if archive.values.get("retentionRuleCode") == "NONE":
        raise Said(404, "The retention rule not found", "core\\Exception\\NotFoundException")
    profile = profiles.get(reference or "", Profile())
    described = archive.values.get("descriptionObject") or {}
    for name in profile.required - described.keys():
        raise Said(400, "Null value not allowed for metadata %1$s", variables=[name])
    for name, value in described.items():
        if name not in profile.fields and not profile.others:
            raise Said(400, "Metadata %1$s is not allowed", variables=[name])
        kind = profile.fields.get(name, "")
        if (kind == "date" and not _DAY.fullmatch(str(value))) or (kind == "number" and not _is_numeric(value)):
            raise Said(400, "Invalid value for metadata %1$s", variables=[name])


def _is_numeric(value: object) -> bool:
    with suppress(ValueError):
        return not isinstance(value, bool) and float(str(value)) is not None
    return False


class Reader:
    """Reads a body piece by piece, as the server's own tokenizer does: contents are never in memory as a whole."""

    def __init__(self, keeps: int = 1 << 20) -> None:
        self._keeps = keeps
        self.rest = b""
        self._tail = b""
        self._file: _File | None = None
        self._files: list[_File] = []

    def feed(self, piece: bytes) -> None:
        data = self._tail + piece
        self._tail = b""
        while data:
            if self._file is None:
                before, mark, data = data.partition(_HANDLER)
                if not mark:
                    keep = len(_HANDLER) - 1
                    self.rest += before[:-keep]
                    self._tail = before[-keep:]
                    return
                self.rest += before + mark
                self._file = _File(self._keeps)
                self._files.append(self._file)
            encoded, quote, data = data.partition(b'"')
            self._file.feed(encoded)
            if quote:
                self.rest += quote
                self._file = None

    @property
    def text(self) -> str:
        """The body without the contents."""
        return (self.rest + self._tail).decode()

    def archive(self) -> Archive:
        """Raises Said as the server does."""
        try:
            message = json.loads(self.rest + self._tail)
            values = message["archive"]
            assert message["zipContainer"] is False
            assert set(values) <= _PROPERTIES, set(values) - _PROPERTIES
            assert None not in values.values()
            assert all(set(resource) <= _FACTS for resource in values["digitalResources"])
        except (ValueError, KeyError, TypeError, AssertionError) as error:
            raise Said(400, f"The message is not understood: {error}") from None
        resources = values.pop("digitalResources")
        for resource, file in zip(resources, self._files, strict=True):
            file.check(resource)
        identity = values.pop("archiveId", "")
        if not _ID.fullmatch(identity):
            raise Said(400, "Invalid identifier")
        return Archive(identity, values, resources, [bytes(file.content) for file in self._files])


class _File:
    def __init__(self, keeps: int) -> None:
        self._keeps = keeps
        self.size = 0
        self.content = bytearray()
        self._hash = hashlib.sha256()
        self._rest = b""
        self._error = False

    def feed(self, encoded: bytes) -> None:
        data = self._rest + encoded
        whole = len(data) - len(data) % 4
        self._rest = data[whole:]
        try:
            # With line breaks or another alphabet the server refuses it, or stores something else.
            plain = base64.b64decode(data[:whole], validate=True)
        except binascii.Error:
            self._error = True
            return
        self.size += len(plain)
        self._hash.update(plain)
        if self.size <= self._keeps:
            self.content += plain

    def check(self, resource: dict[str, Any]) -> None:
        """The resource as the server keeps it: without the content, its size measured. Raises Said."""
        if resource.pop("handler", None) != "":
            raise Said(400, "Invalid contents")
        if self._error or self._rest:
            raise Said(400, f"Invalid contents for {resource.get('fileName')}")
        if not self.size:
            raise Said(400, "Resource size is null")
        if ("hash" in resource) != ("hashAlgorithm" in resource):
            raise Said(0, "Missing hash.")
        if resource["hashAlgorithm"] != "SHA256" or resource["hash"].lower() != self._hash.hexdigest():
            raise Said(0, "Invalid hash.")
        if type(resource["size"]) is not int:
            raise Said(400, "Invalid size")
        resource["size"] = self.size
