"""The shelf's quantitative targets, chosen by city and indicator."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lang.cities import english_name
from lang.concepts import find_concepts, find_turns, kinds_of
from lang.glossary import find_terms
from library.library import Library
from library.records import Target
from rag.query import Query
from rag.retrieve import Filters, passes
from rag.wording import key_words, stands, wants_several

HEADINGS = ("City", "指标", "Indicator", "目标", "Target", "Year", "Article")
"""Of ``target_row``."""
_HEADINGS_ZH = ("城市", "指标", "Indicator", "目标", "Target", "年份", "文章")
_COLUMNS = {"zh": (0, 1, 3, 5), "en": (0, 2, 4, 5), "both": (0, 1, 2, 3, 4, 5)}
# Words that choose among no targets: the latest is what was adjusted. What was planned at first is another question.
_LIGHT = frozenset(
    "年中 上调 下调 调整 修订 最新 调整后 上调后 修订后 修改后 更新后 修改 更新 做到 实现 完成 数量 注册 今年"
    " 目前".split()
)
_CHOOSING = re.compile(r"[，,。][^，,。？?]*(?:上调|下调|调整|修订|更新)[^，,。？?]*(?=[，,。？?]|$)")
_WHAT = re.compile(r"目标(?:值|数)?(?:(?:是|为)(?:什么|怎样的)?)?[？?。]?$")
_OTHERWISE_ASKED = re.compile(r"为什么|为何|怎么|怎样|如何|\b(?:why|how (?!many|much|large|big|high|fast))\b", re.I)
_ORIGINAL = re.compile(
    r"原定|原来|最初|当初|年初|调整前|\b(?:original(?:ly)?|initial(?:ly)?|at first|previous(?:ly)?)\b", re.I
)
LINKING = re.compile("^(?:包括|其中|并|和|以及|同时|[、，“])+")
_SCOPES_EN = {"全国": "China", "全省": "the province", "全球": "the world"}
TARGETS = {"zh": "量化目标", "en": "Quantitative targets", "both": "Quantitative targets / 量化目标"}


def choose_targets(library: Library, city: str = "", indicator: str = "") -> list[Target]:
    """Targets of a city, or of all, that are of an indicator, in Chinese or English; in the order of the shelf.

    An indicator is known by any of its names: 高企 finds 高新技术企业, and so does "high-tech enterprises". A word that
    is no indicator is looked for in the names.
    """
    return [t for t in library.targets(city) if not indicator or is_of(t, indicator)]


def is_of(target: Target, indicator: str) -> bool:
    """Whether a target is of that indicator, or of a kind of it."""
    wanted = find_concepts(indicator)
    if wanted and any(wanted & kinds_of(c) for c in find_concepts(target.indicator)):
        return True
    # A word that is an indicator and no term of the glossary has no other names to look for.
    forms = {form.lower() for term in find_terms(indicator) for form in (*term.zh_forms, *term.en_forms)}
    names = f"{target.indicator}\n{target.indicator_en}".lower()
    return bool(forms or not wanted) and any(form in names for form in {*forms, indicator.lower()})


def stated_target(query: Query, library: Library, filters: Filters) -> Target | None:
    """The target that a question about one city asks for; None where the table does not surely have it.

    Sure is a target of the city that is of all that the question asks for, planned or grown as it asks, of its year
    or else of the latest; of several articles the latest counts.
    """
    # 云川取年中上调后的数: the latest is taken anyway.
    query = replace(query, zh=_CHOOSING.sub("", query.zh))
    other = query.wants_list or query.wants_person or query.wants_date or query.wants_unit == "area"
    other = other or wants_several(query)
    if not query.wants_plan or other or len(query.cities) != 1 or not find_concepts(query.zh):
        return None
    if not (query.wants_figure or _WHAT.search(query.zh)):
        return None
    if _OTHERWISE_ASKED.search(f"{query.zh} {query.text}") or _ORIGINAL.search(f"{query.zh} {query.text}"):
        return None
    alike = [t for t in library.targets(query.cities[0]) if _is_asked(t, query)]
    told = [(library.get(t.article_id), t) for t in alike]
    fitting = [(a, t) for a, t in told if passes(a.city, a.published, filters) and _has_words(t, query, a.title)]
    latest = max(((t.year or 0, a.published) for a, t in fitting), default=None)
    last = [t for a, t in fitting if (t.year or 0, a.published) == latest]
    # A heading states it, too, but a sentence says it in full.
    return max(last, key=lambda t: t.start > 0) if len({(t.value, t.unit) for t in last}) == 1 else None


def _is_asked(target: Target, query: Query) -> bool:
    """Whether a target is of the indicators that a question names, of its year, and grows or is new as there."""
    of = find_concepts(target.indicator)
    if not all(any(name in kinds_of(other) for other in of) for name in find_concepts(query.zh)):
        return False
    if query.years and str(target.year) not in query.years:
        return False
    return _turns(query.zh) == _turns(f"{target.indicator} {target.quote}")


def _has_words(target: Target, query: Query, title: str) -> bool:
    """Whether all that a question is about stands with the target."""
    said = f"{target.quote} {target.indicator} {title}"
    return all(stands(group, said) for group in key_words(query) if not group & _LIGHT)


def _turns(text: str) -> frozenset[str]:
    return find_turns(text) & {"up", "down", "share", "new"}


def target_sentence(target: Target) -> str:
    """What an answer says of a target, in the words of its article.

    >>> target_sentence(Target("青石", "高企", "", "≥", 800, "家", "800", 2026, "a", 0, 9, "并力争高企达800家。"))
    '青石市2026年的目标：力争高企达800家'
    """
    year = f"{target.year}年" if target.year else ""
    said = LINKING.sub("", target.quote).rstrip("。；，！!;,. ")
    lead = f"{target.city}市{year}{'，' if '目标' in said else '的目标：'}"
    return lead + re.sub(f"^{re.escape(target.city)}市?" if target.city else "^$", "", said)  # 市里 is no city


def target_sentence_en(target: Target) -> str:
    """The same in English, from the table's names; an empty string where the indicator has no English name.

    >>> target_sentence_en(Target("青石", "高企", "high-tech enterprises", "≥", 800, "家", "800", 2026, "a", 0, 9, ""))
    "Qingshi's target for 2026: high-tech enterprises, 800"
    """
    if not (target.indicator_en and target.text_en):
        return ""
    year = f" for {target.year}" if target.year else ""
    return f"{scope_in_english(target.city)}'s target{year}: {target.indicator_en}, {target.text_en}"


def targets_table(targets: Sequence[Target], language: str) -> list[tuple[str, ...]]:
    """The columns that a reader of the language needs, headings first; empty without targets.

    >>> targets_table([Target("青石", "高企", "", "≥", 800, "家", "800", 2026, "a", 0, 9, "高企达800家。")], "zh")
    [('城市', '指标', '目标', '年份'), ('青石', '高企', '≥ 800 家', '2026')]
    """
    headings = _HEADINGS_ZH if language == "zh" else HEADINGS
    rows = [headings, *(target_row(t, language) for t in targets)] if targets else []
    return [tuple(row[n] for n in _COLUMNS[language]) for row in rows]


def target_row(target: Target, language: str = "both") -> tuple[str, ...]:
    """A target as a reader of that language sees it: city, indicator and value in both languages, year, article."""
    value = f"{target.bound} {plain_number(target.value)}{'' if target.unit == '%' else ' '}{target.unit}"
    city = scope_in_english(target.city) if language == "en" else target.city
    return (
        city, target.indicator, target.indicator_en or target.indicator, value.strip(), target.text_en,
        "" if target.year is None else str(target.year), target.article_id,
    )  # fmt: skip


def scope_in_english(name: str) -> str:
    """The city that a target is of, or China, the province, the world; an empty string for none."""
    return _SCOPES_EN.get(name) or (english_name(name) if name else "")


def plain_number(value: float) -> str:
    """A value with thousands parted, without a needless fraction.

    >>> plain_number(8000000000), plain_number(3.2)
    ('8,000,000,000', '3.2')
    """
    return f"{value:,.0f}" if value == int(value) else f"{value:,}"
