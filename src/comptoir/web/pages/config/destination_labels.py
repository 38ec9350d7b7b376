"""What the fields of destinations are called on their form, and what is said below them: a table of message ids.

A key, or kind.key where the same key means something else there → its label, and the help below it.
"""

from __future__ import annotations

from typing import Final

from comptoir.web.locale import msgid

_TEMPLATE: Final = msgid("May hold %(fields)s.")
_PAIRS: Final = msgid("One a line: name = value. A value may hold %(fields)s.")

LABELS: Final[dict[str, tuple[str, str]]] = {
    "name": (msgid("Name"), msgid("What routes and jobs call it: for instance “archives”.")),
    "timeout": (msgid("Longest silence"), msgid("What does not answer for so long is tried again later.")),
    "largest": (msgid("Largest document"), msgid("A larger one is not sent, and says so. Empty: no bound.")),
    "authority": (
        msgid("Authority of its certificate"),
        msgid("A PEM file in the data folder, where this computer does not know who has signed its certificate."),
    ),
    "user": (msgid("User name"), ""),
    "password_file": (msgid("Password"), ""),
    "token_file": (msgid("Token"), ""),
    "host": (msgid("Server"), msgid("A name or an address, without https:// and without a path.")),
    "port": (msgid("Port"), ""),
    # Maarch RM
    "maarch.url": (msgid("Address"), msgid("That of its web site: https://rm.example.com")),
    "maarch.token_file": (
        msgid("Token of the service account"),
        msgid("Made in the administration of Maarch RM, on the page of the service account."),
    ),
    "maarch.client_token": (
        msgid("Word by which it knows programs"),
        msgid("Its SERVICE_CLIENT_TOKEN: “service”, unless its administrator has changed it."),
    ),
    "maarch.profile": (msgid("Archival profile"), msgid("Its reference, as the administrator of the archive says.")),
    "maarch.service_level": (msgid("Service level"), msgid("Its reference. Empty: as the profile says.")),
    "maarch.agreement": (msgid("Archival agreement"), msgid("Its reference. Empty: none.")),
    "maarch.retention_rule": (msgid("Retention rule"), msgid("Its code. Empty: as the profile says.")),
    "maarch.retention_start": (
        msgid("Beginning of the retention"),
        msgid("A day, originatingDate, depositDate or description/FIELD. Empty: as the profile says."),
    ),
    "maarch.retention_duration": (
        msgid("Length of the retention"),
        msgid("P10Y is ten years. Empty: as the rule says."),
    ),
    "maarch.final_disposition": (
        msgid("At the end of the retention"),
        msgid("preservation: kept for good. destruction: eliminated. Empty: as the rule says."),
    ),
    "maarch.access_rule": (msgid("Access rule"), msgid("Its code. Empty: as the profile says.")),
    "maarch.originator": (msgid("Originating organisation"), msgid("Its number. Empty: that of the service account.")),
    "maarch.depositor": (msgid("Depositing organisation"), msgid("Its number. Empty: that of the service account.")),
    "maarch.file_plan": (msgid("Place in the file plan"), msgid("As /invoices/2026; made when it is wanted.")),
    "maarch.file_plan_level": (msgid("Level in the file plan"), ""),
    "maarch.archive_name": (msgid("Name of the archive"), _TEMPLATE),
    "maarch.originator_archive_id": (msgid("Your own reference of the archive"), _TEMPLATE),
    "maarch.originating_date": (msgid("Date of the document"), _TEMPLATE),
    "maarch.description_class": (msgid("Class of the description"), ""),
    "maarch.description_level": (msgid("Level of the description"), ""),
    "maarch.full_text_indexation": (msgid("Full-text indexation"), msgid("Empty: as the service level says.")),
    "maarch.description": (msgid("Description"), _PAIRS),
    "maarch.extract": (
        msgid("What is read out of names and texts"),
        msgid(
            "One a line: word = name: PATTERN, or path: or text: before the pattern. The word can then be used above."
        ),
    ),
    "maarch.verify": (
        msgid("What it is asked after a deposit"),
        msgid("exists: whether it knows the document. hash: whether it has these very bytes. no: nothing."),
    ),
    # HTTP
    "http.url": (msgid("Address"), msgid("Where documents are sent to: https://docs.example.com/api/documents")),
    "http.method": (msgid("Method"), ""),
    "http.body": (
        msgid("How the document is sent"),
        msgid("multipart: as a form with a file. json: as an object, the file in base64. raw: its bytes alone."),
    ),
    "http.headers": (msgid("Headers"), _PAIRS),
    "http.fields": (msgid("Fields beside the file"), _PAIRS),
    "http.file_field": (msgid("Field of the file"), msgid("Empty: file in a form, content in an object.")),
    "http.auth": (
        msgid("How it is signed in"),
        msgid("basic: user name and password. bearer: a token. oauth: client number and secret."),
    ),
    "http.token_header": (msgid("Header of the token"), msgid("Authorization, unless the application wants another.")),
    "http.token_scheme": (msgid("Word before the token"), msgid("Bearer, unless the application wants another.")),
    "http.token_url": (msgid("Address that gives out tokens"), msgid("For oauth only.")),
    "http.client_id": (msgid("Client number"), msgid("For oauth only.")),
    "http.client_secret_file": (msgid("Client secret"), msgid("For oauth only.")),
    "http.scope": (msgid("Scope"), msgid("For oauth only.")),
    "http.repeatable": (
        msgid("It recognises what was sent before"),
        msgid("By the header Idempotency-Key: then what was cut short is sent again by itself."),
    ),
    "http.success": (msgid("Answers that mean success"), msgid("Numbers, as 201. Empty: 200 to 299.")),
    "http.receipt": (
        msgid("Where its answer has the receipt"),
        msgid("The place of the document’s number in the answer, as /data/id."),
    ),
    # folder
    "folder.path": (msgid("Folder"), msgid("As the system writes it: D:\\Archives, \\\\server\\share, /srv/archives.")),
    "folder.file": (msgid("Name of the files there"), _TEMPLATE),
    "folder.metadata": (msgid("Write beside each document what is known of it (.json)"), ""),
    "folder.create": (
        msgid("Make the folder where it is missing"),
        msgid("Not for a share: one that is away looks like a folder that is missing."),
    ),
    "folder.mounted": (
        msgid("It is on a share"),
        msgid("Nothing is written to the empty folder that is left where the share is away."),
    ),
    # S3
    "s3.bucket": (msgid("Bucket"), ""),
    "s3.endpoint_url": (msgid("Address of the service"), msgid("Empty: Amazon’s.")),
    "s3.region": (msgid("Region"), ""),
    "s3.key": (msgid("Name of the objects"), _TEMPLATE),
    "s3.access_key_file": (msgid("Access key"), ""),
    "s3.secret_key_file": (msgid("Secret key"), ""),
    "s3.storage_class": (msgid("Storage class"), msgid("Empty: the bucket’s own.")),
    "s3.addressing": (
        msgid("Where the bucket stands in the address"),
        msgid("path: behind the host. virtual: before it. auto: as the service wants it."),
    ),
    # SFTP
    "sftp.key_file": (msgid("Private key"), msgid("Instead of a password.")),
    "sftp.key_password_file": (msgid("Pass phrase of the private key"), ""),
    "sftp.host_key": (
        msgid("Key of the server"),
        msgid("Its fingerprint, as SHA256:…: so that nobody else can take the documents in its place."),
    ),
    "sftp.known_hosts": (msgid("File known_hosts"), msgid("Instead of the fingerprint.")),
    "sftp.path": (msgid("Folder there"), msgid("Empty: where the server puts this user.")),
    "sftp.file": (msgid("Name of the files there"), _TEMPLATE),
    # e-mail
    "email.security": (
        msgid("Protection of the connection"),
        msgid("tls and starttls protect the password and the documents; none does not."),
    ),
    "email.from": (msgid("From"), msgid("The address that sends.")),
    "email.to": (msgid("To"), msgid("One address a line.")),
    "email.subject": (msgid("Subject"), _TEMPLATE),
    "email.text": (msgid("Text of the message"), _TEMPLATE),
    "email.port": (msgid("Port"), msgid("Empty: the usual one.")),
}

#: kind → fields that stand above although they need not be filled in, in their order
SUGGESTED: Final[dict[str, tuple[str, ...]]] = {
    "maarch": ("url", "token_file", "profile", "service_level", "retention_rule", "archive_name", "description"),
    "folder": ("path", "file", "metadata"),
    "http": ("url", "body", "auth", "user", "password_file", "token_file", "fields"),
    "s3": ("endpoint_url", "bucket", "region", "access_key_file", "secret_key_file", "key"),
    "sftp": ("host", "user", "password_file", "key_file", "host_key", "path", "file"),
    "email": ("host", "security", "user", "password_file", "from", "to", "subject"),
}
