"""What destinations that are no printers say of a job in English, which a page says in the reader's language.

One section a kind, beside `known_sentences.py`, which looks them up; the archive's stand there.
"""

from __future__ import annotations

from typing import Final

from comptoir.web.locale import msgid

#: what is said, with its remedy → the sentence of a page; the first that fits is taken
DESTINATIONS_SAY: Final = (
    # Secrets and certificates, of all kinds.
    (
        r"the secret file (?P<path>.+) is not there\. Write .*",
        msgid("The file %(path)s, which is to hold the secret, is not there."),
    ),
    (
        r"the secret file (?P<path>.+) (?:cannot be read|holds no secret|holds more than one line).*",
        msgid("The file %(path)s must hold the secret and nothing else, and Comptoir must be allowed to read it."),
    ),
    (
        r"the file of the authority (?P<path>.+) cannot be read: .*",
        msgid("The file of the authority, %(path)s, cannot be read: it must be a PEM file."),
    ),
    (
        r"(?P<name>.+) cannot be reached: its certificate is not trusted: (?P<text>.*?)\.? Correct .*",
        msgid("The certificate of %(name)s is not trusted (%(text)s). Correct it, or name its authority."),
    ),
    (
        r"(?P<name>.+) cannot be reached: (?P<why>.*?)\.? Is its address right.*",
        msgid("%(name)s cannot be reached: %(why)s. It is tried again by itself."),
    ),
    (r"no computer of this name is known", msgid("No computer of this name is known.")),
    (
        r"(?P<text>.*?)\.? Who Comptoir is there stands in (?P<keys>.*): check it\.",
        msgid("Comptoir is not let in there (%(text)s). Check %(keys)s."),
    ),
    (
        r"the document \w+… was damaged on the disk\. .*",
        msgid("The document was damaged on the disk, and is not delivered. Check the disk."),
    ),
    # HTTP.
    (
        r"several files cannot be the body of one request\. .*",
        msgid("Several files cannot be sent as one: set body to multipart or json."),
    ),
    (
        r"the connection to (?P<name>.+) broke after .* bytes: .* Does it take .*",
        msgid("The connection to %(name)s broke in the middle. Does it take documents as large as this?"),
    ),
    (
        r"(?P<text>.*?)\.? It may have taken the document nevertheless\.",
        msgid("Nobody knows whether it has the document (%(text)s)."),
    ),
    (
        r"(?P<text>.*?)\.? It is sent again under the same Idempotency-Key\.",
        msgid("It did not answer clearly (%(text)s); it is asked again."),
    ),
    (
        r"(?P<name>.+?) answers (?P<text>3.*?)\.? It is elsewhere now: correct url\.",
        msgid("%(name)s is elsewhere now (%(text)s): correct its address."),
    ),
    (
        r"(?P<name>.+?) answers (?P<text>.*?)\.? It asks to come back: .*",
        msgid("%(name)s asks to come back later (%(text)s)."),
    ),
    (
        r"(?P<name>.+?) answers (?P<text>.*?)\.? (?:The document is too large for it|The message is too large).*",
        msgid("The document is too large for %(name)s (%(text)s)."),
    ),
    (
        r"(?P<name>.+?) answers (?P<text>.*?)\.? It does not take this (?:document|message)\.",
        msgid("%(name)s does not take this document (%(text)s)."),
    ),
    (
        r"(?P<name>.+?) answers (?P<text>.*?)\.? Check (?P<keys>[a-z_, ]+)\.",
        msgid("%(name)s refuses (%(text)s). Check %(keys)s."),
    ),
    # Folders, here and on servers.
    (
        r"the folder (?P<path>.+) is not there on (?P<name>.+)\. Make it there.*",
        msgid("There is no folder %(path)s on %(name)s: make it there, or correct path."),
    ),
    (
        r"the folder (?P<path>.+) (?:is not there|does not answer)\. Is the share mounted\?.*",
        msgid("The folder %(path)s is not there. Is the share mounted? It is tried again by itself."),
    ),
    (
        r"(?:the folder|the disk of) (?P<name>.+) is full\. Make room.*",
        msgid("%(name)s is full. Make room there; it is tried again by itself."),
    ),
    (
        r"nothing may be written to (?:the folder )?(?P<path>.+)\. Give .*",
        msgid("Comptoir may not write to %(path)s: give it the right."),
    ),
    (
        r"the folder (?P<path>.+) cannot hold this document: (?P<text>.*?)\.?",
        msgid("The folder %(path)s cannot hold this document: %(text)s."),
    ),
    (
        r"the folder (?P<path>.+) cannot be written: (?P<text>.*?)\.? It is tried again by itself\.",
        msgid("The folder %(path)s cannot be written (%(text)s). It is tried again by itself."),
    ),
    (
        r"the key of (?P<name>.+) is not known\. Its key is (?P<key>\S+)\. .*",
        msgid("The server %(name)s is not known yet. Its key is %(key)s; if that is right, write it into host_key."),
    ),
    (
        r"(?P<name>.+) has another key than the one in host_key\. Its key is (?P<key>\S+)\. .*",
        msgid(
            "The server %(name)s has another key than before, %(key)s: it may be another machine. Ask its owner "
            "before you write that key into host_key."
        ),
    ),
    (
        r"(?P<path>.+) holds no private key that can be read\. .*",
        msgid("The file %(path)s holds no private key that can be read, or its password is another one."),
    ),
    (
        r"(?P<name>.+) cannot store it: (?P<text>.*?)\.? Has it room.*",
        msgid("%(name)s cannot store it (%(text)s). Has it room, and which rights?"),
    ),
    (
        r"the connection to (?P<name>.+) broke(?:: .*)?\. It is tried again by itself\.",
        msgid("The connection to %(name)s broke. It is tried again by itself."),
    ),
    # Buckets.
    (
        r"another object has the key (?P<name>.+)\. Put .*",
        msgid("Another document is called %(name)s there: nothing is replaced. The field uid makes keys differ."),
    ),
    # Mail.
    (
        r"(?P<name>.+) takes messages of (?P<number>\d+) bytes at most, .*",
        msgid("The document is too large for a message: %(name)s takes %(number)s bytes at most."),
    ),
    (
        r"(?P<name>.+) takes none of the recipients: (?P<text>.*?)\.? (?:Correct to.*|It is tried again by itself\.)",
        msgid("%(name)s takes none of the recipients: %(text)s."),
    ),
    (
        r"(?P<name>.+) did not say whether it took the message: .*",
        msgid("%(name)s did not say whether it took the message: look into the mailbox."),
    ),
    (
        r"(?P<name>.+) does not know (?:tls|starttls|none) or passwords\. .*",
        msgid("%(name)s does not know this kind of security: choose another. A password needs tls or starttls."),
    ),
    (
        r"(?P<name>\S+) answers (?P<text>.*?)\.?(?: It is tried again by itself\.)?",
        msgid("%(name)s cannot take it now (%(text)s). It is tried again by itself."),
    ),
)
