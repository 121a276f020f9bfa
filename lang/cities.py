"""Chinese cities: finding their names in Chinese and English text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import rjieba
from pypinyin import lazy_pinyin

from lang.people import pinyin_surnames

# 云川市: two characters before 市, where a word begins, are a city, listed or not. Ordinary words in that
# place (近日市科技局) are told by the dictionary, which has no name of an unlisted city.
_UNLISTED = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{2})市(?![场民区长值面])")

# What follows a city that only lends an institution its name. What is made with 的, 与 or a verb is no name
# (江门要建的实验室), nor is a kind (江门重点实验室 is any of Jiangmen's).
_JOINED = r"(?![哪什这那该的与和同跟及在有是要将把对向从到为被由让以并拟各市新几多每等、，。？?!])"
_KIND = (
    r"(?:(?:国家|重点|高水平|新型|本地|科技|企业|高校|研发|省级|市级|[省市两几个所家一二三四五六七八九十\d])+)"
    r"(?:大学|学院|研究[院所]|实验室|医院)"
)
_INSTITUTION_ZH = re.compile(
    rf"(?!{_KIND})(?:{_JOINED}[\u4e00-\u9fff]){{0,8}}?"
    r"(?:大学|学院|研究[院所]|科学院|产研院|实验室|医院|中学|证券交易所)"
)
_INSTITUTION_EN = re.compile(
    r"(?: (?:[A-Z][\w&-]*|of|and|normal|medical)){0,5}?"
    r" (?i:university|college|institute|academy|polytechnic|laboratory|lab|hospital|stock exchange)\b"
)
_INSTITUTION_OF_EN = re.compile(r"\b(?:university|college|institute|academy|bank) of $", re.I)
# Chen Jining is a man, whose given name reads like 济宁.
_CAPITALISED = re.compile(r"\b([A-Z][a-z]+) $")
# Guangzhou-Shenzhen-Hong Kong and 成都重庆双城经济圈 are regions, named by their cities.
_DASHES = tuple("-\u2010\u2011\u2013\u2014/")
_REGION = re.compile(r"[\u4e00-\u9fff]{0,4}?(?:湾区|走廊|城市群|都市圈|经济圈|经济带)| (?i:corridor|bay area|rim)\b")


@dataclass(frozen=True, slots=True)
class Mention:
    """A city that a text names. ``in_name`` says that it only lends its name to an institution or a region."""

    start: int
    end: int
    city: str
    in_name: bool


@lru_cache(maxsize=1)
def cities() -> dict[str, str]:
    """Chinese name to English name of the listed cities (prefecture level and above)."""
    lines = files("lang").joinpath("cities.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {zh: en for zh, en, _province in rows}


def english_name(city: str) -> str:
    """The city's English name: the listed one, else its pinyin.

    >>> english_name("汕尾"), english_name("云川")
    ('Shanwei', 'Yunchuan')
    """
    return cities().get(city) or "".join(lazy_pinyin(city)).capitalize()


def find_cities(text: str, known: tuple[str, ...] = ()) -> list[str]:
    """Cities that the text names, in Chinese or English, in order of appearance.

    Args:
        text: a question or a page.
        known: further cities, such as those that a library has articles of.

    >>> find_cities("Compare Suizhou with 江门市")
    ['随州', '江门']
    """
    return list(dict.fromkeys(city for _, _, city in city_spans(text, known)))


def city_spans(text: str, known: tuple[str, ...] = ()) -> Iterator[tuple[int, int, str]]:
    """``(start, end, city)`` of every city that the text names, in order; the longest name at each place.

    Args:
        text: Chinese or English.
        known: as for ``find_cities``.
    """
    forms, names = _forms(known), _by_beginning(known)
    done = 0
    for m in _first_letters(known).finditer(text):
        start = m.start()
        if start < done:
            continue
        for size in names.get(text[start : start + 2].lower(), ()):
            city = forms.get(text[start : start + size].lower()) if start + size <= len(text) else None
            if city and (not m[0].isascii() or _ends_word(text, start + size)):
                done = start + size
                yield start, done, city
                break


def city_mentions(text: str, known: tuple[str, ...] = ()) -> list[Mention]:
    """The cities that a question names, in order, with whether they stand for themselves.

    >>> [(m.city, m.in_name) for m in city_mentions("What does Jiangmen want with Jinan University?")]
    [('江门', False), ('济南', True)]
    >>> [(m.city, m.in_name) for m in city_mentions("深圳大学与江门市的合作")]
    [('深圳', True), ('江门', False)]
    >>> [(m.city, m.in_name) for m in city_mentions("What did Chen Jining see in Shanghai?")]
    [('济宁', True), ('上海', False)]
    """
    spans = list(city_spans(text, known))
    return [Mention(start, end, city, _is_in_name(text, start, end)) for start, end, city in spans]


def is_word(text: str, start: int, end: int) -> bool:
    """Whether a Chinese name in a text is a word there, not a piece of others (中山 in 孙中山, 东方 in 东方航空).

    >>> is_word("深圳市的目标", 0, 2), is_word("孙中山的学说", 1, 3)
    (True, False)
    """
    if text[start:end].isascii() or text.startswith("市", end):
        return True
    before = text[max(start - 8, 0) : start]
    words = rjieba.cut(before + text[start : end + 8])
    at = 0
    for word in words:
        if at == len(before):
            return word == text[start:end]
        at += len(word)
    return False


def _is_in_name(text: str, start: int, end: int) -> bool:
    before, after = text[max(start - 20, 0) : start], text[end : end + 2]
    if not text[start:end].isascii():
        return bool(_INSTITUTION_ZH.match(text, end) or _REGION.match(text, end))
    joined = (after.startswith(_DASHES) and after[1:].isupper()) or (
        before.endswith(_DASHES) and before[-2:-1].isalpha()
    )
    named = _INSTITUTION_EN.match(text, end) or _INSTITUTION_OF_EN.search(before) or _REGION.match(text, end)
    given = (surname := _CAPITALISED.search(before)) is not None and surname[1].lower() in pinyin_surnames()
    return bool(joined or named or given)


def main_city(text: str, title: str = "") -> str:
    """The city that a page is about, or an empty string where none stands out.

    It must be named in the title, or at least three times and in half of all mentions: a neighbour
    that is mentioned once is not the page's city.

    >>> main_city("江门产研院、江门职业技术学院与江门双碳实验室同深圳合作")
    '江门'
    """
    unlisted = unlisted_cities(f"{title}\n{text}")
    in_title = find_cities(title, unlisted)
    if in_title:
        return in_title[0]
    counts = Counter(city for _, _, city in city_spans(text, unlisted))
    if not counts:
        return ""
    city, n = counts.most_common(1)[0]
    return city if n >= 3 and n * 2 >= counts.total() else ""


def unlisted_cities(text: str) -> tuple[str, ...]:
    """Cities that the text calls 市 and no list has, in order of appearance, without 市."""
    names = dict.fromkeys(_UNLISTED.findall(text))
    return tuple(
        name for name in names if not rjieba.has_word(name) and name[0] not in "在全本我各个座" and name[-1] != "全"
    )


@lru_cache(maxsize=64)
def _forms(known: tuple[str, ...]) -> dict[str, str]:
    """Every way to write a city, English in lower case, to its Chinese name; the first of a pinyin wins."""
    table = {en.lower(): zh for zh, en in reversed(cities().items())}
    table |= {english_name(zh).lower(): zh for zh in known}
    return table | {zh: zh for zh in (*cities(), *known)}


# A pattern of all the names tries each of them at each place; a page names thousands of its own, if it is made to.
@lru_cache(maxsize=64)
def _by_beginning(known: tuple[str, ...]) -> dict[str, list[int]]:
    """The sizes of the names that begin with two characters, the longest first."""
    found: dict[str, set[int]] = {}
    for form in _forms(known):
        found.setdefault(form[:2], set()).add(len(form))
    return {beginning: sorted(sizes, reverse=True) for beginning, sizes in found.items()}


@lru_cache(maxsize=64)
def _first_letters(known: tuple[str, ...]) -> re.Pattern[str]:
    firsts = {form[0] for form in _forms(known)}
    return re.compile(f"[{re.escape(''.join(c for c in firsts if not c.isascii()))}]|\\b[A-Za-z]")


def _ends_word(text: str, at: int) -> bool:
    return at == len(text) or not (text[at].isalnum() or text[at] == "_")
