"""Which requests of IPP are well-formed: RFC 8011 §4.1, PWG 5100.12. It knows no printer, and carries out nothing.

What is wrong is `Refused`, with the status that the RFC wants for it. What a printer makes of a request that is
well-formed, and which values it takes, is the printer's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from comptoir.wire.ipp import Group, Message, Tag, Value
from comptoir.wire.ipp_codes import Operation, Status

#: that are answered in their own version; of another minor one, in the highest of its major
VERSIONS: Final = ((1, 0), (1, 1), (2, 0), (2, 1))
HIGHEST: Final[Mapping[int, tuple[int, int]]] = {1: (1, 1), 2: (2, 1)}
CHARSETS: Final = ("utf-8", "us-ascii")

#: bytes of a value, RFC 8011 §5.1
LONGEST: Final[Mapping[int, int]] = {
    Tag.TEXT: 1023, Tag.NAME: 255, Tag.KEYWORD: 255, Tag.URI: 1023, Tag.URI_SCHEME: 63, Tag.CHARSET: 63,
    Tag.LANGUAGE: 63, Tag.MIME_TYPE: 255, Tag.OCTETS: 1023, Tag.TEXT_WITH_LANGUAGE: 1023, Tag.NAME_WITH_LANGUAGE: 255,
}  # fmt: skip

_NAME: Final = (Tag.NAME, Tag.NAME_WITH_LANGUAGE)
_TEXT: Final = (Tag.TEXT, Tag.TEXT_WITH_LANGUAGE)
_WORD: Final = (Tag.KEYWORD, *_NAME)
#: the syntax of operation attributes; what is not here is not known, and ignored (§4.1.7)
SYNTAX: Final[Mapping[str, tuple[int, ...]]] = {
    "attributes-charset": (Tag.CHARSET,),
    "attributes-natural-language": (Tag.LANGUAGE,),
    "printer-uri": (Tag.URI,),
    "job-uri": (Tag.URI,),
    "job-id": (Tag.INTEGER,),
    "job-ids": (Tag.INTEGER,),
    "first-job-id": (Tag.INTEGER,),
    "requesting-user-name": _NAME,
    "requesting-user-uri": (Tag.URI,),
    "job-name": _NAME,
    "job-uuid": (Tag.URI,),
    "document-name": _NAME,
    "document-uuid": (Tag.URI,),
    "document-format": (Tag.MIME_TYPE,),
    "document-natural-language": (Tag.LANGUAGE,),
    "document-charset": (Tag.CHARSET,),
    "compression": (Tag.KEYWORD,),
    "last-document": (Tag.BOOLEAN,),
    "ipp-attribute-fidelity": (Tag.BOOLEAN,),
    "job-k-octets": (Tag.INTEGER,),
    "job-impressions": (Tag.INTEGER,),
    "job-media-sheets": (Tag.INTEGER,),
    "which-jobs": (Tag.KEYWORD,),
    "my-jobs": (Tag.BOOLEAN,),
    "limit": (Tag.INTEGER,),
    "requested-attributes": (Tag.KEYWORD,),
    "identify-actions": (Tag.KEYWORD,),
    "message": _TEXT,
    "job-hold-until": _WORD,
    "notify-job-id": (Tag.INTEGER,),
    "notify-subscription-id": (Tag.INTEGER,),
    "notify-subscription-ids": (Tag.INTEGER,),
    "notify-sequence-numbers": (Tag.INTEGER,),
    "notify-wait": (Tag.BOOLEAN,),
    "my-subscriptions": (Tag.BOOLEAN,),
}
#: of which there may be several values
MANY: Final = frozenset(
    {"requested-attributes", "job-ids", "identify-actions", "notify-subscription-ids", "notify-sequence-numbers"}
)
#: the syntax of job template attributes, RFC 8011 §5.2, PWG 5100.7 and 5100.13
TEMPLATE: Final[Mapping[str, tuple[int, ...]]] = {
    "copies": (Tag.INTEGER,),
    "finishings": (Tag.ENUM,),
    "job-hold-until": _WORD,
    "job-name": _NAME,
    "job-priority": (Tag.INTEGER,),
    "job-sheets": _WORD,
    "media": _WORD,
    "media-col": (Tag.COLLECTION,),
    "multiple-document-handling": (Tag.KEYWORD,),
    "number-up": (Tag.INTEGER,),
    "orientation-requested": (Tag.ENUM,),
    "output-bin": _WORD,
    "overrides": (Tag.COLLECTION,),
    "page-ranges": (Tag.RANGE,),
    "print-color-mode": (Tag.KEYWORD,),
    "print-content-optimize": (Tag.KEYWORD,),
    "print-quality": (Tag.ENUM,),
    "print-rendering-intent": (Tag.KEYWORD,),
    "print-scaling": (Tag.KEYWORD,),
    "printer-resolution": (Tag.RESOLUTION,),
    "sides": (Tag.KEYWORD,),
}

#: that are about a job: named by job-uri, or by printer-uri and job-id (§4.1.5)
OF_A_JOB: Final = frozenset(
    {
        Operation.SEND_DOCUMENT, Operation.CANCEL_JOB, Operation.GET_JOB_ATTRIBUTES, Operation.HOLD_JOB,
        Operation.RELEASE_JOB, Operation.RESTART_JOB, Operation.SET_JOB_ATTRIBUTES, Operation.CLOSE_JOB,
    }
)  # fmt: skip
_GROUPS: Final = (Tag.OPERATION, Tag.JOB, Tag.PRINTER, Tag.SUBSCRIPTION, Tag.DOCUMENT)
_BAD: Final = Status.BAD_REQUEST


class Refused(Exception):
    """A request that is not carried out. `unsupported`: the attributes that are the reason, as they are answered."""

    def __init__(self, status: int, message: str, unsupported: Mapping[str, tuple[Value, ...]] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.unsupported = dict(unsupported or {})


def version_for(asked: tuple[int, int]) -> tuple[int, int]:
    """In which version a request is answered, §4.1.8: in its own where that is known."""
    if asked in VERSIONS:
        return asked
    return HIGHEST.get(asked[0], HIGHEST[2])


def check(message: Message, operations: frozenset[int]) -> Group:
    """Its operation attributes. `operations`: those that the printer has. Raises Refused."""
    if message.version[0] not in HIGHEST:
        raise Refused(Status.VERSION_NOT_SUPPORTED, f"IPP {message.version[0]}.{message.version[1]} is not spoken here")
    if not 0 < message.request_id < 2**31:
        raise Refused(_BAD, f"the request-id {message.request_id} is not between 1 and 2147483647")
    attributes = _operation_group(message)
    _check_language(attributes)
    if message.code not in operations:
        raise Refused(Status.OPERATION_NOT_SUPPORTED, f"the operation {message.code:#06x} is not supported")
    _check_target(attributes, message.code)
    for group in message.groups:
        _check_lengths(group)
    _check_syntax(attributes)
    return attributes


def template_of(message: Message) -> tuple[dict[str, tuple[Value, ...]], dict[str, tuple[Value, ...]]]:
    """The job template attributes with values of their syntax, and those that have others or are not known."""
    right: dict[str, tuple[Value, ...]] = {}
    wrong: dict[str, tuple[Value, ...]] = {}
    for name, values in message.group(Tag.JOB).attributes.items():
        tags = TEMPLATE.get(name)
        if tags is None:
            wrong[name] = (Value(Tag.UNSUPPORTED),)
        elif all(value.tag in tags for value in values):
            right[name] = values
        else:
            wrong[name] = values
    return right, wrong


def _operation_group(message: Message) -> Group:
    """The first one, where the groups stand as §4.1.2 wants them."""
    tags = [group.tag for group in message.groups if group.tag in _GROUPS]
    if not message.groups or message.groups[0].tag != Tag.OPERATION or tags.count(Tag.OPERATION) != 1:
        raise Refused(_BAD, "the operation attributes must come first, once")
    if tags != sorted(tags, key=_GROUPS.index) or tags.count(Tag.JOB) > 1:
        raise Refused(_BAD, "the groups of attributes are not in their order")
    return message.groups[0]


def _check_language(attributes: Group) -> None:
    """§4.1.4: charset and natural language, first and in this order."""
    if list(attributes.attributes)[:2] != ["attributes-charset", "attributes-natural-language"]:
        raise Refused(_BAD, "attributes-charset and attributes-natural-language must come first, in this order")
    for name in ("attributes-charset", "attributes-natural-language"):
        _check_one(name, attributes.attributes[name])
    said = str(attributes.first("attributes-charset")).lower()
    if said not in CHARSETS:
        raise Refused(Status.CHARSET_NOT_SUPPORTED, f"the charset {said} is not supported")


def _check_target(attributes: Group, code: int) -> None:
    known = attributes.attributes
    if code in OF_A_JOB and "job-uri" in known:
        return
    if "printer-uri" not in known:
        raise Refused(_BAD, "printer-uri is missing")
    if code in OF_A_JOB and "job-id" not in known:
        raise Refused(_BAD, "job-id is missing")


def _check_lengths(group: Group) -> None:
    for name, values in group.attributes.items():
        if len(name) > LONGEST[Tag.KEYWORD]:
            raise Refused(_BAD, "an attribute has a name of more than 255 bytes")
        for value in values:
            most = LONGEST.get(value.tag)
            if most is not None and _length(value) > most:
                raise Refused(Status.VALUE_TOO_LONG, f"{name} has more than {most} bytes", {name: (_UNSUPPORTED,)})


_UNSUPPORTED: Final = Value(Tag.UNSUPPORTED)


def _length(value: Value) -> int:
    return len(value.value.encode()) if isinstance(value.value, str) else len(value.value or b"")  # type: ignore[arg-type]


def _check_syntax(attributes: Group) -> None:
    for name, values in attributes.attributes.items():
        if name in SYNTAX:
            _check_one(name, values)


def _check_one(name: str, values: tuple[Value, ...]) -> None:
    if any(value.tag not in SYNTAX[name] for value in values):
        raise Refused(_BAD, f"{name} has a value of another syntax than it may have")
    if len(values) > 1 and name not in MANY:
        raise Refused(_BAD, f"{name} has several values")
    if any(isinstance(value.value, str) and not value.value and name in _NEVER_EMPTY for value in values):
        raise Refused(_BAD, f"{name} is empty")


_NEVER_EMPTY: Final = frozenset({"attributes-charset", "attributes-natural-language", "printer-uri", "job-uri"})
