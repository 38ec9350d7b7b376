"""Is this export as it was written? Python 3.8 or later: python verify.py [FOLDER]. Exit code 0: it is."""

import hashlib
import json
import re
import sys
import unicodedata
from pathlib import Path


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()


def findings(folder: Path) -> "list[str]":
    listed = {one["path"]: one for one in json.loads((folder / "manifest.json").read_bytes())["files"]}
    there = {unicodedata.normalize("NFC", p.relative_to(folder).as_posix()): p for p in folder.rglob("*")}
    files = {name: p for name, p in there.items() if name != "manifest.json" and (p.is_symlink() or not p.is_dir())}
    wrong = [f"missing (absent): {name!a}" for name in listed if name not in files]
    wrong += [f"added (en plus): {name!a}" for name in files if name not in listed]
    wrong += [f"changed (autre): {n!a}" for n, p in files.items() if n in listed and sha256(p) != listed[n]["sha256"]]
    told = set()  # (number of the document, digest), as the events of the journal say it
    for event in map(json.loads, (folder / "chain.jsonl").read_bytes().splitlines()):
        fields = "\n".join(str(event[key]) for key in ("seq", "at", "kind", "job", "body")).encode()
        if hashlib.sha256(bytes.fromhex(event["previous"]) + fields).hexdigest() != event["hash"]:
            wrong.append(f"changed (autre): event {event['seq']} in chain.jsonl")
        told |= {(json.loads(event["body"]).get("kept"), one) for one in re.findall("[0-9a-f]{64}", event["body"])}
    said = {name: (one["kept"], one["sha256"]) for name, one in listed.items() if "kept" in one}
    return wrong + [f"not in the chain (hors chaine): {name!a}" for name, pair in said.items() if pair not in told]


if __name__ == "__main__":
    here = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    found, manifest = findings(here), sha256(here / "manifest.json")
    sys.stdout.write("\n".join([*found, f"differences (ecarts): {len(found)}; manifest.json: SHA-256 {manifest}", ""]))
    sys.exit(1 if found else 0)
