"""Delivers documents to a bucket of S3-compatible storage. An object appears as a whole, or not at all.

Which object is there already is asked first: the same bytes are not sent again, others are never replaced. The members
of a lot are sent one after the other, and appear together at the end. What is asked of the service is `s3_bucket.py`'s.
Evidence: `delivered`, with the object's key.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import quote

from botocore.exceptions import BotoCoreError, ClientError

from comptoir.core.document import Document
from comptoir.core.errors import DeliveryError, NotSent, Refused
from comptoir.core.job import OTHER_ERROR, UNREACHABLE, Evidence, Job
from comptoir.core.ports import Clock, Journal, Progress
from comptoir.core.template import Template
from comptoir.destinations import S3Config
from comptoir.sinks.naming import goods_of, place_of
from comptoir.sinks.parcel import Parcel, labels, media_type, open_parcel
from comptoir.sinks.patience import Patience
from comptoir.sinks.s3_bucket import Bucket, Upload
from comptoir.sinks.trouble import first_words, locked_out

#: bytes sent in one request; the smallest that the protocol allows for all but the last
PIECE: Final = 5 * 1024 * 1024
#: seconds for one request: the service's silence ends it much earlier
LONGEST: Final = 900.0

_LOCKED: Final = frozenset(
    {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken", "403", "401"}
)
_NEVER: Final = frozenset(
    {"EntityTooLarge", "KeyTooLongError", "KeyTooLong", "MetadataTooLarge", "InvalidURI", "413"}
    | {"XMinioInvalidObjectName", "XMinioParentIsObject", "XMinioObjectExistsAsDirectory"}
)
_CONFIGURED: Final = frozenset(
    {"NoSuchBucket", "InvalidBucketName", "InvalidStorageClass", "PermanentRedirect", "301", "InvalidRequest"}
)


class S3Sink:
    """`core.ports.Sink` for one bucket."""

    repeatable = True

    def __init__(self, config: S3Config, journal: Journal, folder: Path) -> None:
        self._config = config
        self._journal = journal
        self._key = Template(config.key)
        self._bucket = Bucket(config, folder)
        self._patiently = Patience(LONGEST)

    async def deliver(self, job: Job, document: Document, progress: Progress) -> Evidence:
        parcel = await open_parcel(self._journal, document)
        key = place_of(self._key, labels(job, document))
        goods = goods_of(job.uid, parcel)
        objects = [(f"{key}/{name}" if name else key, part) for name, part in goods.parts]
        try:
            await self._patiently(self._bucket.connect)
            missing = [one for one in objects if not await self._is_there(*one)]
            if missing:
                await progress.started()
                await self._send(missing, parcel, job)
        except ClientError as error:
            raise self._refused(error) from error
        except (BotoCoreError, OSError) as error:
            words = first_words(str(error), self._bucket.secrets)
            hint = "Is its address right, and the network there?"
            raise NotSent(f"{self._config.bucket} cannot be reached: {words}", hint, UNREACHABLE) from error
        return Evidence("delivered", f"{self._config.bucket}/{key}")

    async def close(self) -> None:
        """End its connections."""
        self._bucket.close()

    async def _is_there(self, key: str, document: Document) -> bool:
        """Raises Refused: another object is there."""
        found = await self._patiently(partial(self._bucket.found, key))
        if found is None:
            return False
        if found == (document.size, document.digest):
            return True
        raise Refused(
            f"another object has the key {key}", "Put {uid} into key: objects are never replaced.", OTHER_ERROR
        )

    async def _send(self, objects: list[tuple[str, Document]], parcel: Parcel, job: Job) -> None:
        """All of them, or none: each appears when it is completed, which comes last."""
        uploads: list[Upload] = []
        try:
            for key, document in objects:
                known = {
                    "sha256": document.digest,
                    "uid": job.uid,
                    "name": quote(document.name.encode("utf-8", "replace")),
                }
                upload = Upload(self._bucket, key, media_type(document), known)
                uploads.append(upload)
                await self._fill(upload, parcel, document)
            for upload in uploads:
                await self._patiently(upload.complete)
        except BaseException:
            for upload in uploads:
                with suppress(ClientError, BotoCoreError, OSError):
                    await self._patiently(upload.abort)
            raise

    async def _fill(self, upload: Upload, parcel: Parcel, document: Document) -> None:
        held = bytearray()
        async for piece in parcel.chunks(document):
            held += piece
            while len(held) > PIECE:
                # The last one is kept back: a small object is one request.
                await self._patiently(partial(upload.send, bytes(held[:PIECE])))
                del held[:PIECE]
        upload.last = bytes(held)
        if upload.begun:
            await self._patiently(upload.send_last)

    def _refused(self, error: ClientError) -> DeliveryError:
        """All but what it can never have is tried again: what has arrived is found there."""
        told = error.response.get("Error", {})
        code = str(told.get("Code", ""))
        words = first_words(f"{code}: {told.get('Message', '')}", self._bucket.secrets)
        what = f"{self._config.bucket} answers {words}"
        if code in _LOCKED:
            return locked_out(what, "access_key_file and secret_key_file")
        if code in _NEVER:
            return Refused(what, "It does not take this document.", OTHER_ERROR)
        if code in _CONFIGURED:
            return NotSent(what, "Check bucket, region, endpoint_url and storage_class.", OTHER_ERROR)
        return NotSent(what, "It is tried again by itself.", UNREACHABLE)


def make(config: S3Config, journal: Journal, folder: Path, clock: Clock) -> S3Sink:
    """The sink of a destination. `folder`: the data folder, where secrets are."""
    return S3Sink(config, journal, folder)
