"""The models of printers that are known by name, as profiles. What a shop knows better, its configuration says.

Code pages, widths and features come from escpos-printer-db (CC BY 4.0), as python-escpos ships it: the file is read,
the library never imported. It is read when a model is asked for that needs it; `default`, `80mm` and `58mm` do not.
What the database lacks stands in `profile_facts`.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from comptoir.core.errors import ConfigError, UnknownName
from comptoir.core.page import Media
from comptoir.core.profile import DEFAULT, Confirm, Cut, Kanji, Profile
from comptoir.languages.escpos.codepages import ordered
from comptoir.languages.profile_facts import DISPLAYS, MARKETS, MODELS, PROCESS_ID, Facts

#: Font A of a thermal printer, in dots: a width that the database does not tell is that of its columns
_FONT_A: Final = 12
_PINS: Final = (2, 5)


@lru_cache(maxsize=256)
def profile(name: str) -> Profile:
    """The model of this name; capitals do not matter, and a blank is a hyphen.

    A market behind it (TM-m30III-CN; -jp, -cn, -tw, -kr) says which two-byte characters it has. Raises UnknownName,
    which tells names that are near, and ConfigError where the database is missing.
    """
    title, facts, kanji = _model(name)
    made = _adjusted(_from_database(facts["like"]) if "like" in facts else DEFAULT, facts)
    made = replace(made, name=title, confirms=_confirms(title, facts), kanji=kanji or made.kanji)
    return made if kanji is None else replace(made, name=f"{title}{_plain(name)[-3:].upper()}")


def names() -> Sequence[str]:
    """All models, in order; any of them may have a market behind it."""
    return sorted(_titles().values(), key=str.casefold)


def spoken(name: str) -> Literal["escpos", "star"]:
    """The language that the model of this name speaks. Raises UnknownName."""
    return "star" if _is_star(_model(name)[1]) else "escpos"


def _model(name: str) -> tuple[str, Facts, Kanji | None]:
    """The model's name as it is written, what is said about it, and the characters of a market."""
    plain = _plain(name)
    market = MARKETS.get(plain[-3:])
    for known, kanji in ((plain, None), (plain[:-3], market)):
        title = _OWN.get(known) or (_titles().get(known) if known == plain or market else None)
        if title and (known == plain or market):
            return title, MODELS.get(title, {} if title == DEFAULT.name else {"like": title}), kanji
    near = ", ".join(_titles()[key] for key in get_close_matches(plain, _titles(), n=3, cutoff=0.5))
    raise UnknownName(
        f"There is no printer profile {name!r}.",
        (f"Near it: {near}. " if near else "")
        + "The models are listed in docs/printers.md; 80mm or 58mm suits most others.",
    )


def _plain(name: str) -> str:
    return name.strip().casefold().replace(" ", "-").replace("_", "-")


#: the names that need no database to be found
_OWN: Final[dict[str, str]] = {_plain(title): title for title in (DEFAULT.name, *MODELS)}


@cache
def _titles() -> dict[str, str]:
    """All names, by how they are compared."""
    return {_plain(title): title for title in _database() if title not in DISPLAYS} | _OWN


@cache
def _database() -> Mapping[str, Any]:
    """The profiles of escpos-printer-db. Its encodings are known to Python by the same names, or not at all."""
    found = importlib.util.find_spec("escpos")
    places = found.submodule_search_locations if found else None
    try:
        text = Path(next(iter(places or ("",))), "capabilities.json").read_text("utf-8")
    except OSError as error:
        raise ConfigError(
            f"The list of printer models cannot be read: {error}",
            "It comes with python-escpos: install Comptoir anew, or use the profile 80mm or 58mm.",
        ) from None
    profiles: dict[str, Any] = json.loads(text)["profiles"]
    return profiles


def _from_database(title: str) -> Profile:
    entry = _database()[title]
    has = entry["features"].get
    return replace(
        DEFAULT,
        media=_media(entry),
        code_pages=_code_pages(entry["codePages"]),
        cut=_cut(has("paperPartCut", False), has("paperFullCut", False)),
        barcodes=has("barcodeB", False),
        qr=has("qrCode", False),
        columns_only=has("bitImageColumn", False) and not has("bitImageRaster", False),
        drawer_pins=_PINS if has("pulseStandard", False) else (),
    )


def _media(entry: Mapping[str, Any]) -> Media:
    """What is "Unknown" in the database, or absent, is that of the usual printer."""
    columns = entry["fonts"]["0"]["columns"]
    dots = entry["media"]["width"].get("pixels")
    dpi = entry["media"].get("dpi")
    return Media(
        dots=dots if isinstance(dots, int) else columns * _FONT_A,
        columns=columns,
        dpi=dpi if isinstance(dpi, int) else DEFAULT.media.dpi,
    )


def _code_pages(listed: Mapping[str, str]) -> Mapping[int, str]:
    """Slot → Python codec, in order of preference. The database writes CP858 and ISO_8859-15: Python knows both."""
    return ordered({int(slot): name for slot, name in listed.items()})


def _cut(partial: bool, full: bool) -> Cut:
    return "partial" if partial else "full" if full else "none"


def _adjusted(start: Profile, facts: Facts) -> Profile:
    media = replace(
        start.media,
        dots=facts.get("dots", start.media.dots),
        columns=facts.get("columns", start.media.columns),
        dpi=facts.get("dpi", start.media.dpi),
    )
    return replace(
        start,
        media=media,
        kanji=facts.get("kanji", start.kanji),
        cut=facts.get("cut", start.cut),
        strip=facts.get("strip", start.strip),
        columns_only=facts.get("columns_only", start.columns_only),
        buzzer=facts.get("buzzer", start.buzzer),
    )


def _confirms(title: str, facts: Facts) -> tuple[Confirm, ...]:
    if _is_star(facts):
        return ("counter",)
    return ("process-id", "in-order") if PROCESS_ID.fullmatch(title) else ("in-order",)


def _is_star(facts: Facts) -> bool:
    return "like" in facts and bool(_database()[facts["like"]]["features"].get("starCommands", False))
