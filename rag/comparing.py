"""Questions that compare cities: asked of each city by itself, and the figures then compared in code.

A small model that sees three cities' sentences at once answers for one of them, or gives one city's figure to another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from lang.cities import english_name
from lang.quantities import Quantity, find_quantities
from lang.quantities.english import describe_en

_JOINED = r"[\s、，,和与跟及同比或]*(?:以及|还是)?[\s、，,]*"
_WHICH_CITY = re.compile(
    r"哪[一个座些]*(?:城市|地市|市)|哪[一个座]*(?=[^年月日天类项种]{0,8}[更最])|谁(?=的|[^，。]{0,8}[更最])|[两三四五六]市|各(?:城市|地市|市|地)"
)
# What sets the answers side by side, and what is left of it where only one is asked for.
_SIDE_BY_SIDE = (
    (re.compile(r"(?:相比|比较|对比)(?:起来|而言|之下)?[，,]|都(?=[是有要提])"), ""),
    (re.compile(r"各自?(?=[是为有要占达定])|分别(?=[是为有要占达定])"), ""),
    (re.compile(r"(?:各|分别)(?=多少|几)"), "是"),
    (re.compile(r"(?:相比|比较|对比)?(?:如何|怎样|怎么样)|(?:相比|比较|对比)|相?差(?:多少|几)\w?"), "是多少"),
    (re.compile(r"[更最](?:[高大多低小少快慢强])"), "是多少"),
    (re.compile(r"(?<=[\u4e00-\u9fff])[高大多低小少快慢](?=多少)"), "是"),
    (re.compile(r"(?:是多少){2,}|是多少是多少"), "是多少"),
)
_ASKS = re.compile("多少|谁|什么|几|哪|吗|如何")
_MOST = re.compile("[更最]([高大多快强])")
_LEAST = re.compile("[更最]([低小少慢])")
_APART = re.compile(r"相差|差多少|差距|[高大多低小少快慢]多少")
_RANKS = re.compile(r"([^，。；、]{2,8}?)([更最])(?:([高大多快强])|[低小少慢])")
_DIFFERS = re.compile(r"两市相差([^，；]+)")
_NOTHING = re.compile("没有找到(.{2,12})的答案")
_DEGREES = {("更", True): "higher", ("更", False): "lower", ("最", True): "highest", ("最", False): "lowest"}


def city_question(question: str, cities: Sequence[str], city: str) -> str:
    """What a comparing question asks of one city.

    >>> city_question("江门、随州三市的高企目标分别是多少？", ["江门", "随州"], "随州")
    '随州市的高企目标是多少？'
    >>> city_question("哪个城市的高企目标更多，江门还是随州？", ["江门", "随州"], "江门")
    '江门市的高企目标是多少？'
    >>> city_question("江门和随州的研发投入目标，哪个增长更快？", ["江门", "随州"], "江门")
    '江门市的研发投入目标，增长是多少？'
    """
    name = f"(?:{'|'.join(map(re.escape, cities))})市?"
    first, *more = re.split("[。？?]", question.rstrip("？?。 "))
    own = [m for m in more if not any(c in m for c in cities if c != city)]  # what is added of another is not its
    text = "，".join([first, *own])
    text = re.sub(rf"[，,]\s*{name}(?:{_JOINED}{name})*$", "", text)
    text, runs = re.subn(rf"{name}(?:{_JOINED}{name})*", f"{city}市", text, count=1)
    if runs:
        text = _WHICH_CITY.sub("", re.sub(name, lambda m: m[0] if m[0].startswith(city) else "", text))
    else:
        text, runs = _WHICH_CITY.subn(f"{city}市", text, count=1)
        text = text if runs else f"{city}市{text}"
    for pattern, left in _SIDE_BY_SIDE:
        text = pattern.sub(left, text)
    if "哪些" in question and not _ASKS.search(text):
        return f"{text}吗？"
    return f"{text}？" if _ASKS.search(text) else f"{text}是多少？"


def alike(said: Mapping[str, str]) -> dict[str, str]:
    """The cities whose sentence has the kind of figure that most have; all of them where none has a figure.

    >>> sorted(alike({"江门": "目标3000家。", "随州": "突破400家。", "惠州": "评选二十强。"}))
    ['江门', '随州']
    """
    kinds = {city: (q.kind, q.unit) for city, sentence in said.items() if (q := _figure(sentence))}
    if not kinds:
        return dict(said)
    common = Counter(kinds.values()).most_common(1)[0][0]
    return {city: sentence for city, sentence in said.items() if kinds.get(city) == common}


def conclusion(question: str, said: Mapping[str, str]) -> str:
    """What follows from the cities' figures for a question after the most, the least or the difference.

    Args:
        question: in Chinese.
        said: by city, the sentence about it, without markers.

    Returns:
        A Chinese sentence; empty where the question asks for none, or the figures can't be compared for sure.

    >>> conclusion("哪个城市的高企目标更多？", {"江门": "江门的目标是3000家。", "随州": "随州突破400家。"})
    '江门更多。'
    >>> conclusion("两市相差多少？", {"江门": "江门的目标是3000家。", "随州": "随州突破400家。"})
    '两市相差2600家。'
    """
    found = {city: _figure(sentence) for city, sentence in said.items()}
    figures = {city: q for city, q in found.items() if q}
    if len(figures) < max(len(said), 2) or len({(q.kind, q.unit) for q in figures.values()}) > 1:
        return ""
    ranked = sorted(figures, key=lambda city: -figures[city].value)
    values = [figures[city].value for city in ranked]
    degree = "更" if len(ranked) == 2 else "最"
    if (most := _MOST.search(question)) and values[0] > values[1]:
        return f"{ranked[0]}{degree}{most[1]}。"
    if (least := _LEAST.search(question)) and values[-1] < values[-2]:
        return f"{ranked[-1]}{degree}{least[1]}。"
    if _APART.search(question) and len(ranked) == 2:
        return f"两市相差{_written(values[0] - values[1], figures[ranked[0]])}。"
    return ""


def nothing_found(city: str) -> str:
    """What is said of a city without an answer, in Chinese."""
    return f"没有找到{city}的答案。"


def composed_en(zh: str) -> str:
    """A sentence of ``conclusion`` or ``nothing_found`` in English, both without their full stop; empty of any other.

    >>> composed_en("江门更多"), composed_en("两市相差2600家"), composed_en("没有找到随州的答案")
    ('Jiangmen has the higher figure', 'The difference is 2,600', 'No answer was found for Suizhou')
    """
    if nothing := _NOTHING.fullmatch(zh):
        return f"No answer was found for {english_name(nothing[1])}"
    if ranks := _RANKS.fullmatch(zh):
        return f"{english_name(ranks[1])} has the {_DEGREES[ranks[2], bool(ranks[3])]} figure"
    differs = _DIFFERS.fullmatch(zh)
    described = describe_en(differs[1]) if differs else []
    return f"The difference is {described[0][1]}" if described else ""


def _figure(sentence: str) -> Quantity | None:
    """The one figure of a sentence that is neither date nor number of order; None where there are several."""
    found = [q for q in find_quantities(sentence) if q.kind in ("money", "percent", "count", "multiple")]
    return found[0] if len({(q.value, q.unit) for q in found}) == 1 else None


def _written(value: Decimal, like: Quantity) -> str:
    if like.kind == "percent":
        return f"{value.normalize():f}个百分点"
    if like.kind == "money":
        large = value / 100_000_000
        return f"{large.normalize():f}亿{like.unit}" if large >= 1 else f"{(value / 10_000).normalize():f}万{like.unit}"
    return f"{value.normalize():f}{like.unit}"
