"""Dates, names and numbers found by pattern: "name: FAC-([0-9]+)", "text: Total ([0-9 ,]+)". Pure.

A pattern is a regular expression that an owner writes, and what it searches is what strangers send. Expressions whose
time can explode are refused, and only a part of a long text is searched: nothing can interrupt Python's `re`, and
everything else stands still meanwhile.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from comptoir.core.template import FIELDS

Where = Literal["name", "path", "text"]

LONGEST: Final = 300  # letters of a pattern
#: letters of a text that are searched: from its beginning and, where totals stand, from its end
HEAD: Final = 14_000
TAIL: Final = 6_000
LINE: Final = 200  # letters of a line: what follows is on a line of its own
#: repetitions in a row that can share what they match; one that goes beyond the end of a line counts as two
MOST_SHARED: Final = 2
#: what may be there or not, and groups of alternatives: each can double the time
MOST_CHOICES: Final = 10
_OPTIONAL: Final = frozenset({"?", "{0,1}", "{,1}"})
#: letters that stand for all
_SAMPLE: Final = frozenset(map(chr, range(1, 256))) | frozenset("€œŒ’…漢я")
_SPACES: Final = frozenset(letter for letter in _SAMPLE if letter.isspace())
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,31}")
_TEXT: Final = re.compile(r"\s*([a-z]+)\s*:\s*(.*)", re.DOTALL)
#: what stands in an expression: a class, an escape, the beginning of a group, its end, a repetition, an alternative
_TOKEN: Final = re.compile(
    r"(?P<note>\(\?(?:[#].*?|[aiLmsux]+)\))|(?P<one>\[\^?\]?(?:\\.|[^\]\\])*\]|\\.)|(?P<open>\((?:\?(?:P<\w+>|[:=!]|<[=!]|[aiLmsux-]+:))?)"
    r"|(?P<close>\))|(?P<times>[*+?]|\{[0-9]*,?[0-9]*\})|(?P<or>\|)|(?P<letter>.)",
    re.DOTALL,
)


class WrongPattern(ValueError):
    """The text is no pattern that can be used. Its words say why."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Where to look, and for what."""

    where: Where
    expression: re.Pattern[str]

    def found(self, name: str, text: str) -> dict[str, str]:
        """What it finds: its first group, or all of it, under `name`, and every group that has a name."""
        found = self.expression.search(text)
        if found is None:
            return {}
        groups = {key: (value or "").strip() for key, value in found.groupdict().items()}
        first = found[1] if self.expression.groups else found[0]
        return groups | {name: groups.get(name, (first or "").strip())}


def pattern(name: str, text: str) -> Pattern:
    """The pattern of a field. Raises WrongPattern."""
    if not _NAME.fullmatch(name):
        raise WrongPattern(f"“{name}” is no name of a field: letters without accents, digits and _")
    parts = _TEXT.fullmatch(text)
    if parts is None or parts[1] not in get_args(Where):
        raise WrongPattern(f"{name}: expected where to look, and an expression: name: …, path: …, or text: …")
    expression = _compiled(name, parts[2])
    taken = sorted({name, *expression.groupindex} & FIELDS.keys())
    if taken:
        raise WrongPattern(f"{{{taken[0]}}} is a field already: choose another name")
    where: Where = parts[1]  # type: ignore[assignment]
    return Pattern(where, expression)


def patterns(texts: Mapping[str, str]) -> dict[str, Pattern]:
    """All of a destination's. Raises WrongPattern."""
    return {name: pattern(name, text) for name, text in texts.items()}


def names_of(known: Mapping[str, Pattern]) -> frozenset[str]:
    """The fields that they may find."""
    return frozenset(known) | {group for one in known.values() for group in one.expression.groupindex}


def extracted(known: Mapping[str, Pattern], fields: Mapping[str, str], text: str) -> dict[str, str]:
    """The fields with what the patterns find in them and in the document's text; what is not found is empty."""
    places: Mapping[Where, str] = {
        "name": fields.get("file", ""),
        "path": fields.get("path", ""),
        "text": searched(text),
    }
    result = {**dict.fromkeys(names_of(known), ""), **fields}
    for name, one in known.items():
        result |= one.found(name, places[one.where])
    return result


def searched(text: str) -> str:
    """The part of a text that is searched: spaces single, lines short."""
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}\n{text[-TAIL:]}"
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in text.splitlines())
    return "\n".join(line[at : at + LINE] for line in lines if line for at in range(0, len(line), LINE))


# -- expressions that cannot explode ----------------------------------------------------------------------------------


def _compiled(name: str, text: str) -> re.Pattern[str]:
    if not text or len(text) > LONGEST:
        raise WrongPattern(f"{name}: an expression has 1 to {LONGEST} letters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what will mean something else one day
            expression = re.compile(text)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        raise WrongPattern(f"{name}: {error}") from None
    if re.search(r"\\[1-9]|\(\?P=|\(\?\(", text):
        raise WrongPattern(f"{name}: an expression must not refer to its own groups")
    if _explodes(text):
        raise WrongPattern(f"{name}: what is repeated must hold no repetition and no alternative: its time can explode")
    if re.search(r"\(\?[aiLmsux-]+:", text):
        raise WrongPattern(
            f"{name}: an expression must not say (?i) and the like of a part of it, only at its beginning"
        )
    if _choices(text) > MOST_CHOICES:
        raise WrongPattern(f"{name}: an expression must not leave more than {MOST_CHOICES} choices: (a|b), a?")
    if expression.flags & re.VERBOSE:
        raise WrongPattern(f"{name}: verbose expressions are not known here")
    if _drags(text, expression.flags):
        raise WrongPattern(f"{name}: several repetitions in a row match the same; put between them what stands there")
    return expression


def _explodes(text: str) -> bool:
    """Whether something is repeated that can match the same text in several ways: (a+)*, (a|a)*."""
    inside = [False]
    closed = False  # what stands right before is a group that varies
    for token in _TOKEN.finditer(text):
        if token["times"]:
            repeats = token["times"] not in _OPTIONAL | {"{1}"}
            if closed and repeats:
                return True
            inside[-1] = inside[-1] or not re.fullmatch(r"\{[0-9]+\}", token["times"])
            continue  # a? after it is part of it, or of what comes before
        closed = False
        if token["open"]:
            inside.append(False)
        elif token["close"] and len(inside) > 1:
            closed = inside.pop()
            inside[-1] = inside[-1] or closed
        elif token["or"]:
            inside[-1] = True
    return False


def _choices(text: str) -> int:
    """How often there is more than one way on."""
    found, alternatives, before = 0, [False], False
    for token in _TOKEN.finditer(text):
        if token["open"]:
            alternatives.append(False)
        elif token["close"] and len(alternatives) > 1:
            found += alternatives.pop()
        elif token["or"]:
            alternatives[-1] = True
        elif token["times"] in _OPTIONAL and not before:  # a second one only makes it lazy
            found += 1
        before = token["times"] is not None
    return found + sum(alternatives)


def _drags(text: str, flags: int) -> bool:
    """Whether so many repetitions share what they match that a long text takes minutes: a+a+a+, [^a]+[^b]+.

    White space is shared by any: in what is searched there is never more than one.
    """
    reach: frozenset[str] = frozenset()
    shared = 0
    for letters, least, most in _atoms(text, flags):
        if most > 1 and least != most:
            weight = 2 if "\n" in letters and letters - _SPACES else 1
            overlaps = bool((letters & reach) - _SPACES)
            shared = shared + weight if overlaps else max(shared * (least == 0), weight)
            reach = letters | reach if overlaps or least == 0 else letters
            if shared > MOST_SHARED:
                return True
        elif least and not letters & reach:
            reach, shared = frozenset(), 0
    return False


def _atoms(text: str, flags: int) -> Iterator[tuple[frozenset[str], int, int]]:
    """What matches one letter each: which letters, how often at least and at most. Groups are seen through."""
    tokens = [token for token in _TOKEN.finditer(text) if not token["note"]]
    times = [_bounds(after["times"] if after["times"] else "{1}") for after in tokens[1:]] + [(1, 1)]
    repeated = _in_repeated_groups(tokens, times)
    for at, token in enumerate(tokens):
        if source := token["one"] or token["letter"]:
            least, most = (0, LONGEST) if at in repeated else times[at]
            yield _letters(source, flags), least, most


def _in_repeated_groups(tokens: Sequence[re.Match[str]], times: Sequence[tuple[int, int]]) -> frozenset[int]:
    """The tokens in groups that are repeated: (a)* is as a* is."""
    inside: set[int] = set()
    starts: list[int] = []
    for at, token in enumerate(tokens):
        if token["open"]:
            starts.append(at)
        elif token["close"] and starts:
            start, (least, most) = starts.pop(), times[at]
            if most > 1 and least != most:
                inside.update(range(start, at))
    return frozenset(inside)


def _letters(source: str, flags: int) -> frozenset[str]:
    if source in ("^", "$", r"\b", r"\B", r"\A", r"\Z"):
        return _SAMPLE  # it stands between letters and keeps none apart
    one = re.compile(source if len(source) > 1 or source == "." else re.escape(source), flags)
    return frozenset(filter(one.fullmatch, _SAMPLE))


def _bounds(times: str) -> tuple[int, int]:
    endless = LONGEST
    if times in ("*", "+", "?"):
        return int(times == "+"), 1 if times == "?" else endless
    least, comma, most = times.strip("{}").partition(",")
    return int(least or 0), int(most or endless) if comma else int(least or 0)
