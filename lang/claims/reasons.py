"""Why a claim does not agree with its quotes, as one sentence in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What is wrong (``kind``), with which words of the claim, and why, in both languages."""

    kind: str
    written: str
    zh: str
    en: str


_ZH = {
    "value": "引文中没有“{0}”。",
    "unit": "“{0}”与引文的“{1}”单位或类别不同。",
    "bound": "“{0}”与引文的“{1}”界限不同。",
    "date": "引文给出的时间与“{0}”不符。",
    "place": "引文中的“{1}”说的是别的地方。",
    "turn": "引文中的“{1}”不是这样变化或统计的。",
    "status": "引文中的“{1}”是计划还是完成，与所说不符。",
    "subject": "引文中的“{1}”说的是另一项指标。",
}
_EN = {
    "value": "not in the cited source: {0}",
    "unit": "“{0}” has another unit or kind than “{1}” in the source",
    "bound": "“{0}” has another bound than “{1}” in the source",
    "date": "the source gives another time than “{0}”",
    "place": "“{1}” in the source is said of another place",
    "turn": "“{1}” in the source rises, falls or is counted otherwise",
    "status": "“{1}” is planned in the source and told as reached, or the reverse",
    "subject": "“{1}” in the source is said of something else",
}


def disagreement(kind: str, written: str, there: str) -> Disagreement:
    """One disagreement; ``there`` is the nearest figure of the source, as written."""
    shown = there or written
    return Disagreement(kind, written, _ZH[kind].format(written, shown), _EN[kind].format(written, shown))
