"""What other parts say of Windows and its ways, for `sentences.py`: of its paths, its letters."""

from __future__ import annotations

from typing import Final

from comptoir.cli.service_sentences import SERVICE
from comptoir.web.locale import msgid

WINDOWS: Final = (
    *SERVICE,
    # what its editors write
    msgid("line %(number)s is not in UTF-8"),
    msgid("it is in UTF-16"),
    msgid("a backslash between double quotes does not mean itself"),
    msgid(r"Write / instead of \, or put the text between single quotes. Nothing was started or changed."),
    # the program file, and whose data these are
    msgid("the data in %(path)s were written by Comptoir %(version)s, and this is Comptoir %(text)s"),
    msgid("Install Comptoir %(version)s again, or a newer one. Nothing was changed."),
    msgid("the data in %(path)s were written by a newer version of Comptoir than %(version)s"),
    msgid("Install the newer version again. Nothing was changed."),
    msgid("Comptoir %(version)s is installed in %(path)s, and this is Comptoir %(text)s"),
    msgid("An older version would not understand the data of the newer one. Nothing was changed."),
    msgid("there is something else in %(path)s"),
    msgid("Move it away, and repeat this command."),
    msgid("the program cannot be put into %(path)s: %(why)s"),
    msgid("the program in %(path)s cannot be deleted: %(why)s"),
    msgid("Run this command as an administrator, and end every Comptoir that runs from there."),
    # capture: the printers that Windows is given
    msgid("there is no source %(name)s that prints"),
    msgid("no source of the configuration is a printer"),
    msgid("Add one to it, by the page of settings or by [[source]] with kind = “ipp_printer”, and start it."),
    msgid("nothing listens on port %(number)s, where the source %(name)s is to be"),
    msgid("Start Comptoir first."),
    msgid("only the administrator can change the printers of Windows"),
    msgid("Open a terminal by “Run as administrator”, and type the same again."),
    msgid("Windows has another printer called %(name)s"),
    msgid("Give the source another name, or remove that printer in the settings of Windows."),
    msgid("Windows has not added the printer %(name)s, and does not say why"),
    msgid("Windows has not removed the printer %(name)s, and does not say why"),
    msgid("Add the printer by hand: in the settings of Windows, printers, add manually."),
    msgid("Remove it in the settings of Windows, printers. Prints that wait in its queue keep it there."),
    msgid("Windows refuses: %(text)s"),
    msgid("PowerShell does not run: %(text)s"),
    msgid("Type the commands yourself."),
    msgid("the spooler cannot be asked: %(text)s"),
    msgid("Is the print spooler running?"),
    msgid("--source and --dry-run belong to Windows"),
    msgid("--queue, --all and --spool belong to CUPS"),
    msgid("Here printers are added: --source NAME, or all without it."),
    msgid("Here queues are captured: --queue NAME, or --all."),
)
