"""The far sides on which the contract suite of destinations runs; a new kind joins by one line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from tests.peers.far import Far
from tests.peers.far_folder import FarFolder
from tests.peers.far_maarch import FarMaarch
from tests.peers.http_service import HttpService
from tests.peers.mail_server import MailPeer
from tests.peers.sftp_server import SftpServer

FARS: dict[str, Callable[[Path], Far]] = {
    "http": HttpService,
    "http-json": lambda folder: HttpService(folder, "json", repeatable=True),
    "http-raw": lambda folder: HttpService(folder, "raw"),
    "maarch": FarMaarch,
    "folder": FarFolder,
    "folder-plain": lambda folder: FarFolder(folder, metadata=False),
    "sftp": SftpServer,
    "email": MailPeer,
}
if sys.platform != "win32":  # its server is not among the packages there, and only the network is between
    from tests.peers.bucket import BucketServer

    FARS["s3"] = BucketServer
#: reached over a network, with a secret
REMOTE = [kind for kind in FARS if not kind.startswith("folder")]
#: those that may be given a job again that was cut short, or delivered
REPEATABLE = [kind for kind in FARS if kind not in ("http", "http-raw", "email")]
#: those that take several files in one piece
LOTS = [kind for kind in FARS if kind != "http-raw"]
#: those whose test server takes many megabytes in a moment
LARGE = [kind for kind in FARS if kind != "email"]
