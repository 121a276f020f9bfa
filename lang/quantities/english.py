"""Figures of a Chinese text in English."""

from __future__ import annotations

import re
from decimal import Decimal

from lang.quantities.bounds import find_bound
from lang.quantities.numerals import CURRENCIES, read_numbers
from lang.quantities.records import Bound, Quantity

_HAN = re.compile("[\u4e00-\u9fff]")
_PLUS = re.compile(r"\d?\+\d")
_QUOTES = frozenset("“”‘’\"'《》")
BOUNDS_EN: dict[Bound, str] = {
    "exact": "", "least": "at least", "more": "more than", "most": "at most", "less": "less than", "about": "about",
    "nearly": "nearly",
}  # fmt: skip
# 三分之二 by its percentage.
_PARTS = {
    "33.33": "a third", "66.67": "two-thirds", "25.00": "a quarter", "75.00": "three-quarters", "50.00": "a half",
    "20.00": "a fifth", "40.00": "two-fifths", "60.00": "three-fifths", "80.00": "four-fifths", "10.00": "a tenth",
}  # fmt: skip
_IDENTIFIER = re.compile(r"\d{7,}")  # 39484957: who writes a number so long without its thousands counts nothing
# Units whose English a figure can't be without: 2公里 as 2 was left out by the model. People, not 名 or 位.
_MEASURES = {
    "公里": "kilometres", "千米": "kilometres", "米": "metres", "平方米": "square metres", "公顷": "hectares",
    "平方公里": "square kilometres", "亩": "mu", "吨": "tonnes", "岁": "years old", "小时": "hours", "天": "days",
    "周": "weeks", "周年": "years", "人": "people", "名": "people", "次": "times", "户": "households", "升": "litres",
    "兆瓦": "MW", "千瓦": "kW", "吉瓦": "GW", "兆瓦时": "MWh", "千瓦时": "kWh",
}  # fmt: skip


def describe_en(text: str) -> list[tuple[str, str]]:
    """The figures of a Chinese text as a translator needs them: ``[("80亿元", "RMB 8 billion"), …]``.

    >>> describe_en("突破400家，登记额达80亿元，增长20%以上")
    [('突破400家', 'more than 400'), ('80亿元', 'RMB 8 billion'), ('20%以上', 'at least 20%')]
    >>> describe_en("约三分之二的人口")
    [('约三分之二', 'about two-thirds')]
    """
    found = [q for q in read_numbers(text) if q.kind in ("money", "percent", "points", "count")]
    return [_describe(text, q) for q in found if not _is_word(text, q)]


def _is_word(text: str, q: Quantity) -> bool:
    """五项行动, 2016级 and an identifier are words that a translator knows; their numerals are no figures to render."""
    cohort = 1900 <= q.value < 2100 and (q.unit in ("级", "届") or text[q.end : q.end + 1] in ("级", "届"))
    quoted = text[q.start - 1 : q.start] in _QUOTES and text[q.end : q.end + 1] in _QUOTES  # “2236” is a name
    joined = _PLUS.match(text, q.end) or _PLUS.match(text, q.start - 2)  # 2+1产业体系
    return (
        cohort
        or bool(joined)
        or text[q.end : q.end + 1] == "级"
        or (not q.unit and bool(_IDENTIFIER.fullmatch(text[q.start : q.end])))
        or (quoted and not q.unit)
        or (q.value <= 10 and not text[q.start].isdigit())
    )


def _describe(text: str, q: Quantity) -> tuple[str, str]:
    bound, start, end = find_bound(text, q)
    written = text[q.start : q.end]
    part = _PARTS.get(str(q.value), "") if "分之" in written and not written.startswith("百") else ""
    measure = _MEASURES.get(q.unit, "") if q.kind == "count" and q.value != 1 else ""
    # 60名专家 are 60 experts: what is counted follows.
    counted = q.unit in ("名", "人", "户") and _HAN.match(text, end)
    said = [BOUNDS_EN[bound], part or figure_en(q), "" if counted else measure]
    return text[start:end], " ".join(filter(None, said))


def figure_en(q: Quantity) -> str:
    """A figure without its bound: ``RMB 8 billion``, ``20%``, ``3,000``."""
    return {
        "money": f"{CURRENCIES.get(q.unit, 'RMB')} {_scaled(q.value)}".replace("$ ", "$"),
        "percent": f"{_plain(q.value)}%",
        "points": f"{_plain(q.value)} percentage points",
    }.get(q.kind, _scaled(q.value))


def _scaled(value: Decimal) -> str:
    for scale, name in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if value >= scale:
            return f"{_plain(value / scale)} {name}"
    return f"{_plain(value)}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():,f}"
