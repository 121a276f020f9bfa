"""Reading a question: its language, the cities, dates and terms that it names, and what kind of answer it wants."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from lang.cities import Mention, city_mentions, english_name, is_word
from lang.claims import asked_status
from lang.dates import YEAR
from lang.glossary import expand, find_terms
from lang.script import detect_language, to_simplified
from lang.words import content_words
from library.library import Library

AskedUnit = Literal["", "money", "area", "share", "rank"]
"""A sum of money, a surface, a rate or share, a place in a row or ranking, or any figure."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the search sees it.

    ``zh`` is the question in Chinese: itself, or what a model made of an English one; empty where none did.
    ``lexical`` is what BM25 gets: Chinese words and their aliases; ``lexical_weight``, 0 to 1, is how much of its
    weight it gets. ``cities`` are demanded: what is found must be of them, or name them. ``mentioned`` are all that
    the question names for themselves, the demanded ones among them. ``since`` and ``until`` are the dates between
    which it asks for publications. ``wants_unit`` is what a figure must be of where one is asked for. ``compares`` says
    that several cities have to be looked at.
    """

    text: str
    language: str
    zh: str
    lexical: str
    lexical_weight: float
    cities: tuple[str, ...]
    years: tuple[str, ...]
    titles: tuple[str, ...]
    wants_figure: bool
    wants_unit: AskedUnit
    wants_list: bool
    wants_person: bool
    wants_date: bool
    wants_plan: bool
    mentioned: tuple[str, ...] = ()
    compares: bool = False
    since: str = ""
    until: str = ""


# 哪几家 and 这几项 point; they ask for no number.
_NUMBER = (
    r"多少|几多|(?<![哪这那近好前后来十])几(?:[家个项场人名成座所位套条次件辆台天倍亿万块]|年(?=[了内？?]|$))|百分之几"
)
_FIGURE = re.compile(
    rf"{_NUMBER}|第几|多大|占比|比例|增速"
    r"|how (?:many|much|large|big|high|fast)|by what (?:percentage|share)|\bfloor (?:area|space)\b"
    # What drove the growth, and which university leads the low-cost project, ask for no figure.
    r"|^(?:what(?! (?:drove|drives?|caused|explains?|happened|kind|sort|type|reasons?|effect|role)\b)(?:'s)? "
    r"|which (?=(?:[\w&-]+ ){0,2}(?:target|rate|growth|value|number|total|share|amount|cost|price)\b))"
    r".*(?<!-)\b(?:target|rate|growth|value|number|total|share|percentage|proportion|amount|cost|price)\b",
    re.I,
)
_COUNTS = re.compile(rf"{_NUMBER}|how (?:many|much)", re.I)
# 编号是多少 asks for L3 as well as for 17.
_CODE = re.compile("(?:编号|代号|代码|编码|型号|号码|邮编)(?:是|为|叫)?多少")
# Asked for as a sum; where it may as well be a rate (研发投入增长多少), no kind of figure is demanded.
_MONEY = re.compile(
    r"(?:登记额|成交额|交易额|合同额|产值|营收|收入|金额|总额|预算|资金|基金|经费|成本|价格|奖金|补助|投资)"
    r".{0,12}(?:多少|多大|几)"
    r"(?![个家项人名位座所件套台辆次条只天月年日号成倍]|企业|单位|团队|百分|比例|学生|员工|项目)"
    r"|多少(?:钱|资金|经费|投资|亿|万元|元)"
    r"|\bhow much (?:money|public money|funding|cash)\b"
    r"|\bhow (?:big|large) (?:is|was|will) (?:the|\w+'s) .{0,24}\b(?:fund|budget)\b"
    r"|^(?:what|which)\b(?! does\b).{0,40}(?<!-)\b(?:value|output|turnover|revenue|budget|cost|price|sum)\b",
    re.I,
)
_RATE = re.compile(
    r"增长|增速|增幅|提高|上?涨|上升|下降|占|比例|百分|强度|家|项|个"
    r"|\bgr[oe]w|\bris[ei]|\brais|\bincreas|\bshare|\bpercent|\brate|\bvalue added",
    re.I,
)
# 入驻率 is a share; 效率, 汇率 and 分辨率 need not be one.
_SHARE = re.compile(
    r"(?<![效功频汇曲速])(?<!分辨)率(?![先领队团]).{0,12}(?:多少|几)|(?:占比|比重|比例|份额|强度).{0,12}多少|百分之[几多]"
    r"|多[少大]的?比例|占(?!地)[^，。]{0,8}多少"
    r"|\b(?:what|which) (?:share|percentage|percent|proportion|fraction)\b|\bas a (?:share|percentage|proportion) of\b",
    re.I,
)
_RANK = re.compile(
    r"第几[位名]|排.{0,8}(?:多少[位名]|第几)|排名.{0,6}(?:多少|第?几)"
    r"|\bwhere (?:does|did|do) .{0,30}\brank|\bwhat (?:rank|place)\b|\bhow .{0,20}\brank",
    re.I,
)
_AREA = re.compile(
    r"面积.{0,12}(?:多少|多大|几)|多少(?:万?平方|亩|公顷)|\bfloor (?:area|space)\b|\bhow many (?:square|hectares|mu)\b",
    re.I,
)
_LIST = re.compile(
    r"哪些|哪几|哪[二两三四五六七八九十]|[二两三四五六七八九十]大\S{2,8}[是有指](?:什么|啥)|分别(?!(?:是|为|达到?|要达到)?(?:多少|几))|列出"
    r"|[有包]括?啥(?:内容|措施|举措|任务)"
    r"|各(?:自|都)?(?:叫|是|为|指)(?:做|作)?(?:什么|谁|哪)|[二两三四五六七八九十](?:位|名|个|家|项|条|类|种|座|所)"
    r"(?:(?!第[一二三四五六七八九十\d]|最).){0,12}(?:是谁|[是叫]什么)"
    r"|^(?:what|which) (?:are|were|(?!(?:is|was|does|has)\b|\w*(?:ss|us|is)\b)\w+s)\b|\blist\b"
    r"|^name (?:the|two|three|four|five|six)\b"
    r"|\b(?:in|with|to|for|on|from|by|of|at) which (?!\w*(?:ss|us|is)\b)\w+s\b"
    r"|\b(?:what|which) (?:two|three|four|five|six|seven|eight|nine|ten)\b",
    re.I,
)
_PERSON = re.compile(
    r"谁|哪位|(?:局长|书记|主任|市长|院长|校长|负责人|一把手|教授)(?:叫|的(?:名字|姓名))|\bwho\b|\bwhom\b|\bwhose\b",
    re.I,
)
# 哪家企业的增速最快 asks for a name.
_NAME = re.compile(r"谁|哪一?[家个位座所]|^which \w+ (?:has|is)\b", re.I)
_DATE = re.compile(
    r"哪一?[天年月日]|哪个(?:月|季度|年份|年度)|[何几]时|(?:什么|啥)时候|几[月号]|日期"
    r"|(?:召开|举办|申报|报名|印发|发布|完成|起止|公示)时间|截止(?!到?(?:目前|现在|当前|今|去|上|前|20))|\bhow soon\b"
    # When the mayor toured it, which building was it?
    r"|^when (?=\w+ .*\?)(?!.*,)|\bwhen (?:is|are|was|were|did|does|do|will|would|must|should|has|have|had|can)\b"
    r"|\b(?:which|what) (?:month|day|year|date)\b(?!-)|\blast day\b|\bdeadline\b",
    re.I,
)
_TITLE = re.compile(r"《([^》]+)》")
_NARROW = {n + 0xFEE0: n for n in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B), 0x25)}
# Numbers and names in Latin letters stand in Chinese text as they are.
_VERBATIM = re.compile(r"[0-9][0-9.,]*%?|[A-Z]{2,}[A-Za-z0-9]*")

# Between two cities that a question puts side by side.
_SIDE_BY_SIDE = re.compile(
    r"市?[\s,，、/]*(?:和|与|同|跟|及|以及|还是|或|比|对比|and|or|with|to|versus|vs\.?|than)?[\s,，、/]*", re.I
)
_COMPARING = re.compile(
    r"各[自是有为定占达]|各多少|各几|分别|相比|比较|对比|相差|差多少|差[距别异]|[哪谁].{0,12}更|更[高大多低小少快强]"
    r"|比.{1,20}[高大多低小少快强]|[两三四五]市|(?:有什么|有何)(?:不同|区别)|一样[高大多快强吗]"
    r"|几倍|多少倍|之和|加起来|排[个一]?[名序队]"
    r"|\bcompar\w+|\bversus\b|\bvs\b|\brespectively\b|\beach\b|\bboth\b|\bdiffer\w*|\bcombined\b"
    r"|\b(?:higher|larger|more|greater|bigger|smaller|lower|fewer|less|faster|ahead)\b"
    r"|\b(?:as (?:high|many|much|large|big|fast|low|few|ambitious) as|same .{1,60} as|gap between)\b"
    r"|\bhow (?:many|much)\b.*\btogether\s*\?",
    re.I,
)
_TOGETHER = re.compile(r"共建|合建|联合|联手|携手|共同|合作(?!项目)|\bjoint(?:ly)?\b|\btogether\b|\bcooperat", re.I)
_WHICH_CITIES = re.compile(
    r"(?:^|[，。；])(?:都?有)?哪(?:些|几个?)(?:城市|地市|市)"
    r"|[哪谁][个座一]*(?:城市|地市|地方|市).{0,20}[最更]|[最更].{0,20}哪[个座一]*(?:城市|地市|地方|市)"
    r"|各(?:城市|地市|市|地)(?!场)|[给将把]各?城市排"
    r"|\b(?:which|what) cities\b|\brank (?:the |all )?cities\b|\beach (?:of the )?(?:city|cities)\b"
    r"|\b(?:all|across|between) (?:the )?cities\b"
    r"|\bwhich (?:city|one)\b.{0,120}"
    r"\b(?:most|highest|largest|biggest|fewest|lowest|smallest|more|higher|fastest|least)\b",
    re.I,
)


def understand(question: str, library: Library | None, translated: str = "") -> Query:
    """Reads from a question what the search needs.

    Args:
        question: in Chinese or English.
        library: its cities are known, besides the listed ones.
        translated: an English question in Chinese, where a model has put it so.
    """
    language = detect_language(question)
    folded = to_simplified(question.translate(_NARROW))
    zh = folded if language == "zh" else translated
    shelf = library.cities() if library else ()
    mentioned = mentioned_cities(folded, shelf)
    about = _side_by_side(folded, shelf)
    if _TOGETHER.search(folded) and not _COMPARING.search(folded):
        about = about[:1]
    compares = len(about) > 1 or _compares(folded, mentioned)
    lexical, share = _words(zh, language) if zh else _in_chinese(question, mentioned)
    since, until = published_between(folded)
    either = f"{folded}\n{zh}"
    # 截止2024年底有多少家 asks for a number.
    wants_date = (_DATE.search(folded) or _DATE.search(zh)) is not None and _COUNTS.search(either) is None
    named = _NAME.search(folded) is not None and _COUNTS.search(either) is None
    figured = (_FIGURE.search(either) or _RANK.search(either)) is not None and not (named or _CODE.search(either))
    wants_figure, unit = figured and not wants_date, _asked_unit(either)
    return Query(
        text=folded,
        language=language,
        zh=zh,
        lexical=lexical,
        lexical_weight=share,
        cities=tuple(mentioned if compares else about),
        years=tuple(dict.fromkeys(YEAR.findall(folded))),
        titles=tuple(_TITLE.findall(folded)),
        wants_figure=wants_figure,
        wants_unit="" if wants_date or _CODE.search(either) else unit,
        wants_list=_LIST.search(folded) is not None and not compares,
        wants_person=_PERSON.search(either) is not None,
        wants_date=wants_date,
        wants_plan=asked_status(either) == "planned",
        mentioned=tuple(mentioned),
        compares=compares,
        since=since,
        until=until,
    )


def _asked_unit(question: str) -> AskedUnit:
    if _RANK.search(question):
        return "rank"
    if _AREA.search(question):
        return "area"
    if _SHARE.search(question):
        return "share"
    return "money" if _MONEY.search(question) and not _RATE.search(question) else ""


# Cities ----------------------------------------------------------------------------------------------------


def mentioned_cities(question: str, shelf: tuple[str, ...] = ()) -> list[str]:
    """The cities that a question names for themselves, in order; not those that lend a university its name.

    >>> mentioned_cities("What does Jiangmen want with Jinan University?")
    ['江门']
    """
    return list(dict.fromkeys(m.city for m in _standing(question, shelf)))


def _standing(question: str, shelf: tuple[str, ...]) -> list[Mention]:
    return [
        m
        for m in city_mentions(question, shelf)
        if not m.in_name and (m.city in shelf or is_word(question, m.start, m.end))
    ]


def _side_by_side(question: str, shelf: tuple[str, ...]) -> list[str]:
    """The city that a question is about, its first, and those that stand beside it (Jiangmen and Suizhou).

    What it only mentions (an incubator with its door open to Hong Kong) need not be in the evidence.
    """
    mentions = _standing(question, shelf)
    found = [m.city for m in mentions[:1]]
    for one, other in pairwise(mentions):
        if not _SIDE_BY_SIDE.fullmatch(question, one.end, other.start):
            break
        found.append(other.city)
    return list(dict.fromkeys(found))


def _compares(question: str, mentioned: Sequence[str]) -> bool:
    if len(mentioned) == 1:
        return False
    if mentioned and (_COMPARING.search(question) or _set_against(question, mentioned)):
        return True
    return _WHICH_CITIES.search(question) is not None


def _set_against(question: str, mentioned: Sequence[str]) -> bool:
    """Whether a city is what another is measured by: 有没有江门多, 高于随州, above Jiangmen's."""
    names = "|".join(re.escape(name) for city in mentioned for name in (city, english_name(city)))
    against = rf"(?:有没有|没有|还是|不如|高于|低于|多于|少于|大于|小于|(?i:\b(?:above|below|exceeds?)\s))(?:{names})"
    return re.search(against, question) is not None


# Dates -----------------------------------------------------------------------------------------------------

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if n}
_PUBLISHED_ZH = r"(?:发布|发表|刊发|刊登|登出|报道|公布|印发)"
# Only what limits publication is a filter: in 2025年的目标 the year is what an article says, and 去年 is its own.
_ASKED_DATES = (
    re.compile(
        r"(?P<year>20\d\d)年(?:(?P<month>\d{1,2})月(?:份|(?P<day>\d{1,2})日)?)?"
        rf"(?P<way>以来|以后|之后|后|起|以前|之前|前)?[^，。？?]{{0,4}}{_PUBLISHED_ZH}的"
    ),
    re.compile(
        r"\b(?:published|posted|released|reported|issued|articles|news|notices|reports)\s+(?P<way>in|on|since|after|from|before|until)\s+"
        rf"(?:(?P<day>\d{{1,2}})\s+)?(?:(?P<name>{'|'.join(_MONTHS)})\s+)?(?P<year>20\d\d)\b",
        re.I,
    ),
)
_BEFORE = frozenset("以前 之前 前 before until".split())
_AFTER = frozenset("以来 以后 之后 后 起 since after from".split())


def published_between(question: str) -> tuple[str, str]:
    """The ISO dates between which a question asks for publications; empty strings where it names none.

    >>> published_between("2025年2月发布的通知说了什么？"), published_between("江门2025年的目标是多少？")
    (('2025-02-01', '2025-02-28'), ('', ''))
    >>> published_between("Which news since March 2024 speak of hydrogen?")
    ('2024-03-01', '')
    """
    found = next((m for pattern in _ASKED_DATES if (m := pattern.search(question))), None)
    if found is None:
        return "", ""
    parts, way = found.groupdict(), (found["way"] or "").lower()
    year, name = int(found["year"]), parts.get("name")
    month = _MONTHS[name.lower()] if name else int(parts.get("month") or 0)
    day = int(parts["day"] or 0) if month else 0
    if month > 12 or (month and day > calendar.monthrange(year, month)[1]):
        return "", ""
    first = f"{year}-{month or 1:02}-{day or 1:02}"
    last = f"{year}-{month or 12:02}-{day or calendar.monthrange(year, month or 12)[1]:02}"
    return ("", last) if way in _BEFORE else (first, "" if way in _AFTER else last)


# English ---------------------------------------------------------------------------------------------------


def known_share(question: str, cities: Sequence[str]) -> float:
    """The share, 0 to 1, of an English question's content words that glossary and city list have."""
    words = {w for w in content_words(question) if not w[0].isdigit()}  # a figure is the same in both languages
    forms = [form for term in find_terms(question) for form in term.en_forms]
    forms += [english_name(city) for city in cities]
    return len({w for w in words if any(w in form.lower() for form in forms)}) / max(len(words), 1)


def _words(zh: str, language: str) -> tuple[str, float]:
    """The words of a question in Chinese with their aliases; those that a model chose are relied on by half."""
    return " ".join([zh, *expand(zh)]), 1.0 if language == "zh" else 0.5


def _in_chinese(question: str, cities: list[str]) -> tuple[str, float]:
    """The Chinese words that an English question has in glossary and city list, and how far they can be relied on.

    BM25 over them counts by the share, squared, of the question's words that were put into Chinese: where few
    were, it is noise. On XQuAD (1,190 English questions, Chinese paragraphs) nDCG@10 was .844 dense alone, .823
    with a constant weight of 0.5, and .844 with this one.
    """
    forms = [form for term in find_terms(question) for form in term.names]
    return " ".join([*cities, *forms, *_VERBATIM.findall(question)]), known_share(question, cities) ** 2
