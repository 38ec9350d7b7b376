"""Destinations of the other kinds that cannot work are refused with their key, before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from comptoir.config import Config
from comptoir.config_check import WrongField
from comptoir.config_file import interpret

HTTP = 'kind = "http"\nurl = "https://dms.example.com/in"\n'
SFTP = 'kind = "sftp"\nhost = "sftp.example.com"\nuser = "shop"\npassword_file = "p"\n'
KEYED = 'kind = "sftp"\nhost = "sftp.example.com"\nuser = "shop"\n'
S3 = 'kind = "s3"\nbucket = "shop"\naccess_key_file = "a"\nsecret_key_file = "s"\n'
MAIL = 'kind = "email"\nhost = "smtp.example.com"\nfrom = "Shop <shop@example.com>"\nto = ["a@example.com"]\n'
FOLDER = 'kind = "folder"\npath = "prints"\n'
FINGERPRINT = "SHA256:" + "a" * 43


def read(text: str) -> Config:
    return interpret(f'[[destination]]\nname = "archives"\n{text}', Path("comptoir.toml"), {}).config


@pytest.mark.parametrize(
    "text",
    [
        HTTP,
        HTTP + 'body = "json"\nfields = { "/a/b" = "{name}", "/a/c" = 2, d = true }\nfile_field = "/a/file"',
        HTTP + 'headers = { X-Source = "{source}" }\nsuccess = [200, 201]\nreceipt = "/data/id"',
        HTTP + 'auth = "basic"\nuser = "shop"\npassword_file = "p"',
        HTTP + 'auth = "bearer"\ntoken_file = "t"\ntoken_header = "X-Api-Key"\ntoken_scheme = ""',
        HTTP + 'auth = "oauth"\ntoken_url = "https://id.example.com/t"\nclient_id = "c"\nclient_secret_file = "s"',
        'kind = "http"\nurl = "https://dms.example.com:8443/{source}/{date:%Y}"',
        FOLDER,
        FOLDER + 'file = "{source}/{file}"\nmetadata = false\ncreate = true\nmounted = true',
        S3,
        S3 + 'endpoint_url = "http://127.0.0.1:9000"\naddressing = "path"',
        SFTP + f'host_key = "{FINGERPRINT}"',
        KEYED + 'key_file = "k"\nkey_password_file = "p"\nknown_hosts = "h"',
        MAIL,
        MAIL + 'user = "u"\npassword_file = "p"\nport = 465\nsecurity = "tls"',
    ],
)
def test_what_can_work_is_taken(text: str) -> None:
    assert len(read(text).destination) == 1


@pytest.mark.parametrize(
    ("text", "key", "why"),
    [
        ('kind = "http"\nurl = "dms.example.com"', "url", "is no address"),
        ('kind = "http"\nurl = "https://a:b@dms.example.com"', "url", "no user and no password"),
        ('kind = "http"\nurl = "https://dms.example.com/{nom}"', "url", "there is no field"),
        (HTTP + 'method = "GET"', "method", ""),
        (HTTP + 'headers = { "a b" = "c" }', "headers", "“a b”"),
        (HTTP + 'headers = { Authorization = "Bearer x" }', "headers", "“Authorization”"),
        (HTTP + 'headers = { X = "{nom}" }', "headers", "X: there is no field"),
        (HTTP + 'fields = { a = "{nom}" }', "fields", "a: there is no field"),
        (HTTP + 'body = "raw"\nfields = { a = "b" }', "fields", "has no fields"),
        (HTTP + 'body = "json"\nfields = { "/a" = 1, "/a/b" = 2 }', "fields", "stands twice"),
        (HTTP + 'body = "json"\nfields = { content = 1 }\nfile_field = "content"', "fields", "stands twice"),
        (HTTP + 'auth = "basic"\nuser = "shop"', "password_file", "needs it"),
        (HTTP + 'auth = "basic"\nuser = "a:b"\npassword_file = "p"', "user", "no “:”"),
        (HTTP + 'auth = "bearer"', "token_file", "needs it"),
        (HTTP + 'auth = "bearer"\ntoken_file = "t"\ntoken_header = "a:"', "token_header", "no name of a header"),
        (
            HTTP + 'auth = "oauth"\ntoken_url = "x"\nclient_id = "c"\nclient_secret_file = "s"',
            "token_url",
            "no address",
        ),
        (HTTP + "success = [302]", "success", ""),
        (HTTP + 'receipt = "data"', "receipt", ""),
        (HTTP + 'timeout = "soon"', "timeout", "is no duration"),
        (FOLDER + 'file = "{nom}"', "file", "there is no field"),
        ('kind = "folder"\npath = ""', "path", ""),
        (S3 + 'endpoint_url = "minio:9000"', "endpoint_url", "is no address"),
        (S3 + 'key = "{nom}"', "key", "there is no field"),
        (S3.replace("shop", "Shop Archive"), "bucket", ""),
        (KEYED, "password_file", "either"),
        (SFTP + 'key_file = "k"', "password_file", "either"),
        (SFTP + 'key_password_file = "k"', "key_password_file", "key_file is missing"),
        (SFTP + 'host_key = "ab:cd"', "host_key", "no fingerprint"),
        (SFTP + f'host_key = "{FINGERPRINT}"\nknown_hosts = "h"', "known_hosts", "either"),
        (SFTP.replace("sftp.example.com", "sftp://x"), "host", "without scheme"),
        (MAIL.replace("shop@example.com", "shop"), "from", "is no address"),
        (MAIL.replace("a@example.com", "a@b, c@d"), "to", "is no address"),
        (MAIL.replace("a@example.com", "a@b\\r\\nBcc: c@d"), "to", "is no address"),
        (MAIL.replace('["a@example.com"]', "[]"), "to", ""),
        (MAIL + 'user = "u"', "password_file", "go together"),
        (MAIL + 'user = "u"\npassword_file = "p"\nsecurity = "none"', "security", "needs tls"),
        (MAIL + 'subject = "a\\nb"', "subject", "one line"),
        (MAIL + 'text = "{nom}"', "text", "there is no field"),
        (MAIL + 'colour = "red"', "colour", ""),
    ],
)
def test_what_cannot_work_is_refused_with_its_key(text: str, key: str, why: str) -> None:
    with pytest.raises(WrongField) as caught:
        read(text)
    assert caught.value.key.startswith(f"destination[0].{key}")
    assert why in caught.value.sentence
