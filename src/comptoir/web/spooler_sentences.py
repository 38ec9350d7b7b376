"""What is said in English of prints in the queue of Windows; a page says it in the reader's language.

Beside `known_sentences.py`, which looks them up.
"""

from __future__ import annotations

from typing import Final

from comptoir.web.locale import msgid

#: what is said, with its remedy → the sentence of a page; the first that fits is taken
SPOOLERS_SAY: Final = (
    # Of the printer; before a print, and while one waits in its queue.
    (r"Windows says that its cover is open\.?", msgid("Windows says that its cover is open.")),
    (r"Windows says that paper is jammed in it\.?", msgid("Windows says that paper is jammed in it.")),
    (r"Windows says that it has no paper\.?", msgid("Windows says that it has no paper.")),
    (r"Windows says that its output tray is full\.?", msgid("Windows says that its output tray is full.")),
    (r"Windows says that it has no toner or ribbon\.?", msgid("Windows says that it has no toner or ribbon.")),
    (
        r"Windows says that it is offline\.?(?: Is it switched on and connected\? In its queue, .*)?",
        msgid(
            "Windows says that it is offline. Is it switched on and connected? In its queue, “Use Printer Offline” "
            "must not be ticked."
        ),
    ),
    (
        r"[Ii]ts queue is paused in Windows\.?(?: Open its queue in Windows, and let it print on\.)?",
        msgid("Its queue is paused in Windows. Open it there, and let it print on."),
    ),
    (r"Windows says that the printer has an error\.?", msgid("Windows says that the printer has an error.")),
    (r"[Ii]t is being removed from Windows\.?", msgid("This printer is being removed from Windows.")),
    (
        r"[Tt]his print is paused in the queue of Windows\.?",
        msgid("This print is paused in the queue of Windows."),
    ),
    (
        r"Windows has no printer called “(?P<name>.*)”; there are: (?P<text>.*?)\.?(?: Is it switched on .*)?",
        msgid("Windows has no printer called “%(name)s”. It has: %(text)s."),
    ),
    (
        r"Windows has no printer called “(?P<name>.*)”; there is none at all\.?(?: Is it switched on .*)?",
        msgid("Windows has no printer called “%(name)s”, and no other either."),
    ),
    (
        r"Printers of Windows \(winspool:\) are to be had on Windows only\..*",
        msgid("This computer is no Windows: it has no printers of Windows."),
    ),
    (
        r"[Ii]t was deleted from the queue of Windows, and the printer has not let go of it\.?",
        msgid("It was deleted from the queue of Windows, and the printer has not let go of it: switch it off and on."),
    ),
    (
        r"the spooler of Windows does not answer\.?(?: Is it switched on .*)?",
        msgid("The print spooler of Windows does not answer. Is the computer away that shares this printer?"),
    ),
    # Of a print.
    (
        r"the spooler reports it printed, job (?P<number>\d+)",
        msgid("Windows reports it printed (its job %(number)s)"),
    ),
    (r"taken by the spooler, job (?P<number>\d+)", msgid("taken by Windows (its job %(number)s)")),
    (r"[Tt]he queue does not answer: .*", msgid("The queue of Windows does not answer.")),
    (
        r"the queue has the job and does not answer: .*",
        msgid("The queue of Windows has it and does not answer any more."),
    ),
    (
        r"somebody deleted it from the queue\.?",
        msgid("Somebody deleted it from the queue of Windows before it was printed."),
    ),
    (
        r"somebody deleted it from the queue; a part of it may have come out\.?",
        msgid("Somebody deleted it from the queue of Windows; a part of it may have come out."),
    ),
    (
        r"it is not in the queue any more, and nobody says why \(job (?P<number>\d+)\)\.?",
        msgid("It is not in the queue of Windows any more, and Windows does not say why."),
    ),
    (
        r"it was not printed in time, and was taken back from the queue\.?",
        msgid("It was not printed in time, and was taken back from the queue of Windows."),
    ),
    (
        r"it was not printed in time, and was taken back from the queue; a part of it may have come out\.?",
        msgid("It was not printed in time, and was taken out of the queue of Windows; a part of it may have come out."),
    ),
    (
        r"it was cancelled, and taken back from the queue\.?",
        msgid("It was cancelled, and taken back from the queue of Windows."),
    ),
    (
        r"it was cancelled, and taken back from the queue; a part of it may have come out\.?",
        msgid("It was cancelled, and taken out of the queue of Windows; a part of it may have come out."),
    ),
    (
        r"the service stopped while this was sent, and the queue has no such job any more\.?",
        msgid("The service stopped while this was sent, and the queue of Windows does not have it any more."),
    ),
    (
        r"the service stopped while this was sent, and the queue prints it: job (?P<number>\d+)\.?",
        msgid("The service stopped while this was sent, and Windows prints it: its job %(number)s."),
    ),
    (
        r"the service stopped while this was sent, and the queue does not answer: .*",
        msgid("The service stopped while this was sent, and the queue of Windows does not answer."),
    ),
    (
        r"the service stopped while this was sent, and it could not be taken back from the queue\."
        r" Delete job (?P<number>\d+) there, in Windows\.",
        msgid(
            "The service stopped while this was sent, and it could not be taken back from the queue of Windows. Delete "
            "its job %(number)s there."
        ),
    ),
    (
        r"the service stopped while this was printed; it is not in the queue any more\.?",
        msgid("The service stopped while this was printed; it is not in the queue of Windows any more."),
    ),
    # Of a drawer.
    (
        r"other prints wait in the queue of (?P<name>.*); the drawer was not opened",
        msgid("Other prints wait in the Windows queue of %(name)s; the drawer was not opened."),
    ),
    (
        r"Wait until they are printed, or delete them there; then try again\.",
        msgid("Wait until they are printed, or delete them there; then try again."),
    ),
    (
        r"its queue did not pass the pulse on in time\.?",
        msgid("the queue of Windows did not pass it on in time"),
    ),
    (r"The pulse was deleted, and will not come later\.", msgid("Nothing will arrive later.")),
    (
        r"somebody deleted the pulse from the queue\.?",
        msgid("somebody deleted it from the queue of Windows"),
    ),
    (
        r"the queue has begun with the pulse, and not come to its end\.?",
        msgid("Windows has begun with it and not come to its end."),
    ),
    (
        r"the pulse could not be deleted from the queue\.?",
        msgid("It could not be deleted from the queue of Windows, and may still open the drawer."),
    ),
    (
        r"Look whether the drawer is open, and empty the queue of the printer\.",
        msgid("Look whether the drawer is open, and empty the queue of the printer in Windows."),
    ),
)
