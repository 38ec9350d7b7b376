"""What services raise, for `sentences.py`: the managers of the three systems, and what stands in their way."""

from __future__ import annotations

from typing import Final

from comptoir.web.locale import msgid

SERVICE: Final = (
    msgid("Comptoir is not installed as a service"),
    msgid("Install it: comptoir service install"),
    msgid("There is nothing to take back."),
    msgid("only the administrator can change the services of this computer"),
    msgid("Type: sudo comptoir service %(text)s; or add --user: a service of your own."),
    msgid("only an administrator can change services"),
    msgid("Open the start menu, type cmd, choose “Run as administrator”, and repeat this command there."),
    msgid("Windows has services of the computer only"),
    msgid("As an administrator, without --user: comptoir service install"),
    msgid("this system has no systemd"),
    msgid("Have what it has instead start: comptoir station"),
    msgid("as a service, Comptoir would not find all of its parts: %(text)s"),
    msgid("They are installed for you alone. Install Comptoir for everybody, as an administrator."),
    msgid("the service has ended: %(text)s"),
    msgid("Windows starts it again in a moment; its log is in the data folder, and in the event viewer."),
    msgid("the service is still %(text)s"),
    msgid("Look again in a minute: comptoir service status"),
    msgid("Windows is still removing the service"),
    msgid("Close the windows Services and Event Viewer, and repeat this command."),
    msgid("Nothing more was done."),
    msgid("the folder %(path)s has other things in it than the data of Comptoir"),
    msgid("All that is in the data folder would be the service's. Choose one of its own: --data DIR"),
    msgid("End it, and repeat this command."),
    msgid("the data folder %(path)s is a link"),
    msgid("Name the folder itself: --data DIR"),
    msgid("the service would obey what others have put into %(path)s: %(text)s"),
    msgid('Look at what is there. If it is to be so, repeat this command after: takeown /f "%(path)s" /a /r'),
)
