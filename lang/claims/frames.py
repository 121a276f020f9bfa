"""Figures with what stands around them: whose they are, when, and whether planned or done."""

from __future__ import annotations

import itertools
import operator
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeVar

from lang.concepts import find_concepts
from lang.dates import Date, find_dates
from lang.places import Place, find_places
from lang.quantities import Bound, Kind, Quantity, find_quantities, states
from lang.quantities.bounds import find_bound
from lang.script import to_simplified
from lang.sentences import split_sentences

_START = operator.attrgetter("start")
_NEAR = 24  # stretches, dates and places before a figure that are looked at: a page may be one sentence of thousands
CLAUSE_END = re.compile(r"[，；：。！？（）]|[,;:](?=\s)|\n|(?<=\s)[—–-](?=\s)|——|[()]")
LIST_MARK = re.compile(
    r"、|以及|和|与|及(?!以上|以下)|并|其中|\b(?:and|while|plus|with|of which|as well as|compared|against|versus"
    r"|but|or)\b(?! (?:more|less|above|fewer|over|higher|below|lower|so|under|better))"
)
_RANGE = re.compile(r"\s?(?:[-–—~～―−]{1,2}|至|到|to|and)\s?(?:RMB|CNY|US|HK|CN)?\s?[¥$€]?\s?", re.I)
_NOT_RANGE = re.compile(r"(?:由|从|from|原)\s?\S{0,8}\s?$", re.I)
_CHANGE = re.compile(
    r"增|升|提|降|减|扩|\b(?:rise|rose|risen|grow|grew|grown|increas|expand|fell|fall|drop|cut|up"
    r"|down|climb|from|rais)",
    re.I,
)
_BY = re.compile(r"\bby\s$", re.I)
# What is compared with: 规上工业 of 增速比规上工业高5.2个百分点.
_BASES = re.compile(
    r"(?:比|较|相比于?|高于|低于|快于|慢于)[^，。；]{2,14}?(?=[高低快慢多少增减#]|提[高升]|[上下][升降]|$)"
)
_WITH, _COMPARED = re.compile(r"[与同和跟]$"), re.compile(r"年?末?底?相比")
_OWN = re.compile(r"年?的\s?[约近超]?\s?\d[\d.,]*(?!\d|倍)")  # 高于2020年的7.1%
_IS, _TIMES = re.compile(r"(?:是|为|相当于|\b(?:that|those) (?:of|in)\s)$"), re.compile(r"年?的.{1,6}倍|[,.]?$|[,.;]")
_RANKED_IN = re.compile(r"(?:[位排名]?[列居]|排名?|跻身)$")
_BASE = re.compile(
    r"(?:比|较|相比于?|同比|高于|低于|快于|慢于|高出|低出|超出)$"
    r"|\b(?:than|compared (?:with|to)|up from|down from|against)(?: (?:in|at|the))*\s?$",
    re.I,
)
# Bases that figures are counted against, and the names of plans and techniques.
_MASKED = re.compile(
    r"\bper (?:10,000|1,000|100,000|100|hundred|thousand|million|ten thousand)\b|\b(?:one|a) of\b"
    r"|\b(?:1\d|\d)th Five-Year\b|\bFive-Year\b|“?十[二三四五六]五”?|\b[1-9][GD]\b|\bCOVID-19\b|\bPM2\.5\b"
    r"|[1-9][GD](?![A-Za-z])|万人(?=均|口)|\b(?:first|second|third)[ -](?:class )?(?:prize|award|phase|tranche)s?\b"
    r"|\bphase (?:one|two|three|[1-3])\b|(?<!第)[一二三]期(?![间限])",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and its surroundings; of a range, ``upper`` is the upper end.

    ``own`` is the stretch that is about this figure, ``before`` and ``after`` its parts around it, figures as ``#``.
    ``lead`` are the stretches before it, the nearest first, ``trail`` those after it; ``shared`` opens its list (新增
    in 新增甲2家、乙3家).
    """

    value: Decimal
    upper: Decimal | None
    kind: Kind
    unit: str
    bound: Bound
    written: str
    start: int
    end: int
    before: str = ""
    after: str = ""
    shared: str = ""
    lead: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    dates: tuple[Date, ...] = ()
    lead_dates: tuple[Date, ...] = ()
    bases: tuple[Date, ...] = ()
    crowded: bool = False
    places: tuple[Place, ...] = ()
    lead_places: tuple[Place, ...] = ()
    raw_before: str = ""
    raw_after: str = ""

    @property
    def own(self) -> str:
        return f"{self.before} # {self.after}"


@dataclass(frozen=True, slots=True)
class Frame:
    """A text with its figures, dates and places; ``before`` is what stands before it in its article."""

    text: str
    figures: tuple[Figure, ...]
    dates: tuple[Date, ...]
    places: tuple[Place, ...]
    published: tuple[Date, ...] = ()
    city: str = ""
    title: str = ""
    before: str = ""


_Spanned = TypeVar("_Spanned", Figure, Date, Place)


@dataclass(slots=True)
class _Marked:
    text: str
    figures: list[Figure]
    dates: list[Date]
    places: list[Place]
    segments: list[tuple[int, int]] = field(default_factory=list)


def read_frame(text: str, published: str = "", city: str = "", title: str = "", known: tuple[str, ...] = ()) -> Frame:
    """A text with what it says of its figures.

    Args:
        text: a claim or a quote, in Chinese or English, without citation markers.
        published: the date of the article, ``2025-02-06``; empty where it is not known.
        city: whose article it is, in Chinese.
        title: of the article.
        known: cities besides the listed ones.
    """
    plain = to_simplified(text)
    marked = _Marked(plain, [], find_dates(plain, published), find_places(plain, known))
    marked.figures = list(_figures(plain, marked.dates))
    figures: list[Figure] = []
    earlier: tuple[str, ...] = ()
    for a, b in split_sentences(plain):
        inside = list(_placed(marked, a, b, earlier))
        figures += inside
        earlier = (_blank(marked, a, b), *earlier)[:3]
    day = tuple(find_dates(published)) if published else ()
    return Frame(plain, tuple(figures), tuple(marked.dates), tuple(marked.places), day, city, to_simplified(title))


def _figures(text: str, dates: Sequence[Date]) -> Iterator[Figure]:
    masked = [m.span() for m in _MASKED.finditer(text)] + [(d.start, d.end) for d in dates]
    found = [q for q in find_quantities(text) if not any(a < q.end and q.start < b for a, b in masked)]
    found = [q for q in found if _counts(text, q)]
    at = 0
    while at < len(found):
        q = found[at]
        following = found[at + 1] if at + 1 < len(found) else None
        if following and _is_range(text, q, following):
            yield _figure(text, q, following)
            at += 2
        else:
            yield _figure(text, q, None)
            at += 1


def _counts(text: str, q: Quantity) -> bool:
    if q.kind == "ordinal":
        return True
    if q.kind == "date" and (q.unit in ("month", "月", "日", "号") or q.value >= 1900):
        return False
    if text[q.end : q.end + 1].isascii() and text[q.end : q.end + 1].isalpha() and not q.unit:
        return q.value >= 100 and not text[q.end + 1 : q.end + 2].isalpha()  # 2500P, but not 5G and 3D
    return states(text, q)


def _is_range(text: str, a: Quantity, b: Quantity) -> bool:
    between, before = text[a.end : b.start], text[max(0, a.start - 24) : a.start]
    if not _RANGE.fullmatch(between) or not (
        a.kind == b.kind
        or (a.kind == "count" and not a.unit)
        or (a.kind == "money" and b.kind == "count" and not b.unit)
    ):
        return False
    if "and" in between.lower():
        return re.search(r"between\s?(?:RMB|CNY|US)?\s?[¥$€]?\s?$", before, re.I) is not None
    spoken = re.search("to|到|至", between) is not None
    if spoken and a.kind == "count" and _BY.search(before):
        return False  # rose by 186 to 1,024
    return a.value < b.value and not (spoken and _NOT_RANGE.search(before) and _CHANGE.search(text))


def _figure(text: str, q: Quantity, upper: Quantity | None) -> Figure:
    kind: Kind = "count" if q.kind == "date" else q.kind
    unit, end, value = q.unit, q.end, q.value
    bound, start, stop = find_bound(text, q)
    if upper:
        end = upper.end
        if q.kind != "money":
            kind, unit = ("count" if upper.kind == "date" else upper.kind), upper.unit
        bound, _, stop = find_bound(text, replace(upper, start=q.start))
    if re.search(r"\bNo\.\s?$|#$", text[: q.start][-5:]):
        kind = "ordinal"
    if kind == "multiple":
        value = _ratio(text, q)
    written = text[min(start, q.start) : max(stop, end)].strip()
    return Figure(value, upper.value if upper else None, kind, unit, bound, written, q.start, end)


def _ratio(text: str, q: Quantity) -> Decimal:
    """As a multiple of what it was: 增长2倍 is three times, 是去年的2倍 and 增至2倍 are twice."""
    before, after = text[max(0, q.start - 16) : q.start], text[q.end : q.end + 12]
    grown = re.search(r"(?:增长|增加|提高|提升|扩大|上升|增幅达?)了?(?:了|近|约|超过|超|逾)?\s?$", before)
    by = re.search(r"\bby(?: (?:more than|over|nearly|about|at least|around|almost))?\s?$", before, re.I)
    more = re.match(r"\s?(?:more|higher|larger)\b", after)
    return q.value + 1 if q.unit == "倍" and (grown or by or more) else q.value


def _placed(marked: _Marked, a: int, b: int, earlier: tuple[str, ...]) -> Iterator[Figure]:
    """The figures of one sentence, each with its stretch."""
    text, inside = marked.text, _within(marked.figures, a, b)
    segments = list(_segments(text, a, b, inside, marked.dates))
    blanked = [_blank(marked, start, end) for start, end, _ in segments]
    for n, (start, end, opening) in enumerate(segments):
        here = _within(inside, start, end)
        if not here:
            continue
        dates = _within(marked.dates, start, end)
        bases = [d for d in dates if _is_base(text, d) and not _OWN.match(text, d.end)]
        places = [p for p in _within(marked.places, start, end) if not _is_base(text, p)]
        lead_dates = [d for d in _within(marked.dates, a, start)[-_NEAR:] if not _is_base(text, d)]
        lead_places = [p for p in _within(marked.places, a, start)[-_NEAR:] if _is_whose(text, p)]
        for at, f in enumerate(here):
            left = here[at - 1].end if at else start
            right = here[at + 1].start if at + 1 < len(here) else end
            yield replace(
                f,
                before=_blank(marked, left, f.start),
                after=_blank(marked, f.end, right),
                shared=_blank(marked, *opening),
                lead=tuple(reversed(blanked[max(0, n - _NEAR) : n])),
                trail=tuple(blanked[n + 1 : n + 1 + _NEAR]),
                earlier=earlier,
                dates=tuple(sorted((d for d in dates if d not in bases), key=lambda d: _distance(d, f, here))),
                bases=tuple(bases),
                lead_dates=tuple(reversed(lead_dates)),
                crowded=len(here) > 1,
                places=tuple(p for p in places if f.kind == "ordinal" or not _is_field(text, p)),
                lead_places=tuple(reversed(lead_places)),
                raw_before=text[start : f.start],
                raw_after=text[f.end : end],
            )


def _within(items: Sequence[_Spanned], start: int, end: int) -> Sequence[_Spanned]:
    """Of what stands in order, what begins in a stretch."""
    return items[bisect_left(items, start, key=_START) : bisect_left(items, end, key=_START)]


def _is_whose(text: str, place: Place) -> bool:
    """Whether what follows can be of a place: of 全省 in 占全省的三成 and 比全省高 it is not."""
    return not (_is_base(text, place) or _is_field(text, place) or text.endswith("占", 0, place.start))


def without_bases(text: str) -> str:
    """A stretch without what its figure is compared with.

    >>> without_bases("增速比规上工业高#")
    '增速 高#'
    """
    return _BASES.sub(" ", text)


def _is_field(text: str, place: Place) -> bool:
    """Whether others are ranked in a place: 全国 of 列全国第22位 is not whose the figures are."""
    return _RANKED_IN.search(text[max(0, place.start - 6) : place.start]) is not None


def _is_base(text: str, d: Date | Place) -> bool:
    """Whether a date or place is only what is compared with: what follows 比2024年增长12% is not of 2024."""
    before, after = text[max(0, d.start - 24) : d.start], text[d.end : d.end + 12]
    return bool(
        _BASE.search(before)
        or (_WITH.search(before) and _COMPARED.match(after))
        or (_IS.search(before) and _TIMES.match(after))
    )


def _distance(d: Date, f: Figure, here: Sequence[Figure]) -> tuple[int, int]:
    """Dates with no other figure between come first; before the figure rather than after; then the nearer."""
    low, high = (d.end, f.start) if d.start < f.start else (f.end, d.start)
    between = sum(low <= other.start < high for other in here if other is not f)
    return between, high - low


def _segments(
    text: str, a: int, b: int, figures: Sequence[Figure], dates: Sequence[Date]
) -> Iterator[tuple[int, int, tuple[int, int]]]:
    """Stretches between commas, and those of a list of figures apart; each with the opening of its list."""
    marks = [m.end() for m in CLAUSE_END.finditer(text, a, b)]
    cuts = [at for at in marks if not (is_inside(at, figures) or is_inside(at, dates))]
    edges = [a, *cuts, b]
    for start, end in itertools.pairwise(edges):
        if start >= end:
            continue
        here = _within(figures, start, end)
        opening = (start, here[0].start) if here else (start, start)
        softs = list(_soft_cuts(text, start, here))
        inner = [start, *softs, end]
        for s, e in itertools.pairwise(inner):
            yield s, e, opening


def _soft_cuts(text: str, start: int, here: Sequence[Figure]) -> Iterator[int]:
    if len(here) < 2:
        return
    figure_last = bool(find_concepts(text[start : here[0].start]))
    for one, other in itertools.pairwise(here):
        marks = list(LIST_MARK.finditer(text, one.end, other.start))
        if marks:
            yield marks[0].start() if figure_last else marks[-1].start()


def _blank(marked: _Marked, start: int, end: int) -> str:
    """A stretch with figures as ``#``, without dates."""
    spans = [(f.start, f.end, "#") for f in _over(marked.figures, start, end)]
    spans += [(d.start, d.end, " ") for d in _over(marked.dates, start, end)]
    pieces, at = [], start
    for s, e, filling in sorted(spans):
        pieces += [marked.text[at : max(s, at)], filling]
        at = max(at, e)
    return "".join([*pieces, marked.text[at:end] if at < end else ""]).strip()


def is_inside(at: int, items: Sequence[_Spanned]) -> bool:
    """Whether a place in a text lies in one of what stands there in order and apart."""
    return any(o.start < at <= o.end for o in _over(items, at - 1, at))


def _over(items: Sequence[_Spanned], start: int, end: int) -> Sequence[_Spanned]:
    """Of what stands in order and apart, what lies in a stretch or over its edges."""
    first = bisect_left(items, start, key=_START)
    if first and items[first - 1].end > start:
        first -= 1
    return items[first : bisect_left(items, end, key=_START)]
