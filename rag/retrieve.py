"""Which passages may answer a question: dense and BM25 search, fused by rank with weights by language."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lang.cities import find_cities
from lang.glossary import expand, find_terms
from lang.script import detect_language, to_simplified
from library.library import Library
from library.records import Passage
from library.settings import RetrievalSettings


@dataclass(frozen=True, slots=True)
class Filters:
    """What the user restricts a search to; empty strings restrict nothing. Dates are ISO."""

    city: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the search sees it.

    ``lexical`` is what BM25 gets: Chinese words of the question and their aliases. ``cities`` are those
    that the question names.
    """

    text: str
    language: str
    lexical: str
    cities: tuple[str, ...]
    titles: tuple[str, ...]
    wants_figure: bool
    wants_list: bool


_FIGURE = re.compile(
    r"多少|几[家个项场人名成]|多大|占比|比例|增速|how (?:many|much|large|big|high)|what (?:share|percentage|proportion)"
    r"|(?:what|which).{0,40}(?:rate|growth|value|total|number)\b",
    re.I,
)
_LIST = re.compile(r"哪些|哪几|分别|列出|什么行动|^(?:what|which) (?:are|were)\b|\blist\b|^(?:name|what) the\b", re.I)
_TITLE = re.compile(r"《([^》]+)》")

# BM25 is noise for English until it gets Chinese words: on XQuAD (English questions, Chinese paragraphs)
# nDCG@10 was .844 dense, .129 BM25, .361 fused with equal weights; Chinese questions gain from equal weights.
_LEXICAL_WEIGHT = {"zh": 1.0, "en": 0.5}


def understand(question: str, library: Library | None) -> Query:
    """Reads from a question what the search needs: language, cities, quoted titles, the kind of answer."""
    language = detect_language(question)
    folded = to_simplified(question)
    cities = find_cities(folded, library.cities() if library else ())
    if language == "zh":
        lexical = " ".join([folded, *expand(folded)])
    else:
        lexical = " ".join([*cities, *(form for term in find_terms(question) for form in term.zh_forms)])
        lexical = f"{lexical} {' '.join(re.findall(r'[0-9][0-9.,]*%?|[A-Z][A-Za-z0-9]+', question))}"
    return Query(
        folded,
        language,
        lexical,
        tuple(cities),
        tuple(_TITLE.findall(folded)),
        wants_figure=_FIGURE.search(folded) is not None,
        wants_list=_LIST.search(folded) is not None,
    )


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
    rankings = []
    for by, text, weight in (
        ("dense", query.text, 1.0),
        ("lexical", query.lexical, _LEXICAL_WEIGHT[query.language]),
    ):
        if not text.strip():
            continue
        cities = [filters.city] if filters.city else [c for c in query.cities if c in library.cities()]
        passages = [
            passage
            for city in cities or [""]
            for passage in library.search(text, by=by, k=n, city=city, since=filters.since, until=filters.until)  # type: ignore[arg-type]
        ]
        if query.cities and not filters.city:
            wide = library.search(text, by=by, k=n, since=filters.since, until=filters.until)  # type: ignore[arg-type]
            passages += [p for p in wide if p.city not in query.cities]
            passages = [p for p in passages if p.city in query.cities or _names(p, query.cities)]
        rankings.append((sorted(passages, key=lambda p: -p.score), weight))
    return rankings


def _names(passage: Passage, cities: tuple[str, ...]) -> bool:
    return any(city in passage.text or city in passage.title for city in cities)


def default_k(settings: RetrievalSettings) -> int:
    """How many passages evidence is drawn from."""
    return settings.passages
