"""Dates and spans of the calendar in Chinese and English text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_DIGITS = "〇零一二三四五六七八九"
_ZH_SMALL = {**{c: i for i, c in enumerate("零一二三四五六七八九")}, "〇": 0, "十": 10}
MONTHS = "January February March April May June July August September October November December".split()
"""In English."""
_MONTHS = [name.lower() for name in MONTHS]
_NAME = r"(?P<name>(?i:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?|(?i:" + "|".join(_MONTHS) + r"))(?![A-Za-z])"
_YEAR = r"(?:19|20)\d\d"
YEAR = re.compile(
    rf"(?<!\d){_YEAR}(?!\d|\s?[多余]?(?:[万亿元亩吨台套辆件座]|名(?!单|录)|人(?!才|工|民|均)|家(?![电具])|个(?!人)|项(?!目)|平方"
    r"|公[里顷]))"
)
"""A year in figures; 2000万元 and 2000名 are amounts."""
_RELATIVE = {
    "今年": 0, "本年": 0, "当年": 0, "去年": -1, "上年": -1, "上一年": -1, "前年": -2, "明年": 1, "后年": 2, "来年": 1,
    "this year": 0, "last year": -1, "previous year": -1, "next year": 1, "the current year": 0, "coming year": 1,
}  # fmt: skip
_NUMERAL = r"\d{1,2}|三?二?十[一二三四五六七八九]?|[二三]十[一二三四五六七八九]?|[一二三四五六七八九]"
_ZH = re.compile(
    rf"(?:(?P<year>(?<!\d){_YEAR}|[一二][{_DIGITS}]{{3}}) ?年度?|(?P<rel>今年|本年|当年|去年|上年(?!度?末?同期)"
    rf"|上一年|前年(?!度)|明年|后年|来年))?"
    rf"(?:[的 ，]?(?P<half>[上下])半年|[的 ]?(?:(?P<first>前)?第?(?P<quarter>[一二三四1-4])(?:个)?季度)"
    rf"|[的 ]?(?P<month>{_NUMERAL}) ?月份?(?![度均])(?:[的 ]?(?P<day>{_NUMERAL}) ?[日号])?)?"
)
_FIRST_OF_SPAN = re.compile(rf"(?<!\d)(?P<year>{_YEAR})(?=\s?(?:[-—–~～至到]|至|到){{1,2}}\s?{_YEAR}\s?年)")
# 5月17日至18日, 17 and 18 May: the other day has the month of the one that names it.
_LAST_OF_DAYS = re.compile(r"(?<=[日号])(?:至|到|[-—–~～、])(?P<day>\d{1,2})(?=[日号])")
_FIRST_OF_DAYS = re.compile(
    rf"(?<![\d,.])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s?(?:and|to|[-–&])\s?(?=\d{{1,2}}(?:st|nd|rd|th)?\s{_NAME})"
)
_ISO = re.compile(rf"(?<!\d)(?P<year>{_YEAR})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})(?!\d)")
_DAY_EN = re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?{_NAME}(?:,?\s(?P<year>{_YEAR}))?")
_MONTH_DAY = re.compile(
    rf"(?<![A-Za-z]){_NAME}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d,.]*\d|%)(?:,?\s(?P<year>{_YEAR}))?"
)
_MONTH_EN = re.compile(rf"(?<![A-Za-z]){_NAME},?\s(?:of\s)?(?P<year>{_YEAR})(?!\d)")
_MONTH_ALONE = re.compile(
    rf"(?i:\b(?:in|by|since|until|of|from|to|last|this|early|late|mid|during|through|and|for)[\s-]){_NAME}"
)
_OF_YEAR = rf"(?:\s(?:of|in)(?:\sthe\syear)?)?(?:,?\s(?P<year>{_YEAR})|\s(?P<rel>this year|last year|next year))?"
_HALF_EN = re.compile(
    rf"(?i:\b(?P<half>first|second)[\s-]half{_OF_YEAR}"
    rf"|\b(?P<h>H[12])\b{_OF_YEAR.replace('year>', 'y2>').replace('rel>', 'r2>')})"
)
_QUARTER_EN = re.compile(rf"(?i:\b(?:(?P<quarter>first|second|third|fourth|last)[\s-]quarter|Q(?P<q>[1-4])){_OF_YEAR})")
_QUARTERS = " 一二三四"
_FIRST = 10  # 前三季度 is quarter 13: all of them to the third
_QUARTERS_EN = re.compile(rf"(?i:\bfirst (?P<n>two|three) quarters{_OF_YEAR})")
_RELATIVE_EN = re.compile(r"(?i:\b(?:this|last|next|the previous|previous|the current|the coming|coming) year\b)")
# 2024 enterprises is a number; what a year is followed by is a verb, a mark or a word of plans.
_COUNTED = re.compile(
    r"\s(?:[a-z-]+\s){0,2}?(?:enterprises|firms|companies|patents|people|projects|households|jobs|units|items|SMEs"
    r"|mu|km"
    r"|hectares|tonnes|tons|researchers|talents|students|visitors|farmers|yuan|million|billion)\b",
    re.I,
)
_PREPOSITION = re.compile(r"\b(?:in|by|of|since|for|until|from|to|during|year|before|after|than|through|over)\s$", re.I)
_YEAR_EN = re.compile(rf"(?<![\d,.A-Za-z¥$€])(?<!RMB )(?<!CNY )(?P<year>{_YEAR})(?![\d,]*\d|\.\d|%|\s?[\u4e00-\u9fff])")
_ORDER = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}


@dataclass(frozen=True, slots=True)
class Date:
    """A point or span of the calendar, ``text[start:end]``; what it leaves open is 0.

    ``relative`` counts years from the year of writing, where that is all the text says (今年 is 0); else None.
    """

    start: int
    end: int
    year: int = 0
    half: int = 0
    quarter: int = 0
    month: int = 0
    day: int = 0
    relative: int | None = None


def find_dates(text: str, published: str = "") -> list[Date]:
    """The dates of a text, in order and apart.

    Args:
        text: Chinese or English.
        published: ``2025-02-06``, for 今年 and for dates without a year; empty where it is not known.

    >>> [(d.year, d.month, d.day) for d in find_dates("2025年3月5日, or 5 March 2025, or 2025-03-05")]
    [(2025, 3, 5), (2025, 3, 5), (2025, 3, 5)]
    """
    found: list[Date] = []
    for date in sorted(_all(text), key=lambda d: (d.start, -d.end)):
        if not found or date.start >= found[-1].end:
            found.append(date)
    return list(_dated(found, int(published[:4]) if published[:4].isdigit() else 0))


def english_date(iso: str) -> str:
    """A date as prose has it.

    >>> english_date("2024-04-15"), english_date("2024-04"), english_date("")
    ('15 April 2024', 'April 2024', '')
    """
    if not iso:
        return ""
    year, month, day = (*iso.split("-"), "", "")[:3]
    return " ".join(filter(None, [day.lstrip("0"), MONTHS[int(month) - 1] if month else "", year]))


def chinese_date(d: Date) -> str:
    """A date as Chinese prose has it; empty of one that only counts from the year of writing.

    >>> [chinese_date(d) for d in find_dates("15 April 2024, the first three quarters of 2025, H1 2026, in 2027")]
    ['2024年4月15日', '2025年前三季度', '2026年上半年', '2027年']
    """
    year = f"{d.year}年" if d.year else ""
    half = ("", "上半年", "下半年")[d.half]
    quarter = f"前{_QUARTERS[d.quarter - _FIRST]}季度" if d.quarter > _FIRST else f"第{_QUARTERS[d.quarter]}季度"
    month = f"{d.month}月" if d.month else ""
    return f"{year}{half}{quarter if d.quarter else ''}{month}{f'{d.day}日' if d.day else ''}"


def agree(claimed: Date, written: Date) -> bool:
    """Whether what is claimed follows from what is written: 2025 does from 5 March 2025, not the reverse."""
    if claimed.year and written.year:
        same = claimed.year == written.year
    elif claimed.relative is not None and written.relative is not None:
        same = claimed.relative == written.relative
    else:
        same = not claimed.year or claimed.month > 0 or claimed.quarter > 0 or claimed.half > 0
    parts = ((claimed.half, _half(written)), (claimed.quarter, _quarter(written)), (claimed.month, written.month))
    return same and all(a in (0, b) for a, b in (*parts, (claimed.day, written.day)))


def _half(d: Date) -> int:
    return d.half or (1 + (_quarter(d) > 2) if 0 < _quarter(d) < _FIRST else 0)


def _quarter(d: Date) -> int:
    return d.quarter or ((d.month + 2) // 3 if d.month else 0)


def _dated(found: list[Date], published: int) -> Iterator[Date]:
    """Relative years resolved, and dates without a year given that of the date before, else of publication."""
    last = month = 0
    for d in found:
        year = d.year
        month = d.month or month
        if not year and d.relative is not None and published:
            year = published + d.relative
        if not year and d.relative is None:
            year = last or published
        last = year or last
        yield replace(d, year=year, month=month if d.day else d.month)


def _all(text: str) -> Iterator[Date]:
    for m in _ZH.finditer(text):
        if m.group():
            yield _zh(m)
    for m in _FIRST_OF_SPAN.finditer(text):
        yield Date(*m.span(), year=int(m["year"]))
    for m in _ISO.finditer(text):
        if 1 <= int(m["month"]) <= 12 and 1 <= int(m["day"]) <= 31:
            yield Date(*m.span(), year=int(m["year"]), month=int(m["month"]), day=int(m["day"]))
    for m in _LAST_OF_DAYS.finditer(text):
        yield Date(m.start("day"), m.end() + 1, day=int(m["day"]))
    for m in _FIRST_OF_DAYS.finditer(text):
        yield Date(m.start("day"), m.end("day"), month=_month(m["name"]), day=int(m["day"]))
    for pattern in (_DAY_EN, _MONTH_DAY, _MONTH_EN):
        for m in pattern.finditer(text):
            parts = m.groupdict()
            day = int(parts.get("day") or 0)
            yield Date(*m.span(), year=int(parts["year"] or 0), month=_month(m["name"]), day=day)
    yield from _english(text)


def _english(text: str) -> Iterator[Date]:
    for m in _MONTH_ALONE.finditer(text):
        if m["name"][0].isupper():
            yield Date(m.start("name"), m.end(), month=_month(m["name"]))
    for m in _HALF_EN.finditer(text):
        half = _ORDER[m["half"].lower()] if m["half"] else int(m["h"][1])
        year, rel = m["year"] or m["y2"], m["rel"] or m["r2"]
        yield Date(*m.span(), year=int(year or 0), half=half, relative=_relative(rel))
    for m in _QUARTER_EN.finditer(text):
        quarter = _ORDER[m["quarter"].lower()] if m["quarter"] else int(m["q"])
        yield Date(*m.span(), year=int(m["year"] or 0), quarter=quarter, relative=_relative(m["rel"]))
    for m in _QUARTERS_EN.finditer(text):
        yield Date(*m.span(), year=int(m["year"] or 0), quarter=_FIRST + {"two": 2, "three": 3}[m["n"].lower()])
    for m in _RELATIVE_EN.finditer(text):
        yield Date(*m.span(), relative=_relative(m.group()))
    for m in _YEAR_EN.finditer(text):
        before = text[max(0, m.start() - 12) : m.start()]
        if _PREPOSITION.search(before) or not _COUNTED.match(text, m.end()):
            yield Date(*m.span(), year=int(m["year"]))


def _zh(m: re.Match[str]) -> Date:
    year = m["year"] or ""
    if year and not year.isdigit():
        year = "".join(str(_ZH_SMALL[c]) for c in year)
    half = {"上": 1, "下": 2}.get(m["half"] or "", 0)
    quarter = _small(m["quarter"]) if m["quarter"] else 0
    if m["first"]:
        quarter += _FIRST
    month, day = (_small(m[part]) if m[part] else 0 for part in ("month", "day"))
    return Date(*m.span(), int(year or 0), half, quarter, month, day, _relative(m["rel"]))


def _small(numeral: str) -> int:
    if numeral.isdigit():
        return int(numeral)
    tens, mark, ones = numeral.rpartition("十")
    return (_ZH_SMALL.get(tens, 1) * 10 if mark else 0) + (_ZH_SMALL[ones] if ones else 0)


def _relative(words: str | None) -> int | None:
    if not words:
        return None
    return _RELATIVE.get(words.lower().removeprefix("the ") if "current" not in words.lower() else "the current year")


def _month(name: str) -> int:
    return [m[:3] for m in _MONTHS].index(name[:3].lower()) + 1
