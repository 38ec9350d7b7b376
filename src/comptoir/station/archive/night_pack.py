"""What stands on the first page of a pack, and beside each document in it, in one language. Values to values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Final

from comptoir.archive.leaves import BROKEN, CHANGED, LOCKED, LONG, Cover, Leaf, Line, Tone
from comptoir.core.kept import Kept
from comptoir.core.night import Check
from comptoir.web.locale import catalogue
from comptoir.web.night_desk import NightView
from comptoir.web.night_words import NightWords

#: an instant (ms) on the clock on the wall
Wall = Callable[[int], datetime]

TONES: Final[dict[Check, Tone]] = {
    "missing": "bad", "few": "bad", "late": "warn", "twice": "warn", "awaited": "plain", "present": "good",
}  # fmt: skip


def title_of(house: str, day: date, language: str) -> str:
    """What a pack is called where it is printed or sent."""
    return f"{house} · {NightWords(language).title(day)}"


def night_cover(view: NightView, house: str, now: int, language: str, wall: Wall) -> Cover:
    """The first page of a night: what of it is there, what is missing, what people have said of it."""
    words = NightWords(language)
    _ = catalogue(language).gettext
    checks = [
        Line(words.check(one.state).word, TONES[one.state], one.report.name, words.said(one))
        for one in view.audit.reports
    ]
    return _cover(
        words.title(view.day),
        house,
        [*_night_facts(view, words, wall), (_("Put together"), words.moment(wall(now)))],
        language,
        note=view.said.note,
        checks=checks,
    )


def selection_cover(kept: Sequence[Kept], heading: str, house: str, now: int, language: str, wall: Wall) -> Cover:
    """The first page of documents that somebody has chosen."""
    words, _ = NightWords(language), catalogue(language).gettext
    facts = [(_("Documents"), str(len(kept)))]
    if dates := sorted({one.business_date for one in kept}):
        first, last = (words.day(date.fromisoformat(day), "heading") for day in (dates[0], dates[-1]))
        facts.append((_("Business date"), first if first == last else f"{first} – {last}"))
    facts.append((_("Put together"), words.moment(wall(now))))
    return _cover(heading or _("Documents of the archive"), house, facts, language)


def leaf_of(kept: Kept, language: str, wall: Wall, *, dated: bool = False) -> Leaf:
    """A document, as the pack names it. dated: with its day, where they are of several."""
    _ = catalogue(language).gettext
    at = wall(kept.printed_at)
    title = kept.title or kept.document.name or _("Without a title")
    if kept.partial:
        title = _("%(title)s (not whole)") % {"title": title}
    when = f"{at:%d/%m %H:%M}" if dated else f"{at:%H:%M}"
    bookmark = f"{at:%Y-%m-%d %H:%M} {title}" if dated else f"{at:%H:%M} {title}"
    small = f"SHA-256 {kept.document.digest} · " + _("No. %(number)s") % {"number": kept.id}
    return Leaf(bookmark, when, title, kept.origin.user, small)


def _night_facts(view: NightView, words: NightWords, wall: Wall) -> list[tuple[str, str]]:
    _, said = catalogue(words.language).gettext, view.said
    values = {"begins": words.moment(wall(view.begins)), "ends": words.moment(wall(view.ends))}
    facts = [(_("Business date"), _("%(begins)s to %(ends)s") % values)]
    facts.append((_("Documents"), str(len(view.documents))))
    facts.append((_("Expected reports"), _standing(view, words)))
    if said.signed_at is not None:
        who = {"who": said.signed_by, "when": words.moment(wall(said.signed_at))}
        signed = _("%(who)s, %(when)s") % who
        if view.unread:
            signed += " · " + _("documents that came after that: %(num)d") % {"num": len(view.unread)}
        facts.append((_("Signed"), signed))
    else:
        facts.append((_("Signed"), _("not yet")))
    return facts


def _standing(view: NightView, words: NightWords) -> str:
    """How it is with the expected reports, in one sentence."""
    translations, audit = catalogue(words.language), view.audit
    _, ngettext = translations.gettext, translations.ngettext
    if not audit.reports:
        return _("No report is expected")
    if audit.missing:
        values = {"num": audit.missing, "all": len(audit.reports)}
        return ngettext("%(num)d of %(all)d missing", "%(num)d of %(all)d missing", audit.missing) % values
    if audit.complete:
        return _("All %(num)d are there") % {"num": len(audit.reports)}
    return _("The night is under way")


def _cover(
    heading: str,
    house: str,
    facts: list[tuple[str, str]],
    language: str,
    note: str = "",
    checks: Sequence[Line] = (),
) -> Cover:
    _ = catalogue(language).gettext
    return Cover(
        heading=heading,
        house=house,
        facts=facts,
        note_heading=_("Note"),
        note=note,
        checks_heading=_("Expected reports"),
        checks=list(checks),
        documents_heading=_("Documents"),
        columns=(_("Time"), _("Document"), _("By"), _("Pages"), _("On page")),
        foot=f"{house} · {heading}",
        language=language,
        troubles={
            BROKEN: _("This document cannot be shown here. Its bytes are in the archive, as they came."),
            CHANGED: _("The bytes on disk are not those that were kept: check the archive."),
            LOCKED: _("This document opens with a password only."),
            LONG: _("This document has too many pages for one PDF."),
        },
    )
