"""The shelf's quantitative targets, chosen by city and indicator."""

from __future__ import annotations

from collections.abc import Sequence

from lang.cities import english_name
from lang.concepts import find_concepts, kinds_of
from lang.glossary import find_terms
from library.library import Library
from library.records import Target

HEADINGS = ("City", "指标", "Indicator", "目标", "Target", "Year", "Article")
"""Of ``target_row``."""
COLUMNS = {"zh": (0, 1, 3, 5), "en": (0, 2, 4, 5), "both": (0, 1, 2, 3, 4, 5)}
"""Those that a reader of the language needs."""
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
    forms = {form.lower() for term in find_terms(indicator) for form in (*term.zh_forms, *term.en_forms)}
    names = f"{target.indicator}\n{target.indicator_en}".lower()
    return any(form in names for form in {*forms, indicator.lower()}) and not (wanted and not forms)


def target_row(target: Target, language: str = "both") -> tuple[str, ...]:
    """A target as a reader of that language sees it: city, indicator and value in both languages, year, article."""
    value = f"{target.bound} {plain_number(target.value)}{'' if target.unit == '%' else ' '}{target.unit}"
    return (
        _city(target.city, language), target.indicator, target.indicator_en or target.indicator, value.strip(),
        target.text_en, "" if target.year is None else str(target.year), target.article_id,
    )  # fmt: skip


def _city(name: str, language: str) -> str:
    if language != "en" or not name:
        return name
    return _SCOPES_EN.get(name) or english_name(name)


def plain_number(value: float) -> str:
    """A value with thousands parted, without a needless fraction.

    >>> plain_number(8000000000), plain_number(3.2)
    ('8,000,000,000', '3.2')
    """
    return f"{value:,.0f}" if value == int(value) else f"{value:,}"


def differing(targets: Sequence[Target]) -> list[list[Target]]:
    """Targets of one city, indicator and year that several articles state otherwise."""
    groups: dict[tuple[str, frozenset[str] | str, int | None, str], list[Target]] = {}
    for t in targets:
        groups.setdefault((t.city, find_concepts(t.indicator) or t.indicator, t.year, t.unit), []).append(t)
    return [g for g in groups.values() if len({t.article_id for t in g}) > 1 and len({t.value for t in g}) > 1]
