"""What follows from the figures of the cities that a question compares, by arithmetic, in both languages."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from lang.cities import english_name
from lang.claims.frames import Figure, read_frame
from lang.claims.status import is_superseded, status_of
from lang.concepts import find_concepts, find_turns, kinds_of
from lang.dates import find_dates
from lang.quantities import Quantity, describe_en, figure_zh, number_zh

_HIGH, _LOW = "高大多快强", "低小少慢"
_MIXED = frozenset({"most", "less"})  # an upper bound beside another bound decides nothing
_MOST = re.compile(
    rf"[更最]([{_HIGH}])|比.{{1,16}}?([{_HIGH}])(?!少)|(?:哪|谁).{{1,12}}([{_HIGH}])(?:一?些)?(?:$|[？?，,。\n])"
    rf"|(?<![百十\d])([{_HIGH}])(?:还是|(?:一些)?[吗么？?])"
    r"|\b(?:higher|larger|more|bigger|greater(?! bay)|faster|highest|largest|most|biggest)\b"
    r"|\b(?:greatest|fastest|exceeds?|ahead)\b"
    r"|(?<!or )(?<!and )\babove\b(?!-)",
    re.I,
)
_LEAST = re.compile(
    rf"[更最]([{_LOW}])|比.{{1,16}}?(?<![多中])([{_LOW}])|(?:哪|谁).{{1,12}}(?<!多)([{_LOW}])(?:一?些)?(?:$|[？?，,。\n])"
    r"|\b(?:lower|fewer|less|smaller|slower|lowest|fewest|least|smallest|slowest|below)\b",
    re.I,
)
_APART = re.compile(
    rf"相差|差(?:多少|几)|差[距额别异]|(?<![至最])[{_HIGH}{_LOW}]出?(?:多少|几)|不同|区别"
    r"|\bgap\b|\bdiffer\w*|\bhow (?:many|much) (?:more|fewer|less|higher|lower|larger)\b|\bby how (?:much|many)\b",
    re.I,
)
_SUM = re.compile(
    r"加起来|加在一起|合起来|合计|之和|总和|\btogether\b|\bcombin(?:ed|ing)\b|\baltogether\b|\badd up\b|\bsum of\b",
    re.I,
)
_IN_ALL = re.compile(r"一共|总共|共计|总计|\bin total\b|\bin all\b", re.I)  # each in all, where the question asks more
_TIMES = re.compile(r"[几多]少?倍|\bhow many times\b|\bwhat multiple\b", re.I)
_ORDER = re.compile(
    rf"排[个一]?[名序队行]|怎么排|[从由][{_HIGH}{_LOW}]到|\brank(?:ed|ing)?\b|\bsort\b|\border the", re.I
)
_EQUAL = re.compile(
    r"一样|相同|相等|持平|差不多|(?:有没有|没有|不如).{1,16}[高大多快强]"
    r"|\bsame (?:as|number|target|figure|size|rate)\b|\bequal\b|\bas (?!well|soon|long|far|part)\w+ as\b",
    re.I,
)
_RANKS = re.compile(rf"([^，。；、]{{2,8}}?)([更最])(?:([{_HIGH}])|[{_LOW}])")
_DIFFERS = re.compile(rf"([^，。；、]{{2,8}}?)比([^，。；、]{{2,8}}?)[{_HIGH}]([^，；]*\d[^，；]*)")
_TOTAL = re.compile(r"合计(\d[\d.]*[万亿]?[^\d，；]{0,3})")
_MULTIPLE = re.compile(r"([^，。；、]{2,8}?)是([^，。；、]{2,8}?)的([\d.]+)倍")
_IN_ORDER = re.compile("从高到低依次是(.+)")
_NOTHING = re.compile("没有找到(.{2,12})的答案")
_SAME, _LOOSELY = "数字一样", "按所列数字，"
_FALLS = re.compile("下降|减少|降低|下滑|回落|负增长")
_DEGREES = {("更", True): "higher", ("更", False): "lower", ("最", True): "highest", ("最", False): "lowest"}


def conclusion(question: str, said: Mapping[str, str]) -> str:
    """What follows from the cities' figures: the most or least, the order, the difference, the sum, or that they agree.

    Args:
        question: in Chinese, in English, or in both.
        said: by city, the sentence about it, without markers.

    Returns:
        A Chinese sentence; empty where the question asks for none, or the figures can't be compared for sure.

    >>> said = {"江门": "江门的目标是3000家。", "随州": "随州突破400家。"}
    >>> conclusion("哪个城市的高企目标更多？", said), conclusion("江门的高企目标比随州低吗？", said)
    ('按所列数字，江门更多。', '按所列数字，随州更低。')
    >>> conclusion("两市相差多少？", said), conclusion("两市加起来有多少家？", said)
    ('按所列数字，江门比随州多2600家。', '按所列数字，合计3400家。')
    """
    found = {city: only_figure(sentence, question) for city, sentence in said.items()}
    figures = {city: f for city, f in found.items() if f}
    if len(figures) < max(len(said), 2) or len({(f.kind, f.unit) for f in figures.values()}) > 1:
        return ""
    if any(_are_unlike(a, b) for a, b in combinations(figures.values(), 2)):
        return ""
    ranked = sorted(figures, key=lambda city: -figures[city].value)
    concluded = _concluded(question, ranked, [figures[city] for city in ranked])
    years = [{d.year for d in find_dates(sentence) if d.year} for sentence in said.values()]
    apart = any(a and b and not a & b for a, b in combinations(years, 2))
    loose = apart or any(f.bound != "exact" for f in figures.values())  # 突破400家, or of another year
    return f"{_LOOSELY}{concluded}" if loose and concluded else concluded


def _concluded(question: str, ranked: Sequence[str], figures: Sequence[Figure]) -> str:
    """As ``conclusion``, of the cities from the highest to the lowest."""
    values, first, two = [q.value for q in figures], figures[0], len(ranked) == 2
    high, low = values[0], values[-1]
    added = f"合计{_amount(sum(values, Decimal(0)), first)}。" if first.kind in ("money", "count") else ""
    exact = all(f.bound == "exact" for f in figures)
    if _SUM.search(question):  # whether two are more than the third together is another question
        return "" if any(p.search(question) for p in (_MOST, _APART, _TIMES)) else added
    if high == low:
        asks = any(p.search(question) for p in (_MOST, _LEAST, _APART, _ORDER, _EQUAL, _TIMES))
        return f"{_SAME}。" if asks and len({f.bound for f in figures}) == 1 else ""
    if two and exact and _TIMES.search(question) and low > 0:
        return f"{ranked[0]}是{ranked[1]}的{number_zh((high / low).quantize(Decimal('0.1')))}倍。"
    if two and _APART.search(question):
        more = "多" if first.kind in ("money", "count") else "高"
        return f"{ranked[0]}比{ranked[1]}{more}{_amount(high - low, first)}。"
    if _ORDER.search(question):
        return f"从高到低依次是{'、'.join(ranked)}。" if len(set(values)) == len(values) else ""
    degree = "更" if two else "最"
    if (least := _LEAST.search(question)) and low < values[-2]:
        return f"{ranked[-1]}{degree}{_said(least) or '低'}。"
    if ((most := _MOST.search(question)) or (two and _EQUAL.search(question))) and high > values[1]:
        return f"{ranked[0]}{degree}{(most and _said(most)) or '高'}。"
    return added if _IN_ALL.search(question) else ""


def _said(degree: re.Match[str]) -> str:
    """The word itself (多, 快); empty of an English one."""
    return next((group for group in degree.groups() if group), "")


def nothing_found(city: str) -> str:
    """What is said of a city without an answer, in Chinese."""
    return f"没有找到{city}的答案。"


def composed_en(zh: str, cities: Collection[str]) -> str:
    """A sentence of ``conclusion`` or ``nothing_found`` in English, both without their full stop; empty of any other.

    Args:
        zh: the sentence.
        cities: that are compared; a sentence about anything else is not of this module.

    >>> cities = ["江门", "随州"]
    >>> composed_en("江门更多", cities), composed_en("江门比随州多2600家", cities), composed_en("合计3400家", cities)
    ('Jiangmen has the higher figure', "Jiangmen's figure is higher than Suizhou's by 2,600", 'The total is 3,400')
    >>> composed_en("从高到低依次是江门、随州", cities), composed_en("没有找到随州的答案", cities)
    ('From the highest to the lowest: Jiangmen, Suizhou', 'No answer was found for Suizhou')
    """
    if zh.startswith(_LOOSELY) and (stated := composed_en(zh.removeprefix(_LOOSELY), cities)):
        return f"By the figures given, {stated.replace('The total', 'the total').replace('From the', 'from the')}"
    if zh == _SAME:
        return "The figures are the same"
    if (nothing := _NOTHING.fullmatch(zh)) and nothing[1] in cities:
        return f"No answer was found for {english_name(nothing[1])}"
    if (ranks := _RANKS.fullmatch(zh)) and ranks[1] in cities:
        return f"{english_name(ranks[1])} has the {_DEGREES[ranks[2], bool(ranks[3])]} figure"
    if (order := _IN_ORDER.fullmatch(zh)) and set(names := order[1].split("、")) <= set(cities):
        return f"From the highest to the lowest: {', '.join(map(english_name, names))}"
    if (total := _TOTAL.fullmatch(zh)) and (described := describe_en(total[1])):
        return f"The total is {described[0][1]}"
    two = _MULTIPLE.fullmatch(zh) or _DIFFERS.fullmatch(zh)
    if two is None or not {two[1], two[2]} <= set(cities):
        return ""
    one, other = english_name(two[1]), english_name(two[2])
    if two.re is _MULTIPLE:
        return f"{one}'s figure is {two[3]} times {other}'s"
    described = describe_en(two[3])
    return f"{one}'s figure is higher than {other}'s by {described[0][1]}" if described else ""


def only_figure(sentence: str, question: str = "") -> Figure | None:
    """The figure of a sentence that is neither date nor number of order, as it now is (130 of 由110调整为130).

    Args:
        sentence: in Chinese.
        question: of several figures, the one that is said of what it names counts.

    Returns:
        None where there is none, or more than one.

    >>> only_figure("有四个目标：高企突破400家；1000家科技型中小企业入库", "科技型中小企业目标是多少？").value
    Decimal('1000')
    """
    figures = [f for f in read_frame(sentence).figures if f.kind in ("money", "percent", "count", "multiple")]
    figures = [f for f in figures if not is_superseded(f)]
    if len({(f.value, f.unit) for f in figures}) > 1 and (asked := set(find_concepts(question))):
        figures = [f for f in figures if asked & set(find_concepts(f.own))]
    if len({(f.value, f.unit) for f in figures}) != 1:
        return None
    return figures[0]


def _are_unlike(a: Figure, b: Figure) -> bool:
    """Whether two figures can't be set side by side: of other indicators, times of the year, bounds, planned and done,
    one of what was added or on average and the other not, falling, or a range.
    """
    one, other = (find_concepts(f.own) for f in (a, b))
    kin = any(x in kinds_of(y) or y in kinds_of(x) for x in one for y in other)
    turns = [find_turns(f.own) & {"new", "average", *({"up", "share"} if f.kind == "percent" else ())} for f in (a, b)]
    parts = [{(d.half, d.quarter) for d in f.dates} - {(0, 0)} for f in (a, b)]
    bounds = {a.bound, b.bound}
    return (
        bool(one and other and not kin)
        or turns[0] != turns[1]
        or parts[0] != parts[1]
        or {status_of(a), status_of(b)} == {"done", "planned"}
        or (len(bounds) > 1 and bool(bounds & _MIXED))
        or any(f.upper is not None or _FALLS.search(f.own) or f.raw_before.endswith(("-", "负", "－")) for f in (a, b))
    )


def _amount(value: Decimal, like: Figure) -> str:
    """A difference or sum in Chinese: of rates it is in points."""
    kind = "points" if like.kind == "percent" else like.kind
    return figure_zh(Quantity(value, kind, like.unit, 0, 0))
