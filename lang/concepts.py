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
    "up": r"[多高]出?了?\s*#|增长(?!点|极)|增加(?!值)|提高|提升|上升|上涨|增幅|增速|扩大|增至|升至|攀升|增量|增到|提速"
    r"|\b(?:grow(?:s|n|th|ing)?|grew|increas\w+|ris(?:e|es|ing|en)|rose"
    rf"|{_UP}up(?! to)"
    r"|gain\w*|climb\w*|expand\w*|higher by|jump\w*|rais\w+)\b",
    "down": r"[少低]了?\s*#|下降|降低|减少|降至|降幅|回落|下滑|缩减|压减|减至|下跌|缩短|压缩|减到|降到"
    r"|\b(?:fall(?:s|en|ing)?|fell|drop\w*|declin\w+|decreas\w+|down|cut|reduc\w+|lower(?:ed|ing)?(?! than)"
    r"|shr[aiu]nk\w*|slipp?ed|shorten\w*)\b",
    "share": "占比|比重|占(?!地(?![区方])|有)|份额|比例|之比|相当于|完成(?:全年|年度)?(?:目标|任务|计划)的"
    r"|\b(?:shares?|account(?:s|ed|ing)? for|proportion|percent(?:age)? of|of (?:the )?total|ma(?:de|kes?|king) up"
    r"|ratio|represent\w*|equal to)\b|[%％] of|cent of",
    "new": "新增|新建|新认定|新设|新培育|新引进|新入库|新签|净增|增加(?!到|至)|新立项|新获批|新登记|新登"
    r"|\b(?:new(?! energy| material|[- ]type| product| variet| quality| r&d)(?:ly)?|add(?:s|ed|ing)?|additional"
    r"|additions?|more(?! than| efficient)|net increase|further)\b",
    "total": "总数|共有|总量|存量|总额|累计|合计|拥有量|总计|达到总|保有量|现有|已有|历年|拥有|余额"
    r"|\b(?:(?<!of )(?<!of the )total(?:s|led|ling)?|all told|altogether|cumulative(?:ly)?|to date|stock|in all"
    r"|balance|there (?:are|were)|now (?:has|have)|overall|possess\w*|accumulat\w+)\b",
    "average": "年均|平均|每年|单项(?!冠军)|每[家人户亩个项名位组台件条所校班天日月季周](?!家)"
    r"|[人户亩日月校班组台]均(?!衡|匀)|[亩单]产(?=[量达为#\s])"
    "|均值|每万[人名]|单[个台家]|每季度|各\\s*#"
    r"|\b(?:averag\w+|per (?:capita|year|annum|person|firm|company|enterprise|household|mu|project|head|team|winner"
    r"|month|recipient|[\d,]+)|each(?= [a-z])(?! other)(?! of (?:the|its|their) #)|every|annually"
    r"|a year(?! earlier| ago| on)|yearly"
    r"|a (?:first|second|third|special|grand)[- ](?:class )?(?:prize|award)(?!s))\b",
}
_TURN = {name: re.compile(pattern, re.I) for name, pattern in _TURNS.items()}
_LEVELS = {
    "national": r"国家级|全国重点|国家重点"
    r"|国家(?:高新|自然|标准|科学|科技奖|创新型|技术|工程|实验室|企业技术|制造业)|\b(?:national(?:-level)?"
    r"|state(?:-level)?)\b",
    "provincial": r"省级|省重点|省部级|省财政|省(?=科技|科学技术|自然科学|技术发明)"
    r"|\bprovinc(?:ial(?:-level)?|e-level)\b(?! (?:total|average|capital))",
    "municipal": r"(?<!省)市级|市财政|\b(?:municipal(?:-level)?|city-level)\b",
    "county": r"县级|区级|\bcounty-level\b",
}
_GRADES = {
    "special": r"特等奖|\b(?:grand|special) (?:prize|award)",
    "first prize": r"一等奖|\bfirst[ -](?:class )?(?:prize|award)",
    "second prize": r"二等奖|\bsecond[ -](?:class )?(?:prize|award)",
    "third prize": r"三等奖|\bthird[ -](?:class )?(?:prize|award)",
    "first time": r"首次(?=认定|通过|申报|入库|获评)|\b(?:first|newly) recogni|\bfirst[- ]time|\bfor the first time",
    "first phase": r"(?<!第)[一首]期|\bfirst (?:phase|tranche)|\bphase (?:one|I|1)\b",
    "second phase": r"(?<!第)二期|\bsecond (?:phase|tranche)|\bphase (?:two|II|2)\b",
    "third phase": r"(?<!第)三期|\bthird (?:phase|tranche)|\bphase (?:three|III|3)\b",
    "angel round": r"天使轮|\bangel round",
    "series A": r"A\+?轮|\bseries A\b",
    "series B": r"B\+?轮|\bseries B\b",
    "series C": r"C\+?轮|\bseries C\b",
    "main": r"主(?=论坛|会场|赛)|\bmain (?:forum|venue)",
    "parallel": r"分(?=论坛|会场)|\b(?:sub|parallel|side|breakout)[- ]?(?:forum|session)",
    "domestic": r"国产|\bdomestic(?:ally)?\b",
    "imported": r"进口|\bimported\b",
    "women": r"女性|女(?=科技|博士|职工|企业家)|\bwom[ae]n\b|\bfemale",
    "renewed": r"重新认定|复审|\bre-?(?:certif|recogni)",
}
_DENOMINATORS = {
    "day": r"每[天日]|日均|\b(?:a|per|each|every) day\b|\bdaily\b",
    "month": r"每月|月均|\b(?:a|per|each|every) month\b|\bmonthly\b",
    "year": r"每年|年均|\b(?:a|per|each|every) year\b|\b(?:annual(?:ly)?|yearly)\b",
    "mu": r"每亩|亩均|亩产|\b(?:per|a|each) mu\b",
    "hectare": r"每公顷|\b(?:per|a|each) hectare\b",
    "household": r"每户|户均|\b(?:per|each) household\b",
}
_DENOMINATOR = {name: re.compile(pattern, re.I) for name, pattern in _DENOMINATORS.items()}
_GRADE = {name: re.compile(pattern, re.I) for name, pattern in _GRADES.items()}
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


def find_denominators(text: str) -> frozenset[str]:
    """For what each of a figure is told: day, month, year, mu, household."""
    return frozenset(name for name, pattern in _DENOMINATOR.items() if pattern.search(text))


def find_grades(text: str) -> frozenset[str]:
    """What tells things of one kind apart: first and second prize, phases, rounds, domestic and imported."""
    return frozenset(name for name, pattern in _GRADE.items() if pattern.search(text))


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
    if len(form) == 1 and form in "县镇村":
        return rf"(?<=[\d个各每座\s]){form}"  # not of 镇江 or 全县
    if not form.isascii() or form in ("GDP",):
        return re.escape(form) if not form.isascii() else rf"(?<![A-Za-z]){form}(?![A-Za-z])"
    inner = "[- ]".join(f"{re.escape(word)}(?:e?s)?" for word in re.split("[- ]", form))
    return rf"(?<![A-Za-z]){inner}(?![A-Za-z])"
