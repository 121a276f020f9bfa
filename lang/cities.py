"""Chinese cities: finding their names in Chinese and English text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

import rjieba
from pypinyin import lazy_pinyin

# 云川市: two characters before 市, where a word begins, are a city, listed or not. Ordinary words in that
# place (近日市科技局) are told by the dictionary, which has no name of an unlisted city.
_UNLISTED = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{2})市(?![场民区长值面])")


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
    return tuple(name for name in names if not rjieba.has_word(name) and name[0] not in "在全本我各")


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
