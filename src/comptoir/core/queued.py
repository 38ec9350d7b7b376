"""What another system's queue says of a job that it was handed: the spooler of Windows, for instance. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

#: the title of a drawer's pulse in a queue, by which one is found that a service has left which was killed
PULSE: Final = "Comptoir: cash drawer"
#: that of bytes to which nobody gives one; not what a document of somebody's may be called
UNTITLED: Final = "Comptoir: print"

#: `waits` nothing of it is known to have left the queue; `prints` it is being sent to the printer; `printed` the queue
#: says that all of it was sent; `left` it is not in the queue any more, and no more is known; `deleted` somebody has
#: taken it out before it was begun; `cut` the same, in the middle; `lost` it is gone, and may have been printed or not
Phase = Literal["waits", "prints", "printed", "left", "deleted", "cut", "lost"]

#: what taking a job out of a queue came to. `nothing` it is gone, and certainly nothing of it has come out;
#: `something` it is gone, and some of it may have come out; `left` it had gone by itself before; `there` it is in the
#: queue still
TakenBack = Literal["nothing", "something", "left", "there"]


@dataclass(frozen=True, slots=True)
class Queued:
    """A job as it is now. reason: what keeps it or its printer from going on, a `printer-state-reasons` keyword; "":
    nothing does. message: the same as a sentence."""

    phase: Phase
    reason: str = ""
    message: str = ""
