"""What a translator is handed in English beforehand: figures, dates, plans, names and terms of a Chinese sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lang.cities import city_spans, english_name, is_word
from lang.dates import MONTHS
from lang.glossary import find_terms
from lang.people import SURNAMES, find_people, romanize
from lang.quantities import describe_en, find_quantities
from lang.script import HAN, count_han, to_simplified
from rag.hostile import harmless

# 二是 before an item came out as "Two is" and "Two actions".
_ITEM_NUMBER = re.compile(r"^[一二三四五六七八九十]{1,2}[是要](?!不|否)")
# 张某某: the rest of the name is withheld.
_WITHHELD = re.compile(
    rf"(?<![{HAN}]某)(?P<surname>[{SURNAMES}])(?P<some>某{{1,2}})(?![些种个天日年月人物地市县区省镇村公单位项])"
)
DECADE = re.compile(
    r"(?:(?P<century>\d\d|十八|十九|二十|二十一)世纪|(?P<last>上个?世纪))(?P<decade>[一二三四五六七八九]十|\d0)年代"
)
_CENTURIES = {"十八": 18, "十九": 19, "二十": 20, "二十一": 21}
PLAN = re.compile('[“"]?十(?P<number>[一二三四五六])五(?![岁户年万亿])[”"]?(?:规划|计划)?')
# 十九届五中全会 came out as the 19th Five-Year Plan.
SESSION = re.compile(
    "(?:党的|中共)?(?P<term>1[5-9]|2\\d|十[五六七八九]|二十[一二三]?)届(?:中央委员会)?(?P<session>[一二三四五六七])中全会"
)
CONGRESS = re.compile("(?:党的|中共)(?P<term>1[5-9]|2\\d|十[五六七八九]|二十[一二三]?)大(?![会型])")
# Regions by one character of each place. What is a term of its own has its own English.
_REGIONS = {
    "广深港澳": "Guangzhou-Shenzhen-Hong Kong-Macao", "粤港澳": "Guangdong-Hong Kong-Macao",
    "港澳": "Hong Kong and Macao", "广深": "Guangzhou and Shenzhen",
}  # fmt: skip
_REGION = re.compile(f"(?:{'|'.join(_REGIONS)})(?!大湾区|科[技创]|港|台|高铁|铁路)")
_DATE = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)年)?(?P<month>1[0-2]|0?[1-9]) ?月(?:份|(?P<day>3[01]|[12]\d|0?[1-9]) ?[日号])(?!楼|线)"
    r"|(?<![\d月.])(?P<alone>3[01]|[12]\d|[1-9])日(?![本报元均常])"
)
SMALL: dict[str, int] = dict(zip("一二三四五六七八九十两", (*range(1, 11), 2), strict=True))
_ALSO_WORDS = frozenset("白银 中卫 东方 大同 安康 三明 开封 巴中 海东 双鸭山".split())
MOST_HINTS = 7
_NUMERALS = tuple("一二三四五六七八九十百千万亿")
_IN_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_NOT_CITY = "场|民|区|长"  # 市 that belongs to the word after it


def fold(zh: str) -> str:
    plain = DECADE.sub(decade_en, _ITEM_NUMBER.sub("", harmless(to_simplified(zh), len(zh))))
    return _WITHHELD.sub(lambda m: f" {romanize(m['surname'])} {'Moumou' if len(m['some']) > 1 else 'Mou'} ", plain)


def render(zh: str, names: Mapping[str, str]) -> str:
    """Plans, dates, figures and names in English, in place."""
    zh = SESSION.sub(_session_en, zh)
    zh = CONGRESS.sub(lambda m: f" the {ordinal(numeral(m['term']))} CPC National Congress ", zh)
    zh = _REGION.sub(lambda m: f" {_REGIONS[m[0]]} ", zh)
    zh = PLAN.sub(lambda m: f" the {10 + SMALL[m['number']]}th Five-Year Plan ", zh)
    parts, at = [], 0
    for date in _DATE.finditer(zh):
        parts += [render_figures(zh[at : date.start()]), f" {_date_en(date)} "]
        at = date.end()
    return put_names("".join([*parts, render_figures(zh[at:])]), names)


def _session_en(found: re.Match[str]) -> str:
    """A plenary session in English: 十九届五中全会 is the fifth plenary session of the 19th CPC Central Committee."""
    session = "first second third fourth fifth sixth seventh".split()[SMALL[found["session"]] - 1]
    return f" the {session} plenary session of the {ordinal(numeral(found['term']))} CPC Central Committee "


def numeral(written: str) -> int:
    """A number below a hundred, in digits or as 十九, 二十, 二十一."""
    if written.isdigit():
        return int(written)
    tens, _, ones = written.partition("十")
    return 10 * SMALL.get(tens, 1) + SMALL.get(ones, 0)


def _date_en(date: re.Match[str]) -> str:
    """A date as prose has it: 3 August 2023, August 2023, the 15th."""
    if date["alone"]:
        return f"the {ordinal(int(date['alone']))}"
    month = MONTHS[int(date["month"]) - 1]
    return " ".join(filter(None, [date["day"], month, date["year"]]))


def ordinal(n: int) -> str:
    return f"{n}{'th' if 10 < n % 100 < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def put_names(zh: str, names: Mapping[str, str]) -> str:
    """The sentence with names in English, in place; 市 after a city goes with it."""
    for name in sorted(names, key=len, reverse=True):
        zh = re.sub(rf"{re.escape(name)}市?(?!{_NOT_CITY})", f" {names[name]} ", zh)
    return zh


def renderings(zh: str) -> list[tuple[str, str]]:
    """Terms and names of a Chinese sentence with their English, the few that a prompt has room for."""
    terms = [(t.zh, t.en) for t in find_terms(zh) if t.zh in zh]
    names = [(name, romanize(name)) for name in find_people(zh)] + [
        (city, english_name(city)) for city in cities_of(zh)
    ]
    return [*names, *terms][:MOST_HINTS]


def render_figures(zh: str) -> str:
    """The Chinese sentence with its figures already in English, in place.

    In place they are copied; given beside the sentence, the 1.5B model still wrote 80亿元 as 80 billion.

    >>> render_figures("登记额达80亿元。")
    '登记额达 RMB 8 billion 。'
    """
    out, at = [], 0
    for written, english in describe_en(zh):
        found = zh.find(written, at)
        if found < 0:  # 左右 of 3000家左右400家 is read with either figure
            continue
        out += [zh[at:found], f" {english} "]
        at = found + len(written)
        if english.isdigit() and int(english) <= 12 and zh[at : at + 1] in _NUMERALS:  # 7个千亿级: else seven hundred
            out[-1] = f" {_IN_WORDS[int(english)]} "
    return "".join([*out, zh[at:]])


def rendering_of(missing: str) -> str:
    """A figure or city that was left out, in English.

    >>> [rendering_of(word) for word in ("2022年", "8月", "二十二届", "超百家", "武汉")]
    ['2022', 'August', '22nd', 'more than 100', 'Wuhan']
    """
    rendered, found = " ".join(render(missing, {}).split()), find_quantities(missing)
    if not found:
        return english_name(missing)
    value, unit = found[0].value, found[0].unit
    if unit == "月" and found[0].kind == "date" and 1 <= value <= 12:
        return MONTHS[int(value) - 1]
    if found[0].kind == "ordinal" or unit == "届":
        return ordinal(int(value))
    return f"{value.normalize():f}" if count_han(rendered) else rendered


def decade_en(found: re.Match[str]) -> str:
    """A decade in English: 20世纪70年代 is the 1970s, in whose words no other figure stands."""
    century = 20 if found["last"] else _CENTURIES.get(found["century"]) or int(found["century"])
    tens = SMALL.get(found["decade"][0]) or int(found["decade"][0])
    return f" the {century - 1}{tens}0s "


def cities_of(zh: str) -> list[str]:
    """The cities that a sentence names by themselves, not within 孙中山 or 北京大学.

    Those whose names are words, too, count where 市 says so: 白银 is silver.
    """
    named = dict.fromkeys(city for start, end, city in city_spans(zh) if is_word(zh, start, end))
    return [city for city in named if city not in _ALSO_WORDS or f"{city}市" in zh]
