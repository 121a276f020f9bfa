"""Is a claim's time its quote's? The dates of a figure, and those that stand in a claim by themselves."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from lang.claims.frames import CLAUSE_END, LIST_MARK, Figure, Frame, is_inside
from lang.concepts import find_grades
from lang.dates import Date, agree, find_dates
from lang.dictionary import english_stems, stem
from lang.script import count_han, is_han

# A sum of all years since one is not that year's; 今年以来 is this year's so far.
_SINCE = re.compile(r"\s?年?[底初末]?(?:以来|至今|来(?=[，,的]))")
_SINCE_EN = re.compile(r"\bsince\s(?:the (?:start|beginning|end) of\s|early\s|late\s)?$", re.I)
_SPAN = re.compile(r"年?(?:至|到|[-—–~～]{1,2})")
_MONTHS_OF = re.compile(r"(?<!\d)1月?\s?(?:[-—–~～]{1,2}|[至到])\s?(\d{1,2})\s?月(?!\d)")
# What happens once is of the year, too: 2024年上半年举行的大赛.
_ONCE = re.compile(
    r"建成|投产|竣工|举[办行]|召开|开工|落成|发布|印发|\b(?:built|held|launched|opened|completed)\b", re.I
)
_WHOLE_YEAR = re.compile(
    r"全年|整年|\b(?:whole|full|entire)[ -](?:of )?(?:year|\d)|\bfull-year\b|\bthe whole of\b", re.I
)
_IN_ALL = re.compile("(?<![公中])共(?![建同享])|累计|合计|总计")
_FROM = re.compile(r"\b(?:since|from|after)\s(?:[a-z]+\s){0,4}$", re.I)
_OPENS = re.compile(r"\s?年?(?:以来|至今|起|开始|来)|\s(?:on(?:wards?)?|to)\b")
# What a day is of a thing: its first or its last.
_FIRST = re.compile(
    r"起|施行|生效|开始|启动|开幕|开放|\b(?:tak\w+ effect|took effect|effective|into (?:force|effect)|start\w*|begin\w*"
    r"|began|open\w*|launch\w*|from|since)\b",
    re.I,
)
_LAST = re.compile(
    r"截[止至]|为止|有效期|止|(?<![提以之])前(?!往)|之前|以前|闭幕"
    r"|\b(?:clos\w+|deadline|until|till|ends?|ended|ending|expir\w+|valid|by|before|no later|at the latest)\b",
    re.I,
)
# How much better another date's clause must fit before the claim's date counts as taken from there.
_MARGIN = 0.35
_TO, _TILL = re.compile(r"\s?(?:[至到]|[-—–~～]{1,2}|to\s)"), re.compile(r"(?:[至到]|[-—–~～]|\bto\s)$")
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*[A-Za-z]")


def date_differs(c: Figure, q: Figure, frame: Frame, source: Frame, question: str) -> bool:
    """Whether a claim's figure is of another time than its quote's; what leaves the time open agrees."""
    if c.bases and q.bases and not any(agree(a, b) for a in c.bases for b in q.bases):
        return True
    mine = c.dates or c.lead_dates[:1] or _asked_year(question)
    theirs = q.dates or _nearest(q, source)
    if not mine or not theirs:
        return False
    if q.crowded and q.dates:
        theirs = theirs[:1]
    if c.crowded and c.dates:
        mine = mine[:1]
    agreeing = [(a, b) for a in mine for b in theirs if agree(a, b) or (not a.year and not a.relative and agree(b, a))]
    told = bool(c.dates or c.lead_dates)
    whole = (told or _WHOLE_YEAR.search(question)) and not any(map(_parts, find_dates(question)))
    if (
        whole
        and agreeing
        and not _ONCE.search(q.own)
        and all(a.year and not _parts(a) and _is_part(b, source) for a, b in agreeing)
    ):
        return True
    return not agreeing or (told and all(_sums(b, q, source) and not _opens(a, frame) for a, b in agreeing))


def _parts(d: Date) -> int:
    return d.half or d.quarter or d.month or d.day


def _is_part(d: Date, source: Frame) -> bool:
    """Whether a date is the first months of a year, over which something is counted: 上半年, 前三季度, 1-7月."""
    months = _MONTHS_OF.search(source.text[max(0, d.start - 10) : d.end]) or _MONTHS_OF.match(source.text, d.end)
    return d.half == 1 or 10 < d.quarter < 14 or (months is not None and int(months[1]) < 12)


def lies_ahead(q: Figure, source: Frame) -> bool:
    """Whether a quote's figure is of a year after that of its article."""
    written = source.published[0].year if source.published else 0
    years = [d.year for d in (q.dates or q.lead_dates[:1]) if d.year]
    return bool(written and years) and min(years) > written


def _nearest(q: Figure, source: Frame) -> tuple[Date, ...]:
    """The date before a figure's stretch, or both of a span: 2021年至2024年由420件增至903件."""
    two = q.lead_dates[:2]
    spans = len(two) == 2 and _SPAN.fullmatch(source.text[two[1].end : two[0].start])
    return two if spans else two[:1]


def undated(frame: Frame, sources: Sequence[Frame]) -> list[Date]:
    """Dates of a claim that no source has, or that its source has for something else."""
    there = [d for s in sources for d in (*s.dates, *s.published)]
    found = []
    for d in frame.dates:
        holders = [s for s in sources if any(agree(d, other) for other in s.dates)]
        known = _is_open(d, there) or any(agree(d, other) for other in there)
        if not known or (holders and all(_is_anothers(d, frame, s) for s in holders)):
            found.append(d)
    return found


def _is_open(d: Date, there: Sequence[Date]) -> bool:
    """今年 of a source that gives no time at all says nothing that could be wrong."""
    return d.relative is not None and not there


def _asked_year(question: str) -> tuple[Date, ...]:
    """The year of a question that names one: an answer without a date is of it."""
    years = {d.year: d for d in find_dates(question) if d.year}
    return tuple(replace(d, half=0, quarter=0, month=0, day=0) for d in years.values()) if len(years) == 1 else ()


def is_of_first(c: Figure, q: Figure, source: Frame) -> bool:
    """Whether a claim tells what was before as of its own date: 2021年为420件, of 2021年至2024年由420件增至903件."""
    first = q.dates[:1] or sorted(_nearest(q, source), key=lambda d: d.start)[:1]
    return bool(c.dates and first) and agree(c.dates[0], first[0])


def _sums(d: Date, q: Figure, source: Frame) -> bool:
    """Whether a quote tells a sum of the time from or to a date: 2019年以来, 2022年至2024年共."""
    if len(_nearest(q, source)) == 2 and _IN_ALL.search(q.own):
        return True
    written = source.published[0].year if source.published else 0
    if d.relative == 0 or (written and d.year == written):
        return False
    return bool(_SINCE.match(source.text, d.end) or _SINCE_EN.search(source.text[max(0, d.start - 30) : d.start]))


def _opens(d: Date, frame: Frame) -> bool:
    return bool(_OPENS.match(frame.text, d.end) or _FROM.search(frame.text[max(0, d.start - 40) : d.start]))


# Dates by themselves ----------------------------------------------------------------------------


class _Dated(NamedTuple):
    """A date, and its clause without dates."""

    date: Date
    clause: str


def _is_anothers(d: Date, frame: Frame, source: Frame) -> bool:
    """Whether the words at a claim's day fit another day of the source better: closing, opening; online, on paper.

    Years are told with figures, which are compared by themselves.
    """
    mine = next((dated for dated in _clauses(frame) if dated.date is d), None)
    if not mine or not (d.month or d.half or d.quarter):
        return False
    dated = [other for other in _clauses(source) if other.date.month or other.date.half or other.date.quarter]
    meant, parts = find_grades(frame.text), [find_grades(_passage(source, o.date)) for o in dated if agree(d, o.date)]
    if meant and parts and all(part and not part & meant for part in parts):
        return True  # the second phase's
    if "#" in mine.clause:
        return False
    if all(_roles_fit(mine.clause, o.clause) < 0 for o in dated if agree(d, o.date)):
        return True
    here = [_fit(mine.clause, o.clause) for o in dated if agree(d, o.date)]
    elsewhere = [_fit(mine.clause, o.clause) for o in dated if not agree(d, o.date)]
    return bool(here and elsewhere) and max(elsewhere) > max(here) + _MARGIN


def _passage(source: Frame, d: Date) -> str:
    """What stands with a date between full stops and semicolons."""
    start = max(source.text.rfind(mark, 0, d.start) for mark in "。；;") + 1
    return re.split("[。；;]", source.text[start:])[0]


def _fit(mine: str, theirs: str) -> float:
    """How well the words of two dates' clauses fit, and whether both are a first day or a last one."""
    if count_han(mine) > 2:
        pairs = {a + b for a, b in pairwise(mine) if is_han(a) and is_han(b)}
        words = sum(pair in theirs for pair in pairs) / max(1, len(pairs))
    else:
        named, there = {stem(w) for w in _WORD.findall(mine.lower()) if len(w) > 3}, english_stems(theirs)
        words = len(named & there) / max(2, len(named))
    return words + 0.4 * _roles_fit(mine, theirs)


def _roles_fit(mine: str, theirs: str) -> int:
    roles = [{role for role in (_FIRST, _LAST) if role.search(text)} for text in (mine, theirs)]
    return 0 if not all(roles) else 1 if roles[0] & roles[1] else -1


def _clauses(frame: Frame) -> list[_Dated]:
    """Each date with its clause; of several in one clause, each with the words up to the next."""
    text, dates = frame.text, frame.dates
    marks = [m.span() for m in CLAUSE_END.finditer(text) if not is_inside(m.end(), dates)]
    begins, ends = [a for a, _ in marks], [b for _, b in marks]
    found = []
    for n, d in enumerate(dates):
        before, after = bisect_right(ends, d.start), bisect_left(begins, d.end)
        start = ends[before - 1] if before else 0
        end = begins[after] if after < len(begins) else len(text)
        if n and dates[n - 1].end > start:
            start = _cut(text, dates[n - 1].end, d.start)
        if n + 1 < len(dates) and dates[n + 1].start < end:
            end = _cut(text, d.end, dates[n + 1].start)
        role = " 起" if _TO.match(text, d.end) else " 止" if _TILL.search(text[: d.start][-4:]) else ""
        found.append(_Dated(d, f"{_part(frame, start, d.start)} {_part(frame, d.end, end)}{role}"))
    return found


def _cut(text: str, start: int, end: int) -> int:
    mark = LIST_MARK.search(text, start, end)
    return mark.start() if mark else start


def _part(frame: Frame, start: int, end: int) -> str:
    held = any(start <= f.start < end and f.kind != "ordinal" for f in frame.figures)
    return frame.text[start:end] + (" #" if held else "")
