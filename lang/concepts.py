"""What a stretch of text speaks of, the same in Chinese and English: indicators, levels, directions."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple


class Mention(NamedTuple):
    """A form in a text, and the indicators that it can mean: funding is 补贴 or 经费."""

    form: str
    names: tuple[str, ...]


_ACRONYM = re.compile(r"\b(?:r&d|gdp|smes?|pct)\b")
_Rows = dict[str, tuple[tuple[str, ...], tuple[str, ...], str]]

# gave up, set up: no rise.
_UP = "".join(f"(?<!{verb} )" for verb in "gave give set sets made make makes making take taken signed sign".split())

# Turns that a figure can take, besides what it is of.
_TURNS: dict[str, str] = {
    "up": "增长(?!点|极)|增加(?!值)|提高|提升|上升|上涨|增幅|增速|扩大|增至|升至|攀升|增量|增到|提速"
    r"|\b(?:grow(?:s|n|th|ing)?|grew|increas\w+|ris(?:e|es|ing|en)|rose"
    rf"|{_UP}up(?! to)"
    r"|gain\w*|climb\w*|expand\w*|higher by|jump\w*|rais\w+)\b",
    "down": "下降|降低|减少|降至|降幅|回落|下滑|缩减|压减|减至|下跌|缩短|减到|降到"
    r"|\b(?:fall(?:s|en|ing)?|fell|drop\w*|declin\w+|decreas\w+|down|cut|reduc\w+|lower(?:ed|ing)?(?! than)"
    r"|shr[aiu]nk\w*|slipp?ed|shorten\w*)\b",
    "share": "占比|比重|占(?!地(?![区方])|有)|份额|比例|之比|相当于"
    r"|\b(?:shares?|account(?:s|ed|ing)? for|proportion|percent(?:age)? of|of (?:the )?total|ma(?:de|kes?|king) up"
    r"|ratio|represent\w*|equal to)\b|[%％] of|cent of",
    "new": "新增|新建|新认定|新设|新培育|新引进|新入库|新签|净增|增加(?!到|至)|新立项|新获批|新登记|新登"
    r"|\b(?:new(?! energy| material|[- ]type| product| variet| quality| r&d)(?:ly)?|add(?:s|ed|ing)?|additional"
    r"|additions?|more(?! than| efficient)|net increase|further)\b",
    "total": "总数|共有|总量|存量|总额|累计|合计|拥有量|总计|达到总|保有量|现有|已有|历年|拥有|余额"
    r"|\b(?:(?<!of )(?<!of the )total(?:s|led|ling)?|all told|altogether|cumulative(?:ly)?|to date|stock|in all"
    r"|balance|there (?:are|were)|now (?:has|have)|overall|possess\w*|accumulat\w+)\b",
    "average": "年均|平均|每年|每家|人均|每人|每户|每亩|每个|均值|每项|每万[人名]|单个|每季度|每月"
    r"|\b(?:averag\w+|per (?:capita|year|annum|person|firm|company|enterprise|household|mu|project|head|team|winner"
    r"|month|recipient|[\d,]+)|each(?= [a-z])(?! other)|every|annually|a year(?! earlier| ago| on)|yearly)\b",
}
_TURN = {name: re.compile(pattern, re.I) for name, pattern in _TURNS.items()}
_LEVELS = {
    "national": r"国家级|全国重点|国家重点|国家(?:高新|自然|标准|科学|科技奖)|\b(?:national(?:-level)?"
    r"|state(?:-level)?)\b",
    "provincial": r"省级|省重点|省部级|\bprovinc(?:ial(?:-level)?|e-level)\b",
    "municipal": r"(?<!省)市级|\b(?:municipal(?:-level)?|city-level)\b",
    "county": r"县级|区级|\bcounty-level\b",
}
_LEVEL = {name: re.compile(pattern, re.I) for name, pattern in _LEVELS.items()}


def find_concepts(text: str) -> frozenset[str]:
    """Indicators that the text names, by their first Chinese name; the longest name at each place.

    >>> sorted(find_concepts("valid invention patents of high-tech firms"))
    ['有效发明专利', '高新技术企业']
    """
    return frozenset(name for mention in find_mentions(text) for name in mention.names)


def find_mentions(text: str) -> list[Mention]:
    """As ``find_concepts``, each place by itself, as written."""
    return [Mention(m.group(), _by_form()[_key(m.group())]) for m in _pattern().finditer(text)]


def without_concepts(text: str) -> str:
    """The text with a space for each indicator it names."""
    return _pattern().sub(" ", text)


@lru_cache(maxsize=1_000)
def kinds_of(concept: str) -> frozenset[str]:
    """The concept and all that it is a kind of: 有效发明专利 is 发明专利, and 专利."""
    found, new = {concept}, [concept]
    while new:
        parents = _rows().get(new.pop(), ((), (), ""))[2].split("|")
        names = {_by_form().get(p, (p,))[0] for p in parents if p} - found
        found |= names
        new += names
    return frozenset(found)


def name_in_english(zh: str) -> str:
    """The first English name of an indicator, in the singular; an empty string for what is none.

    >>> name_in_english("高企"), name_in_english("高")
    ('high-tech enterprise', '')
    """
    names = _by_form().get(zh, ())
    en = next((row[1][0] for name in names if (row := _rows()[name])[1]), "")
    return _ACRONYM.sub(lambda m: m.group().upper(), en)


def find_turns(text: str) -> frozenset[str]:
    """``up``, ``down``, ``share``, ``new``, ``total``, ``average``: which of them the text says.

    >>> sorted(find_turns("年均增长20%")), sorted(find_turns("account for 20% of the total"))
    (['average', 'up'], ['share'])
    """
    return frozenset(name for name, pattern in _TURN.items() if pattern.search(text))


def find_levels(text: str) -> frozenset[str]:
    """Levels of government that the text names: national, provincial, municipal, county."""
    return frozenset(name for name, pattern in _LEVEL.items() if pattern.search(text))


@lru_cache(maxsize=1)
def _rows() -> _Rows:
    rows: _Rows = {}
    for line in files("lang").joinpath("indicators.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            zh, en, parent = [*line.split("\t"), "", ""][:3]
            names = tuple(zh.split("|"))
            rows[names[0]] = names, tuple(filter(None, en.split("|"))), parent
    return rows


@lru_cache(maxsize=1)
def _by_form() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for name, (zh, en, _) in _rows().items():
        for key in dict.fromkeys(map(_key, (*zh, *en))):
            table[key] = (*table.get(key, ()), name)
    return table


def _key(form: str) -> str:
    """How a form is looked up: in lower case, hyphens as spaces, an English plural as the singular."""
    if not form.isascii():
        return form
    words = form.lower().replace("-", " ").split()
    return " ".join(w[:-2] if w.endswith(("ches", "shes", "xes")) else w.removesuffix("s") for w in words)


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    forms = {form for zh, en, _ in _rows().values() for form in (*zh, *en)}
    return re.compile("|".join(_as_pattern(f) for f in sorted(forms, key=lambda f: (-len(f), f))), re.I)


def _as_pattern(form: str) -> str:
    if not form.isascii() or form in ("GDP",):
        return re.escape(form) if not form.isascii() else rf"(?<![A-Za-z]){form}(?![A-Za-z])"
    inner = "[- ]".join(f"{re.escape(word)}(?:e?s)?" for word in re.split("[- ]", form))
    return rf"(?<![A-Za-z]){inner}(?![A-Za-z])"
