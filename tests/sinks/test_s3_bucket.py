"""What is asked of S3-compatible storage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from comptoir.core.errors import NotSent
from comptoir.destinations import S3Config
from comptoir.sinks.s3_bucket import Bucket, Upload

CONFIG = S3Config(name="a", bucket="shop", access_key_file="access", secret_key_file="secret", storage_class="COLD")


class Client:
    """Answers as a service that is told what it can."""

    def __init__(self, *refusals: str) -> None:
        self.refusals = list(refusals)
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, call: str) -> Any:
        def ask(**values: Any) -> dict[str, Any]:
            self.calls.append((call, values))
            if self.refusals and (code := self.refusals.pop(0)):
                status = int(code) if code.isdecimal() else 400
                raise ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, call)
            return {"UploadId": "u1", "ETag": "e", "ContentLength": 3, "Metadata": {"sha256": "s"}}

        return ask


@pytest.fixture
def bucket(tmp_path: Path) -> Iterator[Bucket]:
    (tmp_path / "access").write_text("AK")
    (tmp_path / "secret").write_text("s3cret")
    one = Bucket(CONFIG, tmp_path)
    yield one
    one.client = None


def test_new_keys_are_used_at_once(bucket: Bucket, tmp_path: Path) -> None:
    bucket.connect()
    first = bucket.client
    bucket.connect()
    assert bucket.client is first
    (tmp_path / "secret").write_text("other")
    bucket.connect()
    assert bucket.client is not first
    assert bucket.secrets == {"s3cret", "other"}
    bucket.close()
    (tmp_path / "secret").unlink()
    with pytest.raises(NotSent, match="secret file"):
        bucket.connect()


def test_this_machines_settings_are_not_read(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://elsewhere.example.com")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    bucket.connect()
    assert "elsewhere" not in bucket.client.meta.endpoint_url
    assert bucket.client._request_signer._credentials.access_key == "AK"
    bucket.close()


@pytest.mark.parametrize("status", ["403", "404"])
def test_who_may_not_look_finds_nothing(bucket: Bucket, status: str) -> None:
    bucket.client = Client(status)
    assert bucket.found("key") is None
    assert bucket.found("key") == (3, "s")
    bucket.client = Client("500")
    with pytest.raises(ClientError):
        bucket.found("key")


def test_a_small_object_is_one_request(bucket: Bucket) -> None:
    bucket.client = client = Client()
    upload = Upload(bucket, "key", "text/plain", {"a": "b"})
    upload.last = b"all"
    upload.complete()
    upload.abort()
    ((call, values),) = client.calls
    assert call == "put_object"
    assert values["IfNoneMatch"] == "*"
    assert (values["Body"], values["StorageClass"], values["Metadata"]) == (b"all", "COLD", {"a": "b"})


def test_a_large_one_is_invisible_until_it_is_complete(bucket: Bucket) -> None:
    bucket.client = client = Client()
    upload = Upload(bucket, "key", "text/plain", {})
    upload.send(b"one")
    upload.last = b"two"
    upload.send_last()
    assert upload.begun
    upload.complete()
    upload.abort()
    assert [call for call, _ in client.calls] == [
        "create_multipart_upload", "upload_part", "upload_part", "complete_multipart_upload",
    ]  # fmt: skip
    upload = Upload(bucket, "key", "text/plain", {})
    upload.send(b"one")
    upload.abort()
    upload.abort()
    assert [call for call, _ in client.calls][-1] == "abort_multipart_upload"


def test_services_that_know_no_conditions(bucket: Bucket) -> None:
    bucket.client = client = Client("NotImplemented")
    for _ in range(2):
        Upload(bucket, "key", "text/plain", {}).complete()
    assert ["IfNoneMatch" in values for _, values in client.calls] == [True, False, False]
    assert not bucket.conditional


def test_a_key_that_was_taken_in_this_moment(bucket: Bucket) -> None:
    bucket.client = Client("PreconditionFailed")
    with pytest.raises(ClientError):
        Upload(bucket, "key", "text/plain", {}).complete()
