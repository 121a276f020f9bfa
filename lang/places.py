"""Places that a text speaks of: cities, provinces, and 全国 and 全省 beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import rjieba
from pypinyin import lazy_pinyin

from lang.cities import city_spans, unlisted_cities

_SPECIAL = {"陕西": "Shaanxi", "内蒙古": "Inner Mongolia", "西藏": "Tibet", "香港": "Hong Kong", "澳门": "Macao"}
_SCOPES = (
    ("city", re.compile(r"全市|我市|本市|该市|(?<![A-Za-z])(?:the city|citywide|city-wide)(?![A-Za-z])", re.I)),
    ("nation", re.compile(r"全国(?![性科重首先领文两统优劳高双各知青总前])|我国(?!家)|(?<![A-Za-z])"
        r"(?:nationwide|national total|across (?:the country|China)"
        r"|China(?:'s|’s)?(?! \w+ University)|the country(?:'s|’s)?|in the nation)(?![A-Za-z])", re.I)),
    ("province", re.compile(r"全省|我省|全区范围|(?<![A-Za-z])(?:province-?wide|the (?:whole )?province(?:'s|’s)?"
        r"|provincial total)(?![A-Za-z-])", re.I)),
    ("world", re.compile(r"全球|世界各?[国地]|(?<![A-Za-z])(?:worldwide|global total|the world(?:'s"
        r"|’s)?)(?![A-Za-z])", re.I)),
)  # fmt: skip
# A place that somebody goes to, learns from or works with is not whose the figures are.
_OBJECT = re.compile(
    r"(?:赴|到|向|学习|借鉴|对接|来自|来到|前往|与|同|引进|(?:from|with|to|visit(?:ed|ing)?"
    r"|via)\s)(?:了)?$",
    re.I,
)
_PART_OF_NAME = re.compile(
    r"大学|学院|理工|师范|科技大学|路|街|\s(?:University|Institute|Normal|Road)|产研院"
    r"|省?(?:自然科学基金|科学院|科技[厅局]|科学技术[厅局]|发改委|财政厅|工信厅|人民政府|政府|委|重点研发)"
    r"|港澳大湾区"
)


_COUNTY = re.compile("[县区旗]")
_DISTRICT = re.compile(".+县|.{2,}[区旗]")  # 东区 is any city's
_LARGER = ("地区", "自治区", "特区", "行政区", "湾区", "库区", "开区", "新区", "发区")


@dataclass(frozen=True, slots=True)
class Place:
    """``text[start:end]`` names ``name``, a city or province in Chinese, or city (全市), nation, province, world."""

    start: int
    end: int
    name: str


def find_places(text: str, known: tuple[str, ...] = ()) -> list[Place]:
    """Places that figures of the text can be of, in order; not those that are visited, or part of a name.

    >>> [p.name for p in find_places("全省3000家，江门赴深圳引进400家")]
    ['province', '江门']
    """
    found = [Place(*m.span(), name) for name, pattern in _SCOPES for m in pattern.finditer(text)]
    found += [Place(a, b, name) for a, b, name in city_spans(text, (*known, *unlisted_cities(text)))]
    found += [Place(*m.span(), _province_of(m.group())) for m in _provinces().finditer(text)]
    kept: list[Place] = []
    for place in sorted(found, key=lambda p: (p.start, -p.end)):
        if (not kept or place.start >= kept[-1].end) and not _is_other(text, place):
            kept.append(place)
    return kept


def find_districts(text: str) -> list[tuple[int, str]]:
    """The counties and districts that a Chinese text names, each with where it ends; 园区 and 各县 name none.

    >>> find_districts("松溪县的研发投入强度只有1.12%，主城区、新区和各区县都更高。")
    [(3, '松溪县')]
    """
    if not _COUNTY.search(text):
        return []
    found, at = [], 0
    for word, tag in rjieba.tag(text):
        at += len(word)
        if tag == "ns" and _DISTRICT.fullmatch(word) and not word.endswith(_LARGER):
            found.append((at, word))
    return found


def province_of(city: str) -> str:
    """The province of a listed city, else an empty string."""
    return _table().get(city, "")


def _is_other(text: str, place: Place) -> bool:
    before = text[max(0, place.start - 9) : place.start]
    return _OBJECT.search(before) is not None or _PART_OF_NAME.match(text, place.end) is not None


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    lines = files("lang").joinpath("cities.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {zh: province for zh, _, province in rows}


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    provinces = {p for city, p in _table().items() if p not in _table()}
    english = {p: _SPECIAL.get(p, "".join(lazy_pinyin(p)).capitalize()) for p in provinces}
    return {name.lower(): p for p, name in english.items()} | {p: p for p in provinces}


def _province_of(written: str) -> str:
    return _names()[written.lower().removesuffix(" province")]


@lru_cache(maxsize=1)
def _provinces() -> re.Pattern[str]:
    latin = "|".join(n for n in _names() if n.isascii())
    han = "|".join(n for n in _names() if not n.isascii())
    return re.compile(rf"{han}|\b(?:{latin})\b", re.I)
