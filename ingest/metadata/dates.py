"""When a page was published: stated on it, or inferred from its first sentence and the years around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice, pairwise
from typing import Literal

from ingest.clean.boilerplate import is_prose
from lang.bureaus import is_body
from lang.sentences import split_sentences

_DIGITS = str.maketrans("〇○Ｏ零一二三四五六七八九", "000" + "0123456789")
_YEAR = "[〇○Ｏ零一二三四五六七八九]{4}"
_HANZI_DATE = re.compile(
    rf"(?P<year>{_YEAR})年(?P<month>十[一二]?|[一二三四五六七八九])月"
    r"(?P<day>三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])日"
)
_DATE = re.compile(
    r"(?<!\d)(20\d\d|19\d\d)\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})\s*日?(?!\d)"
    r"|(?<!\d)((?:20|19)\d\d)(\d\d)(\d\d)(?!\d)"
)
_ISO_TIME = re.compile(r"(?<=\d)T(?=\d\d:)")
_MONTH_DAY = re.compile(r"(?<![\d年])(\d{1,2})月(\d{1,2})日(?!\s*(?:前|之前|以前|起|止|至|到|—|-|～|~))")
_SHORT = re.compile(r"(?<![\d./-])(\d{1,2})[-/](\d{1,2})(?=\s+\d{1,2}:\d\d)")
_LABEL = re.compile(r"(?<![\u4e00-\u9fff])(?:(?:发布|发表|刊发|成文|更新|印发|发文)(?:时间|日期)\s*[:：]|发布于)\s*")
# In the text 时间 and 日期 alone are an event's.
_BARE_LABEL = re.compile(r"(?<![\u4e00-\u9fff])(?:时间|日期)\s*[:：]\s*")
_OPENING_STAMP = re.compile(r"^[\[【（(]?\s*(?:20|19)\d\d[-年/.]\d{1,2}[-月/.]\d{1,2}日?[T\s]+\d{1,2}:\d\d")
_NOT_PAST = re.compile(r"(?:截至|截止|截止到|到|至|自|从|于|定于|拟于|将于|计划|预计|去年|上年|昨年|明年|—|-|~|～)\s*$")
_FOR_YEAR = re.compile(r"(20\d\d)年?度")
_LOOKING_BACK = re.compile("总结|考核|述职|表彰|决算|年报|回顾|通报")
_COPYRIGHT = re.compile(r"(?:©|Copyright|版权所有)\D{0,20}(?:20\d\d\s*[-—~至]\s*)?(20\d\d)", re.I)
_MAX_STAMP, _MAX_LINE = 60, 200
_FIRST_WEB_YEAR, _NEWS_DAYS, _MAX_TRIED = 1995, 90, 10

Found = tuple[str, Literal["stated", "inferred", ""]]


def find_date(head: list[str], lines: list[str], body: str) -> Found:
    """The page's date, as ISO, and where it is from; empty strings where there is none.

    Stated is a labelled date anywhere, a full date in the head, or a full date under a signature. A month
    and day in those places, and failing these the date in the text's first sentence, is inferred: an event
    is reported within days, so its date is the earliest that the page can have, and near it. Other dates of
    the text are its matter, and never the page's.
    """
    stated = _labelled(lines, head) or next((d for d in map(iso, head) if d), "") or _signed(lines) or _opening(lines)
    if stated:
        return stated, "stated"
    lead = _lead(body)
    for line in islice(_with_month_and_day(head, lines), _MAX_TRIED):
        inferred = _with_year(line, "", head, lines, body)
        if inferred:
            return inferred, "inferred"
    found = _in_lead(lead, body) or _with_year(lead, lead, head, lines, body)
    return (found, "inferred") if found else ("", "")


def iso(text: str) -> str:
    """The first full date in the text as ISO, or an empty string where there is none that exists.

    >>> iso("二〇二四年四月十五日"), iso("2024-04-15T08:00"), iso("2024年4月")
    ('2024-04-15', '2024-04-15', '')
    """
    hanzi = _HANZI_DATE.search(text)
    if hanzi:
        return _real(int(hanzi["year"].translate(_DIGITS)), _number(hanzi["month"]), _number(hanzi["day"]))
    match = _DATE.search(_ISO_TIME.sub(" ", text))
    return _real(*map(int, filter(None, match.groups()))) if match else ""


def _number(hanzi: str) -> int:
    """十五 is 15, up to 三十一."""
    tens, ten, ones = hanzi.rpartition("十")
    digits = [int(part.translate(_DIGITS)) if part else 0 for part in (tens, ones)]
    return (digits[0] or 1) * 10 + digits[1] if ten else digits[1]


def _real(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _labelled(lines: list[str], head: list[str]) -> str:
    labels = [m for line in lines if len(line) <= _MAX_LINE for m in _LABEL.finditer(line)]
    labels += [m for line in head if (m := _BARE_LABEL.search(line))]
    found = (_DATE.match(m.string, m.end()) or _HANZI_DATE.match(m.string, m.end()) for m in labels)
    return next((d for m in found if m and (d := iso(m[0]))), "")


def _opening(lines: list[str]) -> str:
    """A date with its time of day at the very beginning, where a record's head was run into its text."""
    stamp = _OPENING_STAMP.match(lines[0]) if lines else None
    return iso(stamp[0]) if stamp else ""


def _signed(lines: list[str]) -> str:
    """The date on a line of its own under a body's name: a notice's date of issue."""
    for above, line in pairwise(lines):
        if len(line) <= 16 and is_body(above) and (found := iso(line)):
            return found
    return ""


def _lead(body: str) -> str:
    """The first sentence of the first paragraph."""
    first = next((line for line in body.splitlines() if is_prose(line)), "")
    return next((first[a:b] for a, b in split_sentences(first)), "")


def _is_past(text: str, found: re.Match[str]) -> bool:
    """Whether a date is that of an event: none of 截至, 将于 and the like stands before it."""
    return not _NOT_PAST.search(text[max(0, found.start() - 6) : found.start()])


def _in_lead(lead: str, body: str) -> str:
    """The one full date of the first sentence, unless it is old: the text has a date months after it."""
    dates = {d for m in _DATE.finditer(lead) if _is_past(lead, m) and (d := iso(m[0]))}
    if len(dates) != 1:
        return ""
    found = date.fromisoformat(dates.pop())
    others = (date.fromisoformat(d) for m in _DATE.finditer(body) if (d := iso(m[0])))
    past = found.year < _FIRST_WEB_YEAR or any((other - found).days > _NEWS_DAYS for other in others)
    return "" if past else found.isoformat()


def _with_month_and_day(head: list[str], lines: list[str]) -> Iterator[str]:
    """Labelled times anywhere, then the lines of the head: 发布时间：04-15 08:20."""
    for line in lines:
        label = _LABEL.search(line)
        if label and len(line) <= _MAX_LINE:
            yield line[label.end() :]
    yield from (line for line in head if len(line) <= _MAX_STAMP and (_SHORT.search(line) or "发布" in line))


def _with_year(text: str, lead: str, head: list[str], lines: list[str], body: str) -> str:
    """The one month and day that the text names, in the year that the page gives for it."""
    found = {(int(m[1]), int(m[2])) for m in _month_days(text)}
    if len(found) != 1:
        return ""
    month, day = found.pop()
    year = _year(month, day, f"{lead}{''.join(head)}", lines, body)
    return _real(year, month, day) if year else ""


def _month_days(text: str) -> Iterator[re.Match[str]]:
    yield from (m for m in _MONTH_DAY.finditer(text) if _is_past(text, m))
    yield from _SHORT.finditer(text)


def _year(month: int, day: int, near: str, lines: list[str], body: str) -> int:
    """The year of a month and day; 0 where the page's signs for it differ, or there are none.

    The times on the page outside its text (of recommended pages, say) and 2024年度 beside the date are good
    signs, the year of the copyright a weak one, heard when there is no other.
    """
    good = {y for stamp in _stamps(lines, body) if (y := _last_before(month, day, stamp))}
    good |= {int(y) for y in _FOR_YEAR.findall(near) if _same_year(month, near)}
    weak = {int(y) for line in lines for y in _COPYRIGHT.findall(line[: 4 * _MAX_STAMP])}
    signs = good or weak
    return signs.pop() if len(signs) == 1 else 0


def _same_year(month: int, near: str) -> bool:
    """Whether 2024年度 beside a date is the date's year: early in a year one looks back, late in it ahead."""
    return 3 < month < 11 or (month <= 3 and not _LOOKING_BACK.search(near))


def _stamps(lines: list[str], body: str) -> Iterable[date]:
    """Full dates in short lines that are not the body's."""
    own = {line.strip() for line in body.splitlines()}
    found = (iso(line) for line in lines if len(line) <= _MAX_STAMP and line not in own)
    return [date.fromisoformat(d) for d in found if d]


def _last_before(month: int, day: int, stamp: date) -> int:
    """The year in which that day last came before a time on the page, the day itself counted; 0 for no such day."""
    years = (y for y in range(stamp.year, stamp.year - 5, -1) if _real(y, month, day))
    return next((y for y in years if date(y, month, day) <= stamp + timedelta(days=1)), 0)
