"""Enumerations and tables by their text alone: numbered items, rows, and how many things a question asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lang.sentences import split_clauses

_ITEM = re.compile(r"^(?:[（(]?第?[一二三四五六七八九十]{1,2}(?:个?是|要|[、.）)])|[（(]?\d{1,2}(?:[、）)]|\.(?!\d)))")
_NUMERALS = dict(zip("二两三四五六七八九十", (2, 2, 3, 4, 5, 6, 7, 8, 9, 10), strict=True))
_ASKED_NUMBER = re.compile(
    "(?<![第十百二三四五六七八九])([二两三四五六七八九十])(?:大|项|类|个(?!月)|种|件|条|家|方面|者|点|位|名|所|座)"
)
_DIGITS = "零一二三四五六七八九"
_BAR = re.compile(r"[|｜]|\t")


def is_enumeration(texts: Sequence[str]) -> bool:
    """Whether the texts are an enumeration from its first item on; one that begins with a date is none.

    >>> is_enumeration(["一是强核。", "二是筑峰。"]), is_enumeration(["1月27日开会。"]), is_enumeration([])
    (True, False, False)
    """
    numbered = [item_number(text) for text in texts if _ITEM.match(text)]
    return bool(texts) and numbered == list(range(1, len(texts) + 1))


def is_row(text: str) -> bool:
    """Whether a text is a table's row: cells between bars.

    >>> is_row("YC2026-06｜磷化铟衬底缺陷快速检测｜云岭实验室｜380万元"), is_row("突破400家。")
    (True, False)
    """
    return len(_BAR.findall(text)) > 1


def asked_number(question: str) -> int:
    """How many things a question asks for (哪五类, 六大行动); 0 where it does not say."""
    match = _ASKED_NUMBER.search(question)
    return _NUMERALS[match[1]] if match else 0


def item_spans(sentence: str) -> list[tuple[int, int]]:
    """Where 一是…, 二是… begin in a sentence, each to the end of its clause."""
    return [(a, b) for a, b in split_clauses(sentence) if _ITEM.match(sentence[a:b])]


def item_mark(item: str) -> str:
    """What is written around an item's number; 一是 and 二要 are alike."""
    match = _ITEM.match(item)
    return re.sub("[一二三四五六七八九十]+|\\d+", "#", match[0]).replace("要", "是") if match else ""


def item_name(item: str) -> str:
    """What an item says, without its number and punctuation.

    >>> item_name("二是实施战略性新兴产业跃升发展行动。")
    '实施战略性新兴产业跃升发展行动'
    """
    return _ITEM.sub("", item).strip(" ，,。；;：:、")


def item_number(item: str) -> int:
    """The number that an item of an enumeration begins with (二是 is 2), or 0."""
    match = re.match(r"[（(]?第?(?:(\d+)|([一二三四五六七八九十]+))", item)
    if not match:
        return 0
    if match[1]:
        return int(match[1])
    tens, ten, ones = match[2].rpartition("十")
    return (_DIGITS.find(tens) if tens else 1) * 10 * bool(ten) + (_DIGITS.find(ones) if ones else 0)
