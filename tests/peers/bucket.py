"""A bucket: moto's server of S3 on a port of this machine, which checks signatures, behind a line that can break."""

from __future__ import annotations

import atexit
import urllib.request
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import botocore.session
import pytest
from botocore.config import Config
from moto.s3.exceptions import S3ClientError
from moto.s3.models import S3Backend
from moto.server import ThreadedMotoServer
from tests.peers.far import Arrival
from tests.peers.line import Line
from tests.peers.services import free_port

from comptoir.destinations import S3Config

POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'


class Service:
    """The server, for all tests of a process: it takes a while to start."""

    def __init__(self) -> None:
        self._server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self._server.start()
        atexit.register(self._server.stop)
        host, self.port = self._server.get_host_and_port()
        self.url = f"http://{host}:{self.port}"
        iam = self.client("iam", "owner", "owner")
        iam.create_user(UserName="shop")
        iam.put_user_policy(UserName="shop", PolicyName="all", PolicyDocument=POLICY)
        key = iam.create_access_key(UserName="shop")["AccessKey"]
        iam.close()
        self.access, self.secret = key["AccessKeyId"], key["SecretAccessKey"]
        self.owner = self.client("s3", self.access, self.secret)
        # From now on it checks signatures.
        headers = {"Content-Type": "text/plain"}
        request = urllib.request.Request(f"{self.url}/moto-api/reset-auth", b"0", headers, method="POST")
        urllib.request.urlopen(request).close()

    def client(self, service: str, access: str, secret: str) -> Any:
        return botocore.session.Session().create_client(
            service,
            region_name="us-east-1",
            endpoint_url=self.url,
            config=Config(s3={"addressing_style": "path"}),
            aws_access_key_id=access,
            aws_secret_access_key=secret,
        )


@cache
def service() -> Service:
    return Service()


class BucketServer:
    """`tests.peers.far.Far` in S3: a bucket of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bucket = f"shop-{uuid4().hex}"
        self.client = service().owner
        self.secrets = (service().secret,)
        self._patch = pytest.MonkeyPatch()
        self.line: Line
        (folder / "access.txt").write_text(service().access)
        (folder / "secret.txt").write_text(service().secret + "\n")

    async def __aenter__(self) -> BucketServer:
        self.client.create_bucket(Bucket=self.bucket)
        self.line = await Line(service().port).__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        self._patch.undo()
        await self.line.__aexit__(None, None, None)

    def config(self, **keys: Any) -> S3Config:
        given = {
            "name": "archives",
            "bucket": self.bucket,
            "endpoint_url": f"http://127.0.0.1:{self.line.port}",
            "addressing": "path",
            "access_key_file": "access.txt",
            "secret_key_file": "secret.txt",
            "timeout": "5 s",
        }
        return S3Config(**{**given, **keys})

    def nobody(self) -> S3Config:
        return self.config(endpoint_url=f"http://127.0.0.1:{free_port()}")

    async def arrivals(self) -> list[Arrival]:
        found = []
        for entry in self.client.list_objects_v2(Bucket=self.bucket).get("Contents", []):
            answer = self.client.get_object(Bucket=self.bucket, Key=entry["Key"])
            known = {**answer["Metadata"], "type": answer["ContentType"]}
            name = unquote(known.get("name", ""))
            lot = entry["Key"].removesuffix(name).rstrip("/") if entry["Key"].count("/") > 2 else ""
            found.append(Arrival(entry["Key"].rpartition("/")[2], answer["Body"].read(), lot, known))
        return found

    async def halves(self) -> list[str]:
        return [one["Key"] for one in self.client.list_multipart_uploads(Bucket=self.bucket).get("Uploads", [])]

    def cut(self, after: int) -> None:
        self.line.cut(after)

    def lose_answer(self, after: int) -> None:
        self.line.lose_answer(after)

    def lock(self) -> None:
        (self.folder / "secret.txt").write_text("another one")

    def fill(self) -> None:
        def full(*given: Any, **named: Any) -> None:
            raise S3ClientError("QuotaExceeded", "There is no room left.")

        self._patch.setattr(S3Backend, "put_object", full)
        self._patch.setattr(S3Backend, "upload_part", full)

    def connections(self) -> int:
        return self.line.open
