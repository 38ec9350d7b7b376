"""What a page says of a value that the configuration refuses, where the page itself knows nothing better.

The configuration's own sentences (`config_check.py`, `config_file.py`, msgspec) are made for a terminal; here they are
recognised, and said to somebody who fills in a form. `words.py` looks them up.
"""

from __future__ import annotations

from typing import Final

from comptoir.web.locale import msgid

_NAME: Final = msgid("A name has 1 to 64 characters, without / and \\.")

#: the first that fits is taken
REFUSED: Final = (
    (r"expected `int` <= (?P<number>\d+)", msgid("At most %(number)s.")),
    (r"expected `int` >= (?P<number>\d+)", msgid("At least %(number)s.")),
    (r"expected `int(?: \| null)?`, got .*", msgid("A whole number.")),
    (r"expected `str` of length >= 1", msgid("It must not be empty.")),
    (r"expected `str` of length <= (?P<number>\d+)", msgid("At most %(number)s characters.")),
    (r"expected a name: 1 to 64 characters without / and \\, and not \. or \.\.", _NAME),
    (r"expected a time such as 06:00", msgid("A time such as 06:00.")),
    (r"expected keep, delete, or move:FOLDER", msgid("keep, delete, or move: and a folder.")),
    (r"expected a duration such as P10Y", msgid("A duration such as P10Y.")),
    (r"expected a path that begins with /", msgid("A path that begins with /.")),
    (r"expected letters without accents, digits and \. _ -", msgid("Letters without accents, digits, and . _ - only.")),
    (
        r"“(?P<text>.*)” is no duration; .*",
        msgid("A number and a unit, such as 90 days or 10 min; “%(text)s” is none."),
    ),
    (r"at most “1000 years”; .*", msgid("At most 1000 years. For no end at all, leave it empty.")),
    (r"expected 2 ms to (?P<number>\d+) ms", msgid("From 2 ms to %(number)s ms.")),
    (
        r"“windows” is for printers of Windows: winspool:NAME",
        msgid("Only printers of Windows have a Windows driver: their device begins with winspool:."),
    ),
    (r"two printers are called “(?P<name>.*)”", msgid("Two printers are called “%(name)s”.")),
    (
        r"“(?P<name>.*)” and “(?P<text>.*)” are one name for Windows",
        msgid("“%(name)s” and “%(text)s” are one name for Windows. Choose another one."),
    ),
    (
        r"two destinations are called “(?P<name>.*)”; .*",
        msgid("Two destinations are called “%(name)s”; printers are destinations, too."),
    ),
    (
        r"no printer and no destination is called “(?P<name>.*)”",
        msgid("No printer and no destination is called “%(name)s”."),
    ),
    (r"“(?P<text>.*)” is no size; .*", msgid("A number and a unit, such as 10 kB or 2 MB; “%(text)s” is none.")),
    (
        r"“(?P<name>.*)” is what prints are called that arrive another way; .*",
        msgid("Prints that arrive another way are called “%(name)s”. Give this source another name."),
    ),
    (r"two sources are called “(?P<name>.*)”", msgid("Two sources are called “%(name)s”.")),
    (
        r"(?:“.*”|the station) listens at port (?P<number>\d+) already",
        msgid("Port %(number)s is taken by another source, or by this station itself. Choose another one."),
    ),
    (
        r"“(?P<text>.*)” is no address of this computer such as .*",
        msgid("“%(text)s” is no address of this computer, such as 127.0.0.1 or 0.0.0.0."),
    ),
    (
        r"a user needs a password_file, and the other way round",
        msgid("User name and password go together: fill in both, or none."),
    ),
    (
        r"“(?P<name>.*)” prints receipts, and a night .*",
        msgid("“%(name)s” prints receipts: a night needs whole sheets, or an e-mail address, or a folder."),
    ),
    (r"“(?P<text>.*)” is expected already", msgid("“%(text)s” is in the list already.")),
    (r"no source is called “(?P<name>.*)”", msgid("No source is called “%(name)s”.")),
    (
        r"“(?P<name>.*)” is the folder that “(?P<source>.*)” watches: .*",
        msgid("“%(name)s” is the watched folder itself: its files would come back for ever."),
    ),
    (
        r"“(?P<text>.*)” is no device URI such as .*|There is no kind of device for '(?P<uri>.*)'\.",
        msgid("This is no address of a printer, such as socket://192.168.1.50:9100."),
    ),
    (
        r"The device URI '.*' .*|.* has the option '.*', which there is none of\.|.* in '[a-z]+:.*' is (?:not|none) .*",
        msgid("This is no address of a printer, such as socket://192.168.1.50:9100."),
    ),
    (r"“(?P<text>.*)” is no slot of a code page: .*", msgid("“%(text)s” is no number of a code page: 0 to 255.")),
    (r"“(?P<text>.*)” is no code page such as .*", msgid("“%(text)s” is no code page such as cp858.")),
    (r"“(?P<text>.*)” is not hexadecimal, .*", msgid("“%(text)s” is not hexadecimal, as 1b70001afa is.")),
    (
        r"“(?P<text>.*)” is no address such as https://.*",
        msgid("“%(text)s” is no address such as https://rm.example.com."),
    ),
    (
        r"an address has no user and no password here",
        msgid("An address has no user and no password here."),
    ),
    (
        r"(?:(?P<place>\w+): )?there is no field \{(?P<name>.*)\}; known fields: (?P<names>.*)",
        msgid("There is no field “%(name)s”. Known fields: %(names)s."),
    ),
    (
        r"(?:\w+: )?there is a single “(?P<text>.)”; .*",
        msgid("There is a single “%(text)s”: double it for the character itself."),
    ),
    (
        r"(?:\w+: )?\{(?P<name>.*)\} is no moment: .*|(?:\w+: )?“(?P<text>%.?)” is no part of a time; "
        r".*",
        msgid("A time is written with %%Y %%m %%d %%H %%M %%S, and only of date, time and modified."),
    ),
    (
        r"(?:\w+: )?“(?P<text>.*)” is no filter; .*",
        msgid("“%(text)s” is no filter. There are date, number and default:TEXT."),
    ),
    (
        r"“(?P<name>.*)” is no name of a field: .*",
        msgid("“%(name)s” is no name of a field: letters without accents, digits and _."),
    ),
    (
        r"(?P<name>\w+): expected where to look, and an expression: .*",
        msgid("%(name)s: say where to look, then an expression: name: …, path: … or text: …"),
    ),
    (
        r"\{(?P<name>\w+)\} is a field already: .*",
        msgid("“%(name)s” is a field already: choose another name."),
    ),
    (
        r"(?P<name>\w+): (?:what is repeated must hold|several repetitions in a row|an expression "
        r"must not|verbose expressions|an expression has 1 to).*",
        msgid(
            "%(name)s: this expression could take too long. Make it shorter, and say what stands between "
            "two repetitions."
        ),
    ),
    (
        r"“(?P<text>.*)” is no origin such as .*",
        msgid("“%(text)s” is no address of a site such as https://shop.example.com, with nothing behind it."),
    ),
    (
        r"“(?P<text>.*)” is no address such as 192\.168\.1\.20, .*",
        msgid("“%(text)s” is no address such as 192.168.1.20, and no network such as 192.168.1.0/24."),
    ),
    (
        r"“(?P<text>.*)” is no host name such as .*",
        msgid("“%(text)s” is no name such as caisse.local, without http:// and port."),
    ),
    (
        r"a certificate needs its private_key, .*",
        msgid("Certificate and key go together: fill in both, or none."),
    ),
    (
        r".*: (?P<count>\d+) columns do not fit into (?P<number>\d+) dots",
        msgid("%(count)s characters do not fit into a line of this paper."),
    ),
    (
        r"(?P<path>.+), line (?P<number>\d+): a backslash between double quotes does not mean itself",
        msgid("%(path)s, line %(number)s: write / instead of \\, or put the text between single quotes."),
    ),
    (
        r"a backslash between double quotes does not mean itself",
        msgid("Write / instead of \\, or put the text between single quotes."),
    ),
    (r"There is no printer profile .*", msgid("Choose a model of the list, or 80mm or 58mm.")),
    (r"object contains unknown field `(?P<name>.*)`", msgid("There is no key called %(name)s.")),
    (r"object missing required field `(?P<name>.*)`", msgid("The key %(name)s is missing.")),
    (r"[Cc]orrect (?:it|that line)\. Nothing was started or changed\.", msgid("Nothing was changed.")),
    (
        r"(?P<path>.+), line (?P<number>\d+): (?P<key>[\w.\[\]]+): (?P<why>.+)",
        msgid("%(path)s, line %(number)s, %(key)s: %(why)s."),
    ),
    (r"(?P<path>.+\.toml): .*\(at line (?P<number>\d+).*\)", msgid("%(path)s, line %(number)s cannot be read.")),
)  # fmt: skip

#: what is said wherever it comes up: of devices, of what is fixed elsewhere, of certificates
TROUBLES: Final = (
    (
        r"a device URI has no user and no password",
        msgid("An address of a printer has no user name and no password: it is shown on pages."),
    ),
    (r"it is fixed by (?P<why>.*)", msgid("It is set outside of these pages: %(why)s.")),
    (
        r"the certificate holds from (?P<day>\S+) on only: .*",
        msgid("It holds from %(day)s on only: is the clock of this computer right?"),
    ),
    (r"the certificate ends on (?P<day>\S+): .*", msgid("It ends on %(day)s: put a new one in its place.")),
    (r"the certificate ended on (?P<day>\S+): .*", msgid("It ended on %(day)s: put a new one in its place.")),
    (
        r"the certificate (?:ends|ended) on (?P<day>\S+) with its authority: .*empty (?P<path>.+), restart, .*",
        msgid(
            "It ends on %(day)s with its authority: is the clock right? If so, empty %(path)s, restart, and trust the "
            "new authority."
        ),
    ),
    (r"the program (?P<name>\S+) is missing", msgid("The program %(name)s is missing.")),
)
