"""Figures in Chinese and English text: value, kind, bound and place; the two languages meet in the value.

>>> [(str(q.value), q.kind, q.bound) for q in find_quantities("力争全年技术合同登记额达80亿元,增长20%以上")]
[('8000000000', 'money', 'exact'), ('20', 'percent', 'least')]
>>> [(str(q.value), q.kind, q.bound) for q in find_quantities("reach RMB 8 billion, up by at least 20%")]
[('8000000000', 'money', 'exact'), ('20', 'percent', 'least')]
"""

from __future__ import annotations

from lang.quantities.chinese import figure_zh, number_zh
from lang.quantities.english import describe_en, figure_en
from lang.quantities.numerals import read_numbers
from lang.quantities.records import Bound, Kind, Quantity

__all__ = [
    "Bound",
    "Kind",
    "Quantity",
    "describe_en",
    "figure_en",
    "figure_zh",
    "find_quantities",
    "missing_quantities",
    "number_zh",
]


def find_quantities(text: str) -> list[Quantity]:
    """The figures of the text, in order. Citation markers such as ``[1]`` are not figures.

    Chinese numerals count only with a unit or a multiplier (三千家, not 一 in 一体), for most are words.
    """
    return read_numbers(text)


def missing_quantities(claim: str, sources: list[str]) -> list[str]:
    """The figures of ``claim``, as written, that none of the sources bears, whatever is said of them.

    A figure is borne if a source has the same value and the two kinds don't contradict each other
    (20% is not 20 家; a bare count may be a date's number). Ordinals, names like 六大行动 and
    the article 一个 claim nothing. For bounds, dates and subjects see ``lang.claims``.
    """
    borne = [q for source in sources for q in find_quantities(source)]
    return [
        claim[q.start : q.end].strip()
        for q in find_quantities(claim)
        if states(claim, q) and not any(q.value == b.value and _agree(q, b) for b in borne)
    ]


def states(text: str, q: Quantity) -> bool:
    """Whether a figure says something that a source could deny."""
    return q.kind != "ordinal" and q.unit != "大" and not (q.value == 1 and text[q.start] == "一")


def _agree(a: Quantity, b: Quantity) -> bool:
    kinds, loose = {a.kind, b.kind}, {"count", "date", "ordinal", "multiple"}
    if kinds == {"money"}:
        return a.unit == b.unit
    # Chinese leaves 元 out where the context has it, so money may meet a bare count.
    return len(kinds) == 1 or kinds <= loose or kinds == {"money", "count"}
