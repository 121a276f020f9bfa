"""Which passages may answer a question: dense and BM25 search, fused by rank with weights by language."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lang.cities import english_name, find_cities
from lang.glossary import expand, find_terms
from lang.script import detect_language, to_simplified
from lang.words import content_words
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

    ``lexical`` is what BM25 gets: Chinese words of the question and their aliases; ``lexical_weight`` is what
    its ranking counts for beside the dense one's 1. ``cities`` are those that the question names.
    """

    text: str
    language: str
    lexical: str
    lexical_weight: float
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

# Numbers and names in Latin letters stand in Chinese text as they are.
_VERBATIM = re.compile(r"[0-9][0-9.,]*%?|[A-Z]{2,}[A-Za-z0-9]*")


def understand(question: str, library: Library | None) -> Query:
    """Reads from a question what the search needs: language, cities, quoted titles, the kind of answer."""
    language = detect_language(question)
    folded = to_simplified(question)
    cities = find_cities(folded, library.cities() if library else ())
    if language == "zh":
        lexical, weight = " ".join([folded, *expand(folded)]), 1.0
    else:
        lexical, weight = _in_chinese(question, cities)
    return Query(
        folded,
        language,
        lexical,
        weight,
        tuple(cities),
        tuple(_TITLE.findall(folded)),
        wants_figure=_FIGURE.search(folded) is not None,
        wants_list=_LIST.search(folded) is not None,
    )


def _in_chinese(question: str, cities: list[str]) -> tuple[str, float]:
    """The Chinese words that an English question has in glossary and city list, and what they weigh.

    BM25 over them counts by the share, squared, of the question's content words that were put into Chinese:
    where few were, it is noise. On XQuAD (1,190 English questions, Chinese paragraphs) nDCG@10 was .844 dense
    alone, .823 with a constant weight of 0.5, and .844 with this one.
    """
    terms = find_terms(question)
    words = content_words(question)
    forms = [form for term in terms for form in term.en_forms] + [english_name(city) for city in cities]
    covered = {w for w in words if any(w in form.lower() for form in forms)}
    share = len(covered) / max(len(words), 1)
    zh = [*cities, *(form for term in terms for form in term.zh_forms), *_VERBATIM.findall(question)]
    return " ".join(zh), share**2


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
        ("lexical", query.lexical, query.lexical_weight),
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
