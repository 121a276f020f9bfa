"""Signals of a claim's figures: missing, of another year, with another bound, or said of something else.

Pure, given an encoder. Nothing is asked of ``rag``, for it is ``rag``'s answers that are judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from lang.quantities import Quantity, find_quantities, missing_quantities
from lang.script import is_han
from lang.sentences import split_sentences

Encode = Callable[[Sequence[str]], Any]
"""Unit vectors of texts, shape ``(len(texts), dimension)``."""

CHUNK_END = re.compile(r"[，；：。！？、｜\n]+|[,;:.](?=\s|$)|\s(?:and|while|but|whereas|of which|with)\s")
_REST = r"[\s\w$¥]{0,8}$"  # a currency or a word may stand between a bound and its figure
_BOUNDS = (
    # In this order, for 不少于 holds 少于 and "no less than" holds "less than".
    ("least", r"不少于|不低于|不得低于|至少|at least|no (?:less|fewer) than|not less than"),
    (
        "most",
        r"不超过|不足|不到|不满|低于|少于|最高|最多|至多|at most|not? more than|up to|under|below|less than|fewer than",
    ),
    ("least", r"突破|超过|超|逾|more than|over|above|exceed(?:s|ing)?|minimum of"),
    ("near", r"接近|近|约|nearly|almost|close to|about|around|approximately"),
)
_BEFORE = [(bound, re.compile(rf"(?:{words}){_REST}", re.I)) for bound, words in _BOUNDS]
_AFTER = {
    "以上": "least", " or more": "least", "-plus": "least", "以下": "most", "以内": "most", " or less": "most",
}  # fmt: skip
# English says three in "three quarters" where Chinese has no figure.
_SMALL = frozenset("two three four five six seven eight nine ten".split())
_DATE = re.compile(r"\d+年\d+月(?:\d+日)?|(?:19|20)\d\d年?")
_MONTHS = re.compile(
    r"\d月|\d日|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_REPLACED = re.compile(r"(?:由|从|原为|原定的?|此前公布的)[^，。；]{0,6}$")
_REPLACING = re.compile(r"[^，。；]{0,4}(?:调|改|提|增|降|升|扩|减|延|为快报)")
_AS_REPLACED = re.compile(
    r"由|从|原|此前|快报|\b(?:from|previous|original|earlier|preliminary|flash|old)(?:ly)?\b", re.I
)
_NEW = re.compile(r"新增|新建|新认定|新设|增加(?!到|至)|\bnew\b|\badd(?:s|ed)?\b|additional", re.I)
_TOTAL = re.compile(r"总数|共有|总量|存量|总额|累计|合计|\btotal\b|\ball told\b|altogether", re.I)


def figure_signals(claim: str, quote: str, context: str, english: bool, encode: Encode) -> dict[str, float]:
    """By name; each is 0 where the claim states no figure, and grows with what is wrong, to 1."""
    figures, there = _claimed(claim), find_quantities(quote)
    missing = _missing(claim, quote, context)
    small = sum(text.lower() in _SMALL for text in missing)
    return {
        "figures_missing": min(2, len(missing) - small) / 2,
        "small_missing": float(small > 0),
        "year_differs": float(any(_year_differs(claim, q, quote, there) for q in figures)),
        "bound_differs": float(any(_bound_differs(claim, q, quote, there) for q in figures)),
        "new_or_total": float(any(_new_or_total(claim, q, quote, there) for q in figures)),
        "superseded": float(any(_superseded(claim, q, quote, there) for q in figures)),
        "swapped": max((_swapped(claim, q, quote, there, english, encode) for q in figures), default=0.0),
    }


def chunk_spans(text: str) -> list[tuple[int, int]]:
    """The stretches between commas, stops and conjunctions; a comma within a figure parts nothing."""
    ends = [m.span() for m in CHUNK_END.finditer(text)]
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(text)]
    return [(a, b) for a, b in zip(starts, stops, strict=True) if text[a:b].strip()]


def han_pairs(text: str) -> set[str]:
    """The pairs of Chinese characters that stand side by side."""
    return {a + b for a, b in pairwise(text) if is_han(a) and is_han(b)}


def _claimed(text: str) -> list[Quantity]:
    """The figures that say something: no ordinals, no 六大, no 一 of 一个."""
    found = find_quantities(text)
    return [q for q in found if q.kind != "ordinal" and q.unit != "大" and not (q.value == 1 and text[q.start] == "一")]


def _bound(text: str, q: Quantity) -> str:
    """``least``, ``most``, ``near``, or nothing."""
    for after, bound in _AFTER.items():
        if text.startswith(after, q.end):
            return bound
    before = text[max(0, q.start - 24) : q.start]
    return next((bound for bound, pattern in _BEFORE if pattern.search(before)), "")


def _missing(claim: str, quote: str, context: str) -> list[str]:
    """Figures that stand neither in the quote nor in the title; the date beside the title bears dates alone."""
    title = _DATE.sub("", context)
    missing = missing_quantities(claim, [quote, title])
    undated = missing_quantities(claim, [quote, context])
    with_day = _MONTHS.search(claim) is not None
    return [text for text in missing if text in undated or not (with_day or re.fullmatch(r"(?:19|20)\d\d年?", text))]


def _bound_differs(claim: str, q: Quantity, quote: str, there: Sequence[Quantity]) -> bool:
    """Whether the claim has a bound where the quote has another."""
    mine, theirs = _bound(claim, q), {_bound(quote, o) for o in there if o.value == q.value}
    return bool(mine and theirs) and not theirs & {mine, ""}


def _new_or_total(claim: str, q: Quantity, quote: str, there: Sequence[Quantity]) -> bool:
    """Whether what is new in the quote is all in the claim, or the reverse."""
    mine = _clause(claim, q)
    theirs = " ".join(_clause(quote, o) for o in there if o.value == q.value)
    if _NEW.search(mine) and _TOTAL.search(theirs) and not _NEW.search(theirs):
        return True
    as_total = _TOTAL.search(mine) and not _TOTAL.search(theirs) and _NEW.search(theirs)
    return bool(as_total)


def _superseded(claim: str, q: Quantity, quote: str, there: Sequence[Quantity]) -> bool:
    """Whether the quote has the figure only as what was before (由700家调整为), and the claim as what is."""
    own = [o for o in there if o.value == q.value]
    replaced = (
        _REPLACED.search(quote[max(0, o.start - 24) : o.start]) and _REPLACING.match(quote[o.end : o.end + 12])
        for o in own
    )
    return bool(own) and all(replaced) and not _AS_REPLACED.search(claim)


def _year_differs(claim: str, q: Quantity, quote: str, there: Sequence[Quantity]) -> bool:
    """Whether the claim gives the figure a year, and the quote, up to the figure in its sentence, only others."""
    years = {o.value for o in _claimed(claim) if _is_year(o)}
    own = [o for o in there if o.value == q.value]
    if not years or not own or _is_year(q):
        return False
    return all(said and not said & years for said in (_years_before(quote, o, there) for o in own))


def _years_before(quote: str, q: Quantity, there: Sequence[Quantity]) -> set[Decimal]:
    start = next((a for a, b in split_sentences(quote) if a <= q.start < b), 0)
    return {o.value for o in there if start <= o.start < q.start and _is_year(o)}


def _is_year(q: Quantity) -> bool:
    return 1990 <= q.value <= 2060 and q.kind in ("date", "count") and q.unit in ("年", "")


def _swapped(claim: str, q: Quantity, quote: str, there: Sequence[Quantity], english: bool, encode: Encode) -> float:
    """How much more the words around the figure are like those around another figure of the quote than its own."""
    alike = [o for o in there if o.kind == q.kind or {o.kind, q.kind} <= {"count", "date", "ordinal"}]
    own = [_clause(quote, o) for o in alike if o.value == q.value]
    others = [_clause(quote, o) for o in alike if o.value != q.value]
    if q.unit == "年" or _is_year(q):
        return 0.0
    mine = _between_figures(claim, q, chunks=2 if english else 1)
    return _nearer_another(mine, own, others, english, encode)


def _nearer_another(mine: str, own: Sequence[str], others: Sequence[str], english: bool, encode: Encode) -> float:
    """From 0 to 1: how much more a stretch of a claim is like some of ``others`` than like any of its ``own``.

    Chinese is compared by pairs of characters; English by cosines, which for e5-small differ by hundredths.
    """
    if not own or not others:
        return 0.0
    if english:
        vector = encode([mine])[0]
        near = [float((encode(list(texts)) @ vector).max()) for texts in (own, others)]
        return min(1.0, max(0.0, near[1] - near[0]) / 0.03)
    pairs = han_pairs(mine)
    near = [max(len(pairs & han_pairs(text)) for text in texts) / max(1, len(pairs)) for texts in (own, others)]
    return min(1.0, max(0.0, near[1] - near[0]) / 0.3)


def _clause(text: str, q: Quantity) -> str:
    """The chunk around a figure, with its figures blanked out."""
    start, end = next(((a, b) for a, b in chunk_spans(text) if a <= q.start < b), (0, len(text)))
    return _blank(text[start:end])


def _between_figures(text: str, q: Quantity, *, chunks: int) -> str:
    """What stands around a figure in so many chunks up to its own, as far as no other figure stands between.

    English puts the subject first, and often a comma after it.
    """
    spans = chunk_spans(text)
    at = next((i for i, (a, b) in enumerate(spans) if a <= q.start < b), 0)
    figures = find_quantities(text)
    start = max([spans[max(0, at - chunks + 1)][0], *(o.end for o in figures if o.end <= q.start)])
    end = min([spans[at][1], *(o.start for o in figures if o.start >= q.end)])
    return _blank(text[start:end])


def _blank(text: str) -> str:
    pieces, at = [], 0
    for q in find_quantities(text):
        pieces.append(text[at : q.start])
        at = q.end
    return "#".join([*pieces, text[at:]])
