"""What is asked of S3-compatible storage, in calls that block: which object is there, and new objects, piece by piece.

The protocol is botocore's (extra `s3`); it is told everything, and reads no settings of this machine. Raises botocore's
ClientError where the service refuses, BotoCoreError where it cannot be reached.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

from comptoir.core.units import duration
from comptoir.destinations import S3Config
from comptoir.secret_file import secret
from comptoir.sinks.authority import trusting

CONNECT: Final = 10.0  # seconds
#: what services say that do not know If-None-Match
_UNCONDITIONAL: Final = frozenset({"NotImplemented", "501"})


class Bucket:
    """One bucket. `secrets`: what must not be repeated in any message."""

    def __init__(self, config: S3Config, folder: Path) -> None:
        self.config = config
        self._folder = folder
        self._keys = ("", "")
        self.secrets: set[str] = set()
        self.client: Any = None
        #: whether it can be told to replace nothing
        self.conditional = True

    def connect(self) -> None:
        """A client with the keys as they are in their files now. Raises NotSent."""
        keys = (secret(self._folder, self.config.access_key_file), secret(self._folder, self.config.secret_key_file))
        if self.client is None or keys != self._keys:
            self.close()
            self.secrets.add(keys[1])
            self.client, self._keys = self._made(*keys), keys

    def close(self) -> None:
        """End its connections."""
        client, self.client = self.client, None
        if client is not None:
            client.close()

    def found(self, key: str) -> tuple[int, str] | None:
        """Size and SHA-256 of the object at this key, the latter as it says itself; None: there is none."""
        try:
            answer = self.client.head_object(Bucket=self.config.bucket, Key=key)
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            # Who may write and not list is told 403 where there is nothing.
            if status in (403, 404):
                return None
            raise
        return answer["ContentLength"], answer.get("Metadata", {}).get("sha256", "")

    def _made(self, access_key: str, secret_key: str) -> Any:
        config, seconds = self.config, (duration(self.config.timeout) or 60_000) / 1000
        if config.authority:
            trusting(config.authority, self._folder)  # says so where it cannot be used
        return botocore.session.Session().create_client(
            "s3",
            region_name=config.region,
            endpoint_url=config.endpoint_url or None,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            verify=str(self._folder / config.authority) if config.authority else None,
            config=Config(
                connect_timeout=CONNECT,
                read_timeout=seconds,
                retries={"total_max_attempts": 1},
                # The service checks what has arrived; services other than Amazon's know this way of saying it.
                s3={"addressing_style": config.addressing, "payload_signing_enabled": True},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                ignore_configured_endpoint_urls=True,
            ),
        )


class Upload:
    """A new object. Small ones are one request; of larger ones the pieces are invisible until `complete`."""

    def __init__(self, bucket: Bucket, key: str, media_type: str, known: Mapping[str, str]) -> None:
        self._bucket = bucket
        self._where = {"Bucket": bucket.config.bucket, "Key": key}
        self._what: dict[str, Any] = {"ContentType": media_type, "Metadata": dict(known)}
        if bucket.config.storage_class:
            self._what["StorageClass"] = bucket.config.storage_class
        self._number = ""
        self._parts: list[dict[str, Any]] = []
        #: what is sent with the end
        self.last = b""

    @property
    def begun(self) -> bool:
        """Whether it goes in several requests."""
        return bool(self._number)

    def send(self, piece: bytes) -> None:
        """One more piece."""
        client = self._bucket.client
        if not self._number:
            self._number = client.create_multipart_upload(**self._where, **self._what)["UploadId"]
        number = len(self._parts) + 1
        # Closed, it lets go of the piece: botocore's requests live on in circles until the garbage is collected.
        with BytesIO(piece) as body:
            answer = client.upload_part(**self._where, UploadId=self._number, PartNumber=number, Body=body)
        self._parts.append({"PartNumber": number, "ETag": answer["ETag"]})

    def send_last(self) -> None:
        """The last piece of one that goes in several requests."""
        self.send(self.last)
        self.last = b""

    def complete(self) -> None:
        """It appears."""
        if self._number:
            parts = {"Parts": self._parts}
            self._unless_there("complete_multipart_upload", UploadId=self._number, MultipartUpload=parts)
            self._number = ""
        else:
            self._unless_there("put_object", Body=self.last, **self._what)

    def abort(self) -> None:
        """It never will."""
        if self._number:
            number, self._number = self._number, ""
            self._bucket.client.abort_multipart_upload(**self._where, UploadId=number)

    def _unless_there(self, call: str, **values: Any) -> None:
        """Where the service can tell, nothing is replaced that has come there in this moment."""
        ask = getattr(self._bucket.client, call)
        if self._bucket.conditional:
            try:
                ask(**self._where, **values, IfNoneMatch="*")
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") not in _UNCONDITIONAL:
                    raise
                self._bucket.conditional = False
            else:
                return
        ask(**self._where, **values)
