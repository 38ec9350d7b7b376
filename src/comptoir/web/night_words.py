"""What is said of nights and their reports, on pages and in the pack: words, shapes, sentences. It decides nothing."""

from __future__ import annotations

from datetime import date, datetime
from gettext import NullTranslations
from typing import Final, Literal

from comptoir.core.night import Check, Checked, Report
from comptoir.web.locale import catalogue, dated, msgid
from comptoir.web.night_desk import NightLine, NightState
from comptoir.web.words import Word

CHECKS: Final[dict[Check, Word]] = {
    "present": Word(msgid("Present"), "check", "done"),
    "late": Word(msgid("Late"), "clock", "wait"),
    "few": Word(msgid("Not all copies"), "cross", "bad"),
    "twice": Word(msgid("Printed too often"), "list", "wait"),
    "missing": Word(msgid("Missing"), "cross", "bad"),
    "awaited": Word(msgid("Awaited"), "hourglass", "off"),
}
NIGHTS: Final[dict[NightState, Word]] = {
    "running": Word(msgid("Under way"), "hourglass", "go"),
    "complete": Word(msgid("Complete"), "check", "done"),
    "incomplete": Word(msgid("Incomplete"), "cross", "bad"),
    "unexpected": Word(msgid("Nothing expected"), "dash", "off"),
    "empty": Word(msgid("Nothing printed"), "dash", "off"),
}
#: how a day is told: as a heading; in a sentence; in a narrow list
Form = Literal["heading", "day", "short"]
_FORMS: Final[dict[str, dict[Form, str]]] = {
    "fr": {"heading": "EEEE d MMMM y", "day": "EEEE d MMMM", "short": "EEE d"},
    "en": {"heading": "EEEE, d MMMM y", "day": "EEEE, d MMMM", "short": "EEE d"},
}


class NightWords:
    """The same in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        found: NullTranslations = catalogue(language)
        self._, self.ngettext = found.gettext, found.ngettext

    def check(self, state: Check) -> Word:
        return self._word(CHECKS[state])

    def night(self, line: NightLine) -> Word:
        """The state of a night; where reports are missing, how many."""
        word = NIGHTS[line.state]
        if not line.missing:
            return self._word(word)
        text = self.ngettext("%(num)d missing", "%(num)d missing", line.missing) % {"num": line.missing}
        return Word(text, "cross", "bad")

    def day(self, day: date | datetime, form: Form = "day") -> str:
        """A date in words."""
        from babel.dates import format_date  # noqa: PLC0415 - a service is up sooner without

        text = format_date(day, _FORMS.get(self.language, _FORMS["en"])[form], locale=self.language)
        return dated(text, self.language)

    def weekday(self, number: int, width: Literal["abbreviated", "wide"] = "abbreviated") -> str:
        """The name of a day of the week, Monday is 0."""
        from babel.dates import get_day_names  # noqa: PLC0415 - as above

        return str(get_day_names(width, locale=self.language)[number])

    def month(self, day: date) -> str:
        from babel.dates import format_date  # noqa: PLC0415 - as above

        text = format_date(day, "LLLL y", locale=self.language)
        return text[:1].upper() + text[1:]

    def title(self, day: date) -> str:
        """Night of Friday, 20 November 2026."""
        return self._("Night of %(day)s") % {"day": self.day(day, "heading")}

    def moment(self, at: datetime) -> str:
        """A moment on the clock on the wall, with its day."""
        return self._("%(day)s at %(time)s") % {"day": self.day(at), "time": f"{at:%H:%M}"}

    def said(self, checked: Checked) -> str:
        """What is to be known of a report besides its name and its state."""
        by, copies = f"{checked.due:%H:%M}", checked.report.copies or 1
        times = self.times(checked.copies)
        if checked.state in ("missing", "awaited") and not checked.prints:
            return self._("expected by %(time)s") % {"time": by}
        first = f"{checked.prints[0].at:%H:%M}"
        if checked.state == "late":
            return self._("came at %(time)s, expected by %(by)s") % {"time": first, "by": by}
        if checked.state in ("few", "awaited", "twice"):
            return self._("printed %(times)s, expected %(wanted)s") % {"times": times, "wanted": self.times(copies)}
        return first if checked.copies == 1 else f"{first}, {times}"

    def times(self, count: int) -> str:
        return self._("once") if count == 1 else self._("%(num)d times") % {"num": count}

    def why(self, report: Report) -> str:
        """Why it is expected."""
        if report.pattern:
            return self._("written down in the settings")
        values = {"came": report.came, "num": report.of}
        return self._("came on %(came)d of the last %(num)d nights") % values

    def _word(self, word: Word) -> Word:
        return Word(self._(word.word), word.shape, word.tone)
