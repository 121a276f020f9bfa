"""What a figure is of, in English: the name of an indicator, put together from the terms that it is made of."""

from __future__ import annotations

import re

from lang.concepts import name_in_english
from lang.glossary import of_terms, terms

_LEVELS = {"国家": "national", "省": "provincial", "市": "municipal", "县": "county", "区": "district"}
_LEVEL = re.compile(r"(?P<level>国家|省|市|县|区)级(?P<above>(?:及)?以上)?的?")
_NEW = re.compile("新增|新建|新认定|净增|再增|新引进|新培育|新设")
_SHARE = re.compile(r"(?:占(?P<of>[^的比重]*))?(?:的)?(?:占比|比重|比例|份额)|占(?P<whole>GDP|地区生产总值|.{2,8})的?$")
_GROWTH = re.compile(r"(?:的)?(?:年均)?(?P<turn>增长|增速|增幅|提高|提升|上升|下降|降低|减少)$")
_NUMBER = re.compile(r"(?:的)?(?:总数|存量|数量|总量|保有量)$")
_DONE = (
    ("立项", "approved"), ("成功对接", "matched"), ("对接", "matched"), ("落地转化", "put to use"),
    ("转化应用", "put to use"), ("入库", "registered"), ("落户", "settled"), ("建成", "completed"),
)  # fmt: skip
_PARTS, _LONGEST = 3, 16
_DOWN = frozenset(("下降", "降低", "减少"))
_NOT_COUNTED = frozenset("元 % 百分点 倍".split()) | {""}
_MASS = re.compile(
    r"(?:s|ing|ment|expenditure|output|revenue|intensity|value|added|turnover|GDP|area|capacity|equipment)$"
)


def indicator_in_english(zh: str, unit: str = "") -> str:
    """An indicator's English name; an empty string where no part of it is known.

    Args:
        zh: as the text names it.
        unit: what it is counted in; things that are counted stand in the plural.

    >>> indicator_in_english("国家高新技术企业总数", "家")
    'number of high-tech enterprises'
    >>> indicator_in_english("高新技术产业增加值占GDP的比重", "%")
    'value added of high-tech industries as a share of GDP'
    >>> indicator_in_english("新增省级科普基地", "家")
    'new provincial science popularisation bases'
    >>> indicator_in_english("来自企业的研发投入占比", "%")
    'enterprise R&D spending as a share of the total'
    """
    rest, shape = zh, "{}"
    if share := _SHARE.search(rest):
        whole = share["of"] or share["whole"] or ""
        rest = rest[: share.start()]
        shape = "{} as a share of " + (_known(whole) or "the total")
    elif growth := _GROWTH.search(rest):
        rest, shape = rest[: growth.start()], "reduction in {}" if growth["turn"] in _DOWN else "growth in {}"
    elif number := _NUMBER.search(rest):
        rest, shape = rest[: number.start()], "number of {}"
    new = "new " if _NEW.search(rest) else ""
    level = _LEVEL.search(rest)
    rest = _NEW.sub("", _LEVEL.sub("", rest)).strip("“”的")
    core, done = "", ""
    for form, en in _DONE:  # 科技成果对接 is a result that was matched; 科技成果对接会 is an event
        if rest.startswith(form) or rest.endswith(form):
            core, done = _known(rest.removeprefix(form).removesuffix(form).strip("“”的")), en
            break
    core = core or _known(rest)
    if not core:
        return ""
    counted = shape == "number of {}" or (shape == "{}" and unit not in _NOT_COUNTED)
    core = plural(core) if counted else core
    after = f" {done}" if done else ""
    return shape.format(f"{new}{_level(level)}{core}{after}")


def _level(found: re.Match[str] | None) -> str:
    if not found:
        return ""
    return f"{_LEVELS[found['level']]}{'-level and above' if found['above'] else ''} "


def _known(zh: str) -> str:
    """The English of a name from the names that it is made of; empty where its last part, the head, is not known."""
    parts, at, end = [], 0, 0
    while at < len(zh):
        form, english = _longest_at(zh, at)
        if english:
            parts.append(english)
            at = end = at + len(form)
        else:
            at += 1
    return " ".join(dict.fromkeys(parts[-_PARTS:])) if parts and end == len(zh) else ""


def _longest_at(zh: str, at: int) -> tuple[str, str]:
    """The longest known name that begins there, with its English; empty strings where none does."""
    for end in range(min(len(zh), at + _LONGEST), at + 1, -1):
        if english := _official().get(zh[at:end]) or name_in_english(zh[at:end]):
            return zh[at:end], english
    return "", ""


@of_terms
def _official() -> dict[str, str]:
    return {form: term.en for term in reversed(terms()) for form in term.zh_forms}


def plural(en: str) -> str:
    """The plural of an English name of things.

    >>> plural("high-tech enterprise"), plural("innovation body"), plural("R&D spending")
    ('high-tech enterprises', 'innovation bodies', 'R&D spending')
    """
    head, of, rest = en.partition(" of ")
    if _MASS.search(head):
        return en
    if re.search("[^aeiou]y$", head):
        head = f"{head[:-1]}ies"
    else:
        head += "es" if re.search("(?:x|ch|sh)$", head) else "s"
    return f"{head}{of}{rest}"
