"""The earlier archival script, rebuilt as a measure for bench/folders.py: `earlier_folders.py URL TOKEN TEMP FOLDER…`.

Of its design it has what takes time and what goes wrong: an observer a folder on one handler, a file taken when it is
created, tried again with a sleep until it can be opened (which on Linux it always can), a copy in a temporary folder
under its bare name, one list of what is pending for all folders, one post at a time, the whole document in memory.
"""

import base64
import hashlib
import json
import mimetypes
import shutil
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from uuid import uuid4

from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer

URL, TOKEN, TEMP = sys.argv[1], sys.argv[2], Path(sys.argv[3])
FOLDERS = sys.argv[4:]
RETRIES, PAUSE = 10, 1.0  # of what cannot be opened yet

pending: list[Path] = []


def wait_until_available(path):
    for _ in range(RETRIES):
        try:
            with open(path, "rb"):
                return True
        except OSError:
            time.sleep(PAUSE)
    return False


def resource(path):
    content = path.read_bytes()
    return {
        "handler": base64.b64encode(content).decode("ascii"),
        "fileName": path.stem,
        "fileExtension": path.suffix.lstrip("."),
        "mimetype": mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        "size": len(content),
        "hash": hashlib.sha256(content).hexdigest(),
        "hashAlgorithm": "SHA256",
    }


def post():
    """All that is pending as one archive; kept for the next time where the server does not say 200."""
    pending[:] = [path for path in pending if path.exists()]
    if not pending:
        return
    body = {
        "archive": {
            # Where it is missing the server makes one, another for each deposit.
            "archiveId": uuid4().hex,
            "archiveName": pending[-1].stem,
            "archivalProfileReference": "FACTURE",
            "digitalResources": [resource(path) for path in pending],
        },
        "zipContainer": False,
    }
    headers = {
        "Accept": "application/json", "Content-Type": "application/json", "User-Agent": "service",
        "Cookie": f"LAABS-AUTH={TOKEN}",
    }  # fmt: skip
    text = json.dumps(body, separators=(",", ":")).encode()
    request = urllib.request.Request(f"{URL}/recordsManagement/archive", text, headers)
    try:
        with urllib.request.urlopen(request) as answer:
            done = answer.status == 200
    except (urllib.error.URLError, OSError):
        done = False
    if done:
        pending.clear()
        for file in TEMP.iterdir():
            file.unlink(missing_ok=True)


class Handler(FileSystemEventHandler):
    def on_created(self, event):
        path = Path(event.src_path)
        if event.is_directory:
            for file in sorted(path.rglob("*")):
                if file.is_file():
                    self.take(file)
        else:
            self.take(path)

    def take(self, path):
        if not wait_until_available(path):
            return
        copy = TEMP / path.name
        try:
            shutil.copy2(path, copy)
        except OSError as error:
            print(f"{path}: {error}", flush=True)
            return
        pending.append(copy)
        try:
            post()
        except OSError as error:
            print(f"{path}: {error}", flush=True)


handler = Handler()
observers = []
for folder in FOLDERS:
    observer = Observer()
    observer.schedule(handler, folder, recursive=True)
    observer.start()
    observers.append(observer)
print("watching", flush=True)
for observer in observers:
    observer.join()
