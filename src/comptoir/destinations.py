"""The destinations that are no printers, as frozen values: what can be set of each kind. Values only, as `config.py`.

One class a kind; `kind` in the file tells which. Secrets are never values: they stand in files of their own, whose
paths are relative to the data folder. Texts marked as templates are `core.template`'s.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Name = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^(?!\.{1,2}\Z)[^\x00-\x1f/\\]+\Z")]
SecretFile = Annotated[str, Meta(min_length=1)]


class MaarchConfig(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="maarch"
):
    """The archival API of Maarch RM."""

    name: Name
    #: the address of its web site: https://rm.example.com
    url: str
    #: holds the token of the service account, LAABS-AUTH
    token_file: SecretFile
    #: by what it knows programs, in the header User-Agent: its SERVICE_CLIENT_TOKEN
    client_token: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}\Z")] = "service"  # noqa: S105
    #: what the archive is to follow, by the references of its administrator; "": as the profile or the archive says
    profile: str = ""
    service_level: str = ""
    agreement: str = ""
    retention_rule: str = ""
    #: a template: a day, originatingDate, depositDate, or description/FIELD
    retention_start: str = ""
    #: as P10Y
    retention_duration: Annotated[str, Meta(pattern=r"^(P[0-9]+[YMWD]|)\Z")] = ""
    final_disposition: Literal["", "preservation", "destruction"] = ""
    access_rule: str = ""
    #: registration numbers of organisations; "": that of the service account
    originator: str = ""
    depositor: str = ""
    #: a template: where in the file plan; /a/b is made when it is wanted
    file_plan: str = ""
    file_plan_level: Literal["", "item", "file", "recordgrp", "subgrp"] = ""
    #: templates; archive_name "": the name of the first file without its extension
    archive_name: str = "{name}"
    originator_archive_id: str = ""
    originating_date: str = ""
    description_class: str = ""
    description_level: str = ""
    full_text_indexation: Literal["", "none", "requested", "indexed", "failed"] = ""
    #: what is said of the document: field of the description → template, or a list of templates, or a value
    description: dict[str, str | int | float | bool | tuple[str, ...]] = {}
    #: what templates may use besides: name → where it is found: "name: REGEX", "path: REGEX", "text: REGEX"
    extract: dict[str, str] = {}
    #: what is asked when it says that it has a document: whether it knows it, whether it has these very bytes
    verify: Literal["exists", "hash", "no"] = "exists"
    #: how long it may be silent
    timeout: str = "60 s"
    #: documents that are larger are not sent; "": no bound
    largest: str = ""
    #: a PEM file, relative to the data folder: the authority of its certificate, where the system does not know it
    authority: str = ""


class HttpConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="http"):
    """Any HTTP API that takes documents."""

    name: Name
    #: where to, a template: https://docs.example.com/api/{source}
    url: str
    method: Literal["POST", "PUT"] = "POST"
    #: a form with the file in it; an object with the file as base64; the file's bytes alone
    body: Literal["multipart", "json", "raw"] = "multipart"
    #: headers of its own, name → template
    headers: dict[str, str] = {}
    #: what the body says besides the file, name → template, or a value for json; in json /a/b is b in the object a
    fields: dict[str, str | int | float | bool] = {}
    #: what the file is called in the body; "": file in a form, content in json; of a lot in json: the list, files
    file_field: str = ""
    auth: Literal["none", "basic", "bearer", "oauth"] = "none"
    #: basic: who, and the file with the password
    user: str = ""
    password_file: str = ""
    #: bearer: the file with the token; in which header, and after which word
    token_file: str = ""
    token_header: str = "Authorization"  # noqa: S105
    token_scheme: str = "Bearer"  # noqa: S105
    #: oauth: client credentials (RFC 6749 §4.4)
    token_url: str = ""
    client_id: str = ""
    client_secret_file: str = ""
    scope: str = ""
    #: whether the server knows an Idempotency-Key that it has seen: then a job may be sent again
    repeatable: bool = False
    #: the statuses that mean success; (): 200 to 299
    success: tuple[Annotated[int, Meta(ge=200, le=299)], ...] = ()
    #: where the answer has the document's number there: a JSON pointer (RFC 6901), as /data/id
    receipt: Annotated[str, Meta(pattern=r"^(/.*)?\Z")] = ""
    #: how long it may be silent
    timeout: str = "60 s"
    #: a PEM file, relative to the data folder: the authority of its certificate, where the system does not know it
    authority: str = ""


class FolderConfig(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="folder"
):
    """A folder, here or on a share."""

    name: Name
    path: Annotated[str, Meta(min_length=1)]
    #: what a file is called there, a template; / makes folders in it
    file: str = "{date:%Y%m%d}_{time:%H%M%S}_{file}"
    #: whether what is known of a document is written beside it, as its name + .json
    metadata: bool = True
    #: whether the folder is made where it is missing; a share that is away is missing, too
    create: bool = False
    #: whether it lies on a share that must be mounted: an empty folder where the share is away is not written to
    mounted: bool = False
    #: how long the folder may be silent
    timeout: str = "30 s"


class S3Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="s3"):
    """A bucket of S3-compatible storage."""

    name: Name
    bucket: Annotated[str, Meta(min_length=3, max_length=63, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]+\Z")]
    #: the address of the service; "": Amazon's
    endpoint_url: str = ""
    region: str = "us-east-1"
    #: what an object is called, a template
    key: str = "{date:%Y}/{date:%m}/{uid}_{file}"
    access_key_file: SecretFile
    secret_key_file: SecretFile
    #: "": the bucket's own
    storage_class: str = ""
    #: path: the bucket stands in the path of the address; virtual: in its host
    addressing: Literal["auto", "path", "virtual"] = "auto"
    #: how long it may be silent
    timeout: str = "60 s"
    #: a PEM file, as for http
    authority: str = ""


class SftpConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="sftp"):
    """A folder on a server, over SSH."""

    name: Name
    host: Annotated[str, Meta(min_length=1)]
    port: Annotated[int, Meta(ge=1, le=65535)] = 22
    user: Annotated[str, Meta(min_length=1)]
    #: one of them: the file with the password, or with the private key
    password_file: str = ""
    key_file: str = ""
    #: the file with the password of the private key
    key_password_file: str = ""
    #: the server's key: its fingerprint as ssh-keygen -l shows it, SHA256:…, or a file known_hosts
    host_key: str = ""
    known_hosts: str = ""
    #: the folder there; "": where the server puts this user
    path: str = ""
    #: what a file is called there, a template; / makes folders in it
    file: str = "{file}"
    #: how long it may be silent
    timeout: str = "30 s"


class EmailConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="email"):
    """A message with the document attached."""

    name: Name
    #: the mail server
    host: Annotated[str, Meta(min_length=1)]
    #: None: 465 for tls, 587 for starttls, 25 for none
    port: Annotated[int, Meta(ge=1, le=65535)] | None = None
    security: Literal["tls", "starttls", "none"] = "starttls"
    user: str = ""
    password_file: str = ""
    sender: str = msgspec.field(name="from")
    to: Annotated[tuple[str, ...], Meta(min_length=1)]
    #: templates
    subject: str = "{file}"
    text: str = ""
    #: how long it may be silent
    timeout: str = "60 s"
    #: a PEM file, as for http
    authority: str = ""


DestinationConfig = MaarchConfig | HttpConfig | FolderConfig | S3Config | SftpConfig | EmailConfig
