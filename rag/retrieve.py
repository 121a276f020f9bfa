"""Which passages may answer a question: dense and BM25 search, fused by rank with weights by language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lang.cities import english_name, find_cities
from lang.glossary import expand, find_terms
from lang.script import detect_language, to_simplified
from lang.words import content_words
from library.library import Library
from library.records import Passage

Search = Literal["dense", "lexical"]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the user restricts a search to; empty strings restrict nothing. Dates are ISO."""

    city: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the search sees it.

    ``zh`` is the question in Chinese: itself, or what a model made of an English one; empty where none did.
    ``lexical`` is what BM25 gets: Chinese words and their aliases; ``lexical_weight`` is what its ranking counts
    for beside the dense ones' 1. ``cities``, ``years`` and ``titles`` are those that the question names.
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
    wants_list: bool
    wants_person: bool


_FIGURE = re.compile(
    r"多少|几[家个项场人名成]|多大|占比|比例|增速|how (?:many|much|large|big|high)"
    r"|^(?:what|which)\b.*\b(?:target|rate|growth|value|number|total|share|percentage|proportion|amount|cost|price)\b",
    re.I,
)
_LIST = re.compile(
    r"哪些|哪几|哪[二两三四五六七八九十]|[二两三四五六七八九十]大\S{2,8}[是有指]什么|分别|列出"
    r"|^(?:what|which) (?:are|were|\w+s)\b|\blist\b|^name the\b",
    re.I,
)
_PERSON = re.compile(r"谁|哪位|\bwho\b|\bwhom\b", re.I)
_TITLE = re.compile(r"《([^》]+)》")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
# Numbers and names in Latin letters stand in Chinese text as they are.
_VERBATIM = re.compile(r"[0-9][0-9.,]*%?|[A-Z]{2,}[A-Za-z0-9]*")


def understand(question: str, library: Library | None, translated: str = "") -> Query:
    """Reads from a question what the search needs.

    Args:
        question: in Chinese or English.
        library: its cities are known, besides the listed ones.
        translated: an English question in Chinese, where a model has put it so.
    """
    language = detect_language(question)
    folded = to_simplified(question)
    zh = folded if language == "zh" else translated
    cities = find_cities(folded, library.cities() if library else ())
    lexical, weight = (" ".join([zh, *expand(zh)]), 1.0) if zh else _in_chinese(question, cities)
    return Query(
        text=folded,
        language=language,
        zh=zh,
        lexical=lexical,
        lexical_weight=weight,
        cities=tuple(cities),
        years=tuple(dict.fromkeys(_YEAR.findall(folded))),
        titles=tuple(_TITLE.findall(folded)),
        wants_figure=_FIGURE.search(folded) is not None,
        wants_list=_LIST.search(folded) is not None,
        wants_person=_PERSON.search(folded) is not None,
    )


def known_share(question: str, cities: Sequence[str]) -> float:
    """The share, 0 to 1, of an English question's content words that glossary and city list have."""
    words = {w for w in content_words(question) if not w[0].isdigit()}  # a figure is the same in both languages
    forms = [form for term in find_terms(question) for form in term.en_forms]
    forms += [english_name(city) for city in cities]
    return len({w for w in words if any(w in form.lower() for form in forms)}) / max(len(words), 1)


def _in_chinese(question: str, cities: list[str]) -> tuple[str, float]:
    """The Chinese words that an English question has in glossary and city list, and what they weigh.

    BM25 over them counts by the share, squared, of the question's words that were put into Chinese: where few
    were, it is noise. On XQuAD (1,190 English questions, Chinese paragraphs) nDCG@10 was .844 dense alone, .823
    with a constant weight of 0.5, and .844 with this one.
    """
    forms = [form for term in find_terms(question) for form in term.zh_forms]
    return " ".join([*cities, *forms, *_VERBATIM.findall(question)]), known_share(question, cities) ** 2


def retrieve(library: Library, query: Query, k: int, filters: Filters | None = None) -> list[Passage]:
    """The ``k`` best passages, best first; ``score`` is the fused one, comparable within this call only.

    Where the question names cities, only passages from articles of those cities, or that name one, count.
    """
    settings, filters = library.settings.retrieval, filters or Filters()
    found: dict[tuple[str, int], Passage] = {}
    scores: dict[tuple[str, int], float] = {}
    for ranking, weight in _rankings(library, query, filters, settings.candidates):
        for rank, passage in enumerate(ranking, 1):
            key = (passage.article_id, passage.start)
            found[key] = passage
            scores[key] = scores.get(key, 0.0) + weight / (settings.rrf_k + rank)
    ordered = sorted(scores, key=lambda key: (-scores[key], key))
    return [replace(found[key], score=round(scores[key], 6)) for key in ordered][:k]


def _rankings(library: Library, query: Query, filters: Filters, n: int) -> list[tuple[list[Passage], float]]:
    searches: list[tuple[Search, str, float]] = [("dense", query.text, 1.0)]
    if query.zh and query.zh != query.text:
        # Both forms of a question find more than either: .869 against .829 and .854 nDCG@10 (XQuAD, 120 questions).
        searches.append(("dense", query.zh, 1.0))
    searches.append(("lexical", query.lexical, query.lexical_weight))
    return [
        (_ranking(library, query, filters, by, text, n), weight)
        for by, text, weight in searches
        if text.strip() and weight
    ]


def _ranking(library: Library, query: Query, filters: Filters, by: Search, text: str, n: int) -> list[Passage]:
    def search(city: str) -> list[Passage]:
        return library.search(text, by=by, k=n, city=city, since=filters.since, until=filters.until)

    if filters.city or not query.cities:
        return search(filters.city)
    own = [p for city in query.cities for p in (search(city) if city in library.cities() else [])]
    named = [p for p in search("") if p.city not in query.cities and _names(p, query.cities)]
    return sorted([*own, *named], key=lambda p: -p.score)


def _names(passage: Passage, cities: tuple[str, ...]) -> bool:
    return any(city in passage.text or city in passage.title for city in cities)
