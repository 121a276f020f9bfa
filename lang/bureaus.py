"""Public bodies of a city or county: finding their names, and giving 市科技局 its city."""

from __future__ import annotations

import re
from collections import Counter

import rjieba

from lang.cities import cities

_HAN = "[\u4e00-\u9fff]"
_KINDS = (
    "科学技术局|科技局|科技创新局|科技创新委员会|科创委|科学技术委员会|科委|工业和信息化局|工信局|发展和改革委员会|发展改革委|发改委|发展和改革局"
    "|发改局|市场监督管理局|市场监管局|教育局|财政局|商务局|人力资源和社会保障局|人社局|农业农村局|生态环境局|自然资源局|统计局|卫生健康委员会"
    "|卫生健康局|卫健委|卫健局|科学技术协会|科协|知识产权局|知识产权保护中心|人民政府办公室|人民政府"
)
_BODY = re.compile(rf"(?P<before>(?<!{_HAN}){_HAN}{{2,3}}[县区]|{_HAN}{{0,4}}市)(?P<kind>{_KINDS})")
_WHOLE = re.compile(rf"{_HAN}{{2,12}}?[省市州盟县区](?:{_KINDS}|{_HAN}{{0,10}}(?:局|厅|委|委员会|管委会|办公室))")


def is_body(line: str) -> bool:
    """Whether a line is the name of a body of a province, city or county and nothing else, as a signature is.

    >>> is_body("云川市科学技术局"), is_body("松溪县档案局"), is_body("要闻")
    (True, True, False)
    """
    return _WHOLE.fullmatch(line) is not None


def find_bureaus(text: str, city: str = "") -> list[str]:
    """Bodies of cities and counties that the text names, in order, repeats kept.

    Args:
        text: simplified Chinese.
        city: the city that 市科技局 belongs to; without it such a name is passed over.

    >>> find_bureaus("近日，江门市科技局召开会议，市科技局局长讲话", "江门")
    ['江门市科技局', '江门市科技局']
    """
    places = ((_place(m["before"], city), m["kind"]) for m in _BODY.finditer(text))
    return [place + kind for place, kind in places if place]


def main_bureau(text: str, city: str = "") -> str:
    """The body that a text is about: the one it names most often, the first of equals; empty where it names none.

    >>> main_bureau("市科技局召开会议，江门市科技局局长讲话，市财政局参加", "江门")
    '江门市科技局'
    """
    counts = Counter(find_bureaus(text, city))
    return counts.most_common(1)[0][0] if counts else ""


def _place(before: str, city: str) -> str:
    """The city or county at the end of ``before``: 近日江门市 is 江门市; 市 alone, or after a word, is ``city``."""
    if not before.endswith("市"):
        return before
    name = before[:-1]
    listed = next((name[i:] for i in range(len(name)) if name[i:] in cities() or name[i:] == city), "")
    if not listed and len(name) == 2 and not rjieba.has_word(name) and name[0] not in "在全本我各从由是与和及对向":
        listed = name
    if not listed and name.endswith(("省", "州", "区")):  # 省、市 and 自治区 bodies at once, or another province's
        return ""
    found = listed or city
    return f"{found}市" if found else ""
