"""Figures with what stands around them: whose they are, when, and whether planned or done."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from lang.concepts import find_concepts
from lang.dates import Date, find_dates
from lang.places import Place, find_places
from lang.quantities import Bound, Kind, Quantity, find_quantities, states
from lang.quantities.bounds import find_bound
from lang.script import to_simplified
from lang.sentences import split_sentences

_HARD = re.compile(r"[，；：。！？（）]|[,;:](?=\s)|\n|(?<=\s)[—–-](?=\s)|——|[()]")
_SOFT = re.compile(
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
_BASE = re.compile(
    r"(?:比|较|相比于?|同比)$|\b(?:than|compared (?:with|to)|up from|down from|against)(?: (?:in|at|the))*\s?$", re.I
)
# Bases that figures are counted against, and the names of plans and techniques.
_MASKED = re.compile(
    r"\bper (?:10,000|1,000|100,000|100|hundred|thousand|million|ten thousand)\b|\b(?:one|a) of\b"
    r"|\b(?:1\d|\d)th Five-Year\b|\bFive-Year\b|“?十[二三四五六]五”?|\b[1-9][GD]\b|\bCOVID-19\b|\bPM2\.5\b"
    r"|[1-9][GD](?![A-Za-z])|万人(?=均|口)",
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
        return False  # 5G, 3D
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
    inside = [f for f in marked.figures if a <= f.start < b]
    segments = list(_segments(marked.text, a, b, inside, marked.dates))
    for n, (start, end, opening) in enumerate(segments):
        here = [f for f in inside if start <= f.start < end]
        lead = tuple(_blank(marked, s, e) for s, e, _ in reversed(segments[:n]))
        dates = [d for d in marked.dates if start <= d.start < end]
        for f in here:
            yield replace(
                f,
                before=_blank(marked, max([start, *(o.end for o in here if o.end <= f.start)]), f.start),
                after=_blank(marked, f.end, min([end, *(o.start for o in here if o.start >= f.end)])),
                shared=_blank(marked, *opening),
                lead=lead,
                trail=tuple(_blank(marked, s, e) for s, e, _ in segments[n + 1 :]),
                earlier=earlier,
                dates=tuple(sorted(dates, key=lambda d: _distance(d, f, here))),
                lead_dates=tuple(
                    d for d in reversed(marked.dates) if a <= d.start < start and not _is_base(marked.text, d)
                ),
                crowded=len(here) > 1,
                places=tuple(p for p in marked.places if start <= p.start < end),
                lead_places=tuple(p for p in reversed(marked.places) if a <= p.start < start),
                raw_before=marked.text[start : f.start],
                raw_after=marked.text[f.end : end],
            )


def _is_base(text: str, d: Date) -> bool:
    """Whether a date is only what is compared with: what follows 比2024年增长12% is not of 2024."""
    return _BASE.search(text[max(0, d.start - 24) : d.start]) is not None


def _distance(d: Date, f: Figure, here: Sequence[Figure]) -> tuple[int, int]:
    """Dates with no other figure between come first; before the figure rather than after; then the nearer."""
    low, high = (d.end, f.start) if d.start < f.start else (f.end, d.start)
    between = sum(low <= other.start < high for other in here if other is not f)
    return between, high - low


def _segments(
    text: str, a: int, b: int, figures: Sequence[Figure], dates: Sequence[Date]
) -> Iterator[tuple[int, int, tuple[int, int]]]:
    """Stretches between commas, and those of a list of figures apart; each with the opening of its list."""
    spans = [(f.start, f.end) for f in figures] + [(d.start, d.end) for d in dates]
    cuts = [m.end() for m in _HARD.finditer(text, a, b) if not any(s < m.end() <= e for s, e in spans)]
    edges = [a, *cuts, b]
    for start, end in itertools.pairwise(edges):
        if start >= end:
            continue
        here = [f for f in figures if start <= f.start < end]
        opening = (start, here[0].start) if here else (start, start)
        softs = list(_soft_cuts(text, start, end, here))
        inner = [start, *softs, end]
        for s, e in itertools.pairwise(inner):
            yield s, e, opening


def _soft_cuts(text: str, start: int, end: int, here: Sequence[Figure]) -> Iterator[int]:
    if len(here) < 2:
        return
    figure_last = bool(find_concepts(text[start : here[0].start]))
    for one, other in itertools.pairwise(here):
        marks = list(_SOFT.finditer(text, one.end, other.start))
        if marks:
            yield marks[0].start() if figure_last else marks[-1].start()


def _blank(marked: _Marked, start: int, end: int) -> str:
    """A stretch with figures as ``#``, without dates."""
    spans = [(f.start, f.end, "#") for f in marked.figures if f.end > start and f.start < end]
    spans += [(d.start, d.end, " ") for d in marked.dates if d.end > start and d.start < end]
    pieces, at = [], start
    for s, e, filling in sorted(spans):
        pieces += [marked.text[at : max(s, at)], filling]
        at = max(at, e)
    return "".join([*pieces, marked.text[at:end] if at < end else ""]).strip()
