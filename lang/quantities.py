"""Figures in Chinese and English text: value, kind and place; the two languages meet in the value.

>>> [(str(q.value), q.kind) for q in find_quantities("力争全年技术合同登记额达80亿元,增长20%以上")]
[('8000000000', 'money'), ('20', 'percent')]
>>> [(str(q.value), q.kind) for q in find_quantities("reach RMB 8 billion, up by at least 20%")]
[('8000000000', 'money'), ('20', 'percent')]
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import cn2an

from lang.script import count_han

Kind = Literal["money", "percent", "points", "count", "date", "ordinal"]

_ZH_DIGITS = "〇零一二三四五六七八九十百千两"
_MULTIPLIERS = {
    "百": 100, "千": 1000, "万": 10**4, "百万": 10**6, "千万": 10**7,
    "亿": 10**8, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12,
}  # fmt: skip
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "bn": 10**9, "mn": 10**6}
_UNITS = "家|项|个|人|名|场|亩|台|套|件|所|座|处|次|年|月|日|号|平方米|公里|兆瓦|吨|辆|条|期|届|位|倍|分(?!之)|大"
_CURRENCIES = {"元": "RMB", "美元": "US$", "港元": "HK$", "欧元": "EUR"}
_FOREIGN = {"$": "美元", "us$": "美元", "dollar": "美元", "hk$": "港元", "€": "欧元", "eur": "欧元", "euro": "欧元"}
_WORDS = {w: n for n, w in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)}
_MONTHS = "January February March April May June July August September October November December".split()
# 三成 is 30 %; 2024成都, 一成立 and 两成果 are not.
_TENTHS = "(?<=[一二三四五六七八九两\\d])成(?![立果都员为功本效绩长熟品就人不])"

_ZH = re.compile(
    rf"(?P<ord>第|百分之)?(?P<num>\d+(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|[{_ZH_DIGITS}]+(?:点[{_ZH_DIGITS}]+)?)"
    r"(?:[余多](?=[百千]?[万亿]))?(?P<mul>万亿|千亿|百亿|千万|百万|千(?![瓦克米伏赫卡])|[百万亿])?"
    rf"(?P<unit>[余多]?(?:{'|'.join(_CURRENCIES)})|个百分点|[%％]|{_TENTHS}|[余多]?(?:{_UNITS}))?"
)
_LONGEST = 32  # numerals of a figure; cn2an takes the cube of their number
_END = "(?![A-Za-z])"  # of a Latin word: before a Chinese character there is no \b
_EN = re.compile(
    r"(?:(?P<cur>(?<![A-Za-z])(?:RMB|CNY|EUR)|(?:US|HK)?\$|[¥€])\s?|(?<![A-Za-z\d_.]))"
    rf"(?P<num>\d+(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|(?:{'|'.join(_WORDS)}){_END})"
    rf"(?:[\s-]?(?P<mul>thousand|million|billion|trillion|bn|mn){_END})?"
    rf"(?:[\s-]?(?P<unit>[%％]|(?:per\s?cent|percentage[\s-]points?|yuan|RMB|CNY|(?:US\s)?dollars?|euros?){_END}))?",
    re.IGNORECASE,
)
_TO = re.compile(r"\s?[-–—~～]{1,2}\s?|[至到]|\sto\s")
_MONTH = re.compile(r"\b(" + "|".join(_MONTHS) + r")\b")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure: ``text[start:end]`` says ``value`` (in ones; percent as written) of some ``kind``."""

    value: Decimal
    kind: Kind
    unit: str
    start: int
    end: int


def find_quantities(text: str) -> list[Quantity]:
    """The figures of the text, in order. Citation markers such as ``[1]`` are not figures.

    Chinese numerals count only with a unit or a multiplier (三千家, not 一 in 一体), for most are words.
    """
    plain = re.sub(r"\[\d+\]", lambda m: " " * len(m.group()), text)
    found = [_read_en(m) for m in _EN.finditer(plain)]
    found += [Quantity(Decimal(_MONTHS.index(m[1]) + 1), "date", "month", *m.span()) for m in _MONTH.finditer(plain)]
    if count_han(plain):
        found = [_read_zh(m) for m in _ZH.finditer(plain)] + found
    return _apart([q for q in found if q])


def _apart(found: list[Quantity]) -> list[Quantity]:
    """In order; where two readings meet, the longer: 8 billion and 80亿元 rather than 8 and 80, in any mixture."""
    kept: list[Quantity] = []
    for q in sorted(found, key=lambda q: (q.start, -q.end)):
        if not kept or q.start >= kept[-1].end:
            kept.append(q)
    return kept


def missing_quantities(claim: str, sources: list[str]) -> list[str]:
    """The figures of ``claim``, as written, that none of the sources bears.

    A figure is borne if a source has the same value and the two kinds don't contradict each other
    (20% is not 20 家; a bare count may be a date's number). Ordinals, names like 六大行动 and
    the article 一个 claim nothing.
    """
    borne = [q for source in sources for q in find_quantities(source)]
    return [
        claim[q.start : q.end].strip()
        for q in find_quantities(claim)
        if _claims(claim, q) and not any(q.value == b.value and _agree(q, b) for b in borne)
    ]


def _claims(text: str, q: Quantity) -> bool:
    return q.kind != "ordinal" and q.unit != "大" and not (q.value == 1 and text[q.start] == "一")


def describe_en(text: str) -> list[tuple[str, str]]:
    """The figures of a Chinese text as a translator needs them: ``[("80亿元", "RMB 8 billion"), …]``.

    >>> describe_en("突破400家，登记额达80亿元，增长20%以上")
    [('突破400家', 'more than 400'), ('80亿元', 'RMB 8 billion'), ('20%以上', 'at least 20%')]
    """
    found = [q for q in find_quantities(text) if q.kind in ("money", "percent", "points", "count")]
    return [_describe(text, q) for q in found if not _is_word(text, q)]


def _is_word(text: str, q: Quantity) -> bool:
    """五项行动 and 两大装置 are words that a translator knows; their numerals are not figures to render."""
    return q.value <= 10 and not text[q.start].isdigit()


_BEFORE = {
    "突破": "more than",
    "超过": "more than",
    "超": "more than",
    "逾": "more than",
    "不少于": "at least",
    "不低于": "at least",
    "至少": "at least",
    "近": "nearly",
    "约": "about",
    "不超过": "at most",
    "不到": "less than",
    "不足": "less than",
}
_AFTER = {"以上": "at least", "左右": "about", "以下": "at most", "以内": "within"}


def _describe(text: str, q: Quantity) -> tuple[str, str]:
    start, end = q.start, q.end
    bound = "more than" if re.search("[余多]", text[start:end]) else ""
    for word, english in sorted(_BEFORE.items(), key=lambda item: -len(item[0])):
        if text[:start].endswith(word):
            start, bound = start - len(word), english
            break
    for word, english in _AFTER.items():
        if text[end:].startswith(word):
            end, bound = end + len(word), english
    figure = {
        "money": f"{_CURRENCIES.get(q.unit, 'RMB')} {_scaled(q.value)}".replace("$ ", "$"),
        "percent": f"{_plain(q.value)}%",
        "points": f"{_plain(q.value)} percentage points",
    }.get(q.kind, _scaled(q.value))
    return text[start:end], f"{bound} {figure}".strip()


def _scaled(value: Decimal) -> str:
    for scale, name in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if value >= scale:
            return f"{_plain(value / scale)} {name}"
    return f"{_plain(value)}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():,f}"


def _read_zh(m: re.Match[str]) -> Quantity | None:
    number, (multiplier, unit) = m["num"], _scale_and_unit(m)
    unit = unit.lstrip("余多")
    value = _chinese_number(number)
    if value is None or not (number[0].isdigit() or unit or multiplier or m["ord"] == "百分之"):
        return None
    if number in ("百", "千") and m["ord"] != "百分之" and "亿" not in multiplier and not (multiplier and unit):
        return None  # 百家争鸣 and 千万不要 are words; 千亿级 and 千万元 are figures
    if number[0] in "十百千" and m.string[max(m.start() - 1, 0) : m.start()] in ("几", "数"):
        return None  # 几十亿元 is some, not one
    if unit == "成":
        value *= 10
    value *= _MULTIPLIERS.get(multiplier, 1)
    return Quantity(value, _kind_zh(m["ord"] or "", unit), unit, m.start(), m.end())


def _scale_and_unit(m: re.Match[str]) -> tuple[str, str]:
    """Its multiplier and unit; for the first figure of a range (5—8亿元, 5 to 8 billion), those of the second."""
    if not (m["mul"] or m["unit"]) and (to := _TO.match(m.string, m.end())):
        m = m.re.match(m.string, to.end()) or m
    return m["mul"] or "", m["unit"] or ""


def _kind_zh(before: str, unit: str) -> Kind:
    if before:
        return "ordinal" if before == "第" else "percent"
    if unit in _CURRENCIES:
        return "money"
    if unit in ("%", "％", "成"):
        return "percent"
    if unit == "个百分点":
        return "points"
    return "date" if unit in ("年", "月", "日", "号") else "count"


def _chinese_number(number: str) -> Decimal | None:
    if number[0].isdigit():
        return Decimal(number.replace(",", ""))
    if number in ("百", "千"):
        return Decimal(_MULTIPLIERS[number])
    if len(number) > _LONGEST:
        return None
    try:
        return Decimal(str(cn2an.cn2an(number, "smart")))
    except (ValueError, KeyError):  # cn2an raises either for what is no number
        return None


def _read_en(m: re.Match[str]) -> Quantity | None:
    number = m["num"].lower()
    scale, unit = (part.lower() for part in _scale_and_unit(m))
    value = Decimal(_WORDS[number]) if number in _WORDS else Decimal(number.replace(",", ""))
    currency = (m["cur"] or unit).lower()
    kind: Kind = "count"
    if m["cur"] or unit.startswith(("yuan", "rmb", "cny", "us", "dollar", "euro")):
        kind, unit = "money", _FOREIGN.get(currency.removeprefix("us ").rstrip("s"), "元")
    elif unit.startswith("percentage"):
        kind = "points"
    elif unit:
        kind = "percent"
    # "one" is mostly a pronoun or an article; as a figure it says nothing that a source could deny.
    if number == "one" and kind == "count" and not scale:
        return None
    return Quantity(value * _SCALES.get(scale, 1), kind, unit, m.start("num"), m.end())


def _agree(a: Quantity, b: Quantity) -> bool:
    kinds, loose = {a.kind, b.kind}, {"count", "date", "ordinal"}
    if kinds == {"money"}:
        return a.unit == b.unit
    # Chinese leaves 元 out where the context has it, so money may meet a bare count.
    return len(kinds) == 1 or kinds <= loose or kinds == {"money", "count"}
