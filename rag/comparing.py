"""Questions that compare cities: asked of each city by itself, and the figures then compared in code.

A small model that sees three cities' sentences at once answers for one of them, or gives one city's figure to another.
What follows from the figures is in ``rag.conclusions``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rag.conclusions import only_figure

_CITY = "§"  # stands for a city, or for several side by side
_JOINED = r"(?:[\s、，,和与跟及同比或]|以及|还是){0,4}"
_DEGREE = "(?:[大多低少快慢强]|高(?![企新校层质等科])|(?<!中)小)"
_WHICH_CITY = re.compile(
    r"哪[一个座些]*(?:城市|地市|市)|哪[一个座]*[边方]的?|哪[一个座]*(?=[^年月日天类项种]{0,8}[更最])|哪[一个]?的"
    rf"|谁(?=的|[^，。]{{0,20}}(?:[更最]|{_DEGREE}一?些?(?:$|，)))|[两三四五六]市|各(?:城市|地市|市|地)"
)
# What sets cities or answers side by side, and what is left of it where only one is asked for; in this order.
_SIDE_BY_SIDE = tuple(
    (re.compile(pattern), left)
    for pattern, left in (
        (r"^(?:请问?|麻烦|帮我|给我|你)*(?:(?:对比|比较)(?:一下|下)?(?=\S)|[算排比]一?下)?", ""),
        (r"^根?[据按]照?(.{2,20}?)[，,][^，]{0,6}排[名序列]为?§的?(.*)$", r"§的\1"),
        (r"^根?[据按]照?(.{2,20}?)[，,]?[给将把对为]?(?:§|各?城?市)(（[^）]*）)?[^，。]*?排.*$", r"§\2的\1"),
        (r"§[与和跟同]§(?:相比|比起来|比较|比)[，,]?|§的?还是§", "§"),
        (rf"§(?:要?比§)?的?(?:要|能|会|将)?(?:{_DEGREE}|超)出?(多少|几)([家个名项座所]\S{{2,}})", r"§有\1\2"),
        (rf"(?:要?比|有没有|没有|不如|有)§的?[^，。]{{0,8}}?(?:还|更|要|这么|那么)?{_DEGREE}.*$", "是多少"),
        (r"(?:是否|是不是)?(?:高于|低于|多于|少于|大于|小于|超过)§(?=.*(?:吗|是否|多少|几|$)).*$", "是多少"),
        (r"(?:是|为|相当于)§的?.{0,8}?(?:[几多]少?倍|倍数).*$", "是多少"),
        (r"(?<!§)[与和跟同]§的?.{0,8}?(?:一样|相同|相等|相当|持平|同样|差不多).*$", ""),
        (rf"(?:是)?{_DEGREE}?还是§的?.{{0,10}}{_DEGREE}$", "是多少"),
        (r"(?:相比|比较|对比)(?:起来|而言|之下)?[，,]|都(?=[是有要提])|(?<=§)比[，,]", ""),
        (r"(?:各自?|分别)(?=多少|几)", "是"),
        (r"各自?(?![项类级地县区种界位大市式省部行])|分别(?=[是为有要占达定叫])", ""),
        (r"加起来|加在一起|合起来|一共|总共|合计|共计|总计|的?之和|的?总和", ""),
        (r"(?:是不是|是否)?(?:一样|相同|相等|持平|差不多)[高大多快强]?[吗么]?$", ""),
        (
            r"的?(?:有(?:什么|何|多大|多少)?)?(?:差别|不同|区别|差异|差距|差额)"
            r"(?:[是有在为]*(?:多少|多大|几\w?|哪里?|什么)|大吗)?$",
            "",
        ),
        (rf"的?[从由]{_DEGREE}到{_DEGREE}.*$|怎么排.*$|排[个一]?[名序队行].*$", "是多少"),
        (rf"是?{_DEGREE}(?:还是|是){_DEGREE}$", "是多少"),
        (r"(?:相比|比较|对比)?(?:如何|怎样|怎么样)$|(?:相比|比较|对比)|相?差(?:多少|几)\w?", "是多少"),
        (rf"(?:定得?|要)?[更最]{_DEGREE}一?些?", "是多少"),
        (r"(?<=[\u4e00-\u9fff])[高大多低小少快慢](?=多少)", "是"),
        (rf"(?<=[\u4e00-\u9fff])(?<!多){_DEGREE}一?些?$", "是多少"),
        (r"(?:是?多少[，,的]?(?=是?多少))+", ""),
    )
)
_ASKS = re.compile("多少|谁|什么|几|哪|吗|如何|怎么|怎样")
_MEASURED = re.compile(
    r"目标|数|额|率|量|值|投入|增[长速幅]|比[重例]|占比|强度|规模|收入|资金|企业|高企|科小|孵化器|基地|平台|总"
)
# A clause of these alone only sets side by side (相差多少, 哪个更多): nothing of it is asked of one.
_COMPARED = re.compile(
    rf"比较?|对比|一下|{_DEGREE}[于出]?|多少|多大|[几哪][家个项名座倍边]?|谁|相?差[距别额异]?|倍|[更最]|一样|相同|加起来|一共|合计|总共|百分点"
    r"|两者|二者|两[市地个]|它们|各?城市|之间|[的是有没呢吗吧家个项亿万元]|那么?|又|会|要"
    r"|\b(?:so|how|much|many|big|large|far|more|less|fewer|higher|lower|bigger|larger|smaller|than|what|what's|which|one|is|are|was|were"
    r"|does|do|have|has|gap|difference|between|together|combined|in|total|compare[ds]?|with|by|percentage|points?|that|those|them"
    r"|the|two|of|both|and|these|cities|to)\b|\W",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"比|相?差|更|[哪谁].{0,4}最|一样|相同|倍|加起来|[哪谁].{0,4}[高多大快]|(?<![至最])[高大多低小少快慢]出?(?:多少|几)"
    r"|\b(?:more|less|fewer|higher|lower|bigger|larger|smaller|gap|difference|together|combined|compare[ds]?)\b",
    re.IGNORECASE,
)


def only_compares(text: str) -> bool:
    """Whether a text without its cities does nothing but set them side by side, in either language.

    >>> only_compares("哪个更多"), only_compares("how big is the gap between the two"), only_compares("高企目标更多")
    (True, True, False)
    """
    return _COMPARES.search(text) is not None and not _COMPARED.sub("", text)


def city_question(question: str, cities: Sequence[str], city: str) -> str:
    """What a comparing question asks of one city.

    >>> city_question("江门、随州三市的高企目标分别是多少？", ["江门", "随州"], "随州")
    '随州市的高企目标是多少？'
    >>> city_question("哪个城市的高企目标更多，江门还是随州？", ["江门", "随州"], "江门")
    '江门市的高企目标是多少？'
    >>> city_question("江门的高企目标比随州高吗？", ["江门", "随州"], "随州")
    '随州市的高企目标是多少？'
    >>> city_question("江门和随州的研发投入目标，哪个增长更快？", ["江门", "随州"], "江门")
    '江门市的研发投入目标，增长是多少？'
    """
    name = f"(?:{'|'.join(map(re.escape, cities))})市?"
    first, *more = re.split("[。？?]", question.rstrip("？?。 "))
    own = [m for m in more if not any(c in m for c in cities if c != city)]  # what is added of another is not its
    text = _without_own_years("，".join([first, *own]), cities)
    text = re.sub(rf"^(?:相比|比起|相较于?|[与和跟同]){name}(?:相比|比起来|比较|比)?[，,](?=.*{name})", "", text)
    text = re.sub(rf"{name}(?:{_JOINED}{name})*", _CITY, text)
    clauses = [c for c in re.split("[，,]", text) if not only_compares(c.replace(_CITY, ""))] or [text]
    text = re.sub(rf"(?<=.)，\s*{_CITY}$", "", "，".join(clauses))
    text = _WHICH_CITY.sub("" if _CITY in text else _CITY, text)
    for pattern, left in _SIDE_BY_SIDE:
        text = pattern.sub(left, text)
    before, _, after = text.partition(_CITY)
    text = f"{before}{city}市{after.replace(_CITY, '')}"
    if "哪些" in question and not _ASKS.search(text):
        return f"{text}吗？"
    if _ASKS.search(text):
        return f"{text}？"
    return f"{text}是{'多少' if _MEASURED.search(text) else '什么'}？"


def years_of(question: str, cities: Sequence[str], years: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The years that a comparing question asks of each city: those at its name are its own, the others everyone's.

    >>> years_of("随州2025年的目标比云川2026年的高吗？", ["随州", "云川"], ["2025", "2026"])
    {'随州': ('2025',), '云川': ('2026',)}
    >>> years_of("随州和云川2025年的目标各是多少？", ["随州", "云川"], ["2025"])
    {'随州': ('2025',), '云川': ('2025',)}
    """
    own: dict[str, set[str]] = {city: set() for city in cities}
    for _, run, paren, year in _dated_runs(question, cities):
        if year in years and (paren or len(run) == 1):
            own[run[-1]].add(year)
    taken = set().union(*own.values())
    return {city: tuple(y for y in years if y in own[city] or y not in taken) for city in cities}


def _dated_runs(text: str, cities: Sequence[str]) -> Iterator[tuple[re.Match[str], list[str], str, str]]:
    """Where cities are followed by a year: the match, the cities of the run, the bracket if there is one, the year."""
    name = f"(?:{'|'.join(map(re.escape, cities))})市?"
    for m in re.finditer(rf"({name}(?:{_JOINED}{name})*)(?:的)?\s*([（(])?\s*(20\d\d)年?(?:度)?[）)]?的?", text):
        yield m, re.findall("|".join(map(re.escape, cities)), m[1]), m[2] or "", m[3]


def _without_own_years(text: str, cities: Sequence[str]) -> str:
    """Without the years that belong to one city only."""
    for m, run, paren, _ in reversed(list(_dated_runs(text, cities))):
        if paren or len(run) == 1:
            rest = text[m.end() :]
            text = f"{text[: m.end(1)]}{'' if not rest or rest[0] in '的，、和与跟同或比' else '的'}{rest}"
    return text


def alike(said: Mapping[str, str], question: str = "") -> dict[str, str]:
    """The cities whose sentence has the kind of figure that most have; all of them where none has a figure.

    Args:
        said: by city, the sentence about it.
        question: tells which of several figures counts.

    >>> sorted(alike({"江门": "目标3000家。", "随州": "突破400家。", "惠州": "评选二十强。"}))
    ['江门', '随州']
    """
    kinds = {city: (q.kind, q.unit) for city, sentence in said.items() if (q := only_figure(sentence, question))}
    if not kinds:
        return dict(said)
    common = Counter(kinds.values()).most_common(1)[0][0]
    return {city: sentence for city, sentence in said.items() if kinds.get(city) == common}
