"""Which passages may answer a question: dense and BM25 search, their scores combined with weights by language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from lang.glossary import expand, find_terms
from lang.script import skeleton
from lang.words import tokenize
from library.library import Library
from library.records import Passage
from rag.centring import english_query
from rag.fusion import shares
from rag.query import Query, known_share, understand
from rag.rerank import pair_scores

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Filters", "Part", "Query", "Ranked", "explain_query", "known_share", "rank", "retrieve", "understand"]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the user restricts a search to; empty strings restrict nothing. Dates are ISO."""

    city: str = ""
    since: str = ""
    until: str = ""


def passes(city: str, published: str, filters: Filters) -> bool:
    """Whether an article of that city and date passes the filters."""
    return (
        (not filters.city or city == filters.city)
        and (not filters.since or published >= filters.since)
        and (not filters.until or "" < published <= filters.until)
    )


@dataclass(frozen=True, slots=True)
class Part:
    """What one search gives a passage: ``adds`` is ``weight`` times ``share``, its score between last and best."""

    search: str
    rank: int
    score: float
    share: float
    weight: float

    @property
    def adds(self) -> float:
        return round(self.weight * self.share, 4)

    def to_dict(self) -> dict[str, Any]:
        return {
            "search": self.search, "rank": self.rank, "score": round(self.score, 4), "share": round(self.share, 4),
            "weight": round(self.weight, 4), "adds": self.adds,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage with why it stands where it does.

    ``terms`` are the words of the question, and their aliases, that it has; ``reranker`` is what the cross-encoder
    gave it, None where there is none.
    """

    passage: Passage
    parts: tuple[Part, ...] = ()
    terms: tuple[str, ...] = ()
    reranker: float | None = None

    def to_dict(self) -> dict[str, Any]:
        return {"searches": [p.to_dict() for p in self.parts], "terms": list(self.terms), "reranker": self.reranker}


@dataclass(frozen=True, slots=True)
class _Search:
    name: str
    by: Literal["dense", "lexical"]
    text: str
    weight: float
    vector: NDArray[np.float32] | None = None


@dataclass(slots=True)
class _Found:
    passage: Passage
    parts: list[Part] = field(default_factory=list)
    reranker: float | None = None

    @property
    def score(self) -> float:
        """The fused score; what the reranker has read stands before what it has not."""
        return sum(p.adds for p in self.parts) if self.reranker is None else 1000 + self.reranker

    @property
    def key(self) -> tuple[float, str, int]:
        return (-self.score, self.passage.article_id, self.passage.start)


def retrieve(library: Library, query: Query, k: int, filters: Filters | None = None) -> list[Passage]:
    """The ``k`` best passages, best first; ``score`` is comparable within this call only.

    Where the question demands cities, only passages from articles of those cities, or that name one, count; where it
    compares, the ``k`` are shared out between the cities. Of copies of an article, one is shown.

    Raises:
        SettingsError: the reranker that the settings name can't be loaded.
    """
    return [ranked.passage for ranked in rank(library, query, k, filters)]


def rank(library: Library, query: Query, k: int, filters: Filters | None = None) -> list[Ranked]:
    """As ``retrieve``, each passage with why it stands where it does."""
    within = narrowed(query, filters)
    found = _fused(library, query, within)
    if not found and within != (filters or Filters()):
        found = _fused(library, query, filters or Filters())  # the question's own dates fit nothing
    ordered = _without_copies(_reranked(library, query, sorted(found, key=lambda f: f.key)))
    chosen = _shared_out(query, ordered, k) if query.compares and not within.city else ordered[:k]
    wanted = list(dict.fromkeys([*tokenize(query.lexical)]))
    return [
        Ranked(
            replace(f.passage, score=round(f.score if f.reranker is None else f.reranker, 6)),
            tuple(f.parts), _terms_of(f.passage, wanted), f.reranker,
        )
        for f in chosen
    ]  # fmt: skip


def narrowed(query: Query, filters: Filters | None) -> Filters:
    """The user's filters, with the dates that the question asks for where the user gave none."""
    filters = filters or Filters()
    if filters.since or filters.until:
        return filters
    return replace(filters, since=query.since, until=query.until)


def explain_query(query: Query, filters: Filters | None, ranking: Sequence[Ranked]) -> dict[str, Any]:
    """How the question was read, as JSON; ``ranking`` is what it found, and tells whether its dates were kept."""
    asked = query.zh or query.text
    within = narrowed(query, filters)
    if not all(within.since <= r.passage.published <= (within.until or "9999") for r in ranking):
        within = filters or Filters()
    return {
        "language": query.language, "chinese": query.zh, "lexical": query.lexical,
        "terms": {term.zh: list(term.zh_forms) for term in find_terms(asked)}, "aliases": expand(asked),
        "cities": list(query.cities), "mentioned": list(query.mentioned), "compares": query.compares,
        "filters": {"city": within.city, "since": within.since, "until": within.until},
    }  # fmt: skip


# Searches --------------------------------------------------------------------------------------------------


def _searches(library: Library, query: Query) -> list[_Search]:
    """Dense ones weigh 1 together.

    Both forms of an English question find more than either: see docs/retrieval.md.
    """
    weight, encoder = library.settings.retrieval.lexical_weight, library.encoder
    lexical = _Search("BM25", "lexical", query.lexical, weight * query.lexical_weight)
    if query.language == "zh" or not len(library):
        return [_Search("dense", "dense", query.text, 1.0), lexical]
    share = 0.5 if query.zh else 1.0
    english = _Search("dense, English", "dense", query.text, share, english_query(encoder, query.text))
    chinese = [_Search("dense, Chinese", "dense", query.zh, share)] if query.zh else []
    return [english, *chinese, lexical]


def _fused(library: Library, query: Query, filters: Filters) -> list[_Found]:
    found: dict[tuple[str, int], _Found] = {}
    for search in _searches(library, query):
        if not search.text.strip() or not search.weight:
            continue
        ranking = _ranking(library, query, filters, search)
        on_scale = shares([p.score for p in ranking], from_zero=search.by == "lexical")
        for n, (passage, share) in enumerate(zip(ranking, on_scale, strict=True), 1):
            entry = found.setdefault((passage.article_id, passage.start), _Found(passage))
            entry.parts.append(Part(search.name, n, passage.score, share, search.weight))
    return list(found.values())


def _ranking(library: Library, query: Query, filters: Filters, search: _Search) -> list[Passage]:
    n = library.settings.retrieval.candidates
    vector = search.vector
    if search.by == "dense" and vector is None and len(library):
        vector = library.encoder.query(search.text)  # once, for it is searched with city by city

    def look(city: str) -> list[Passage]:
        return library.search(
            search.text, by=search.by, k=n, city=city, since=filters.since, until=filters.until, vector=vector
        )

    if filters.city or not query.cities:
        return look(filters.city)
    shelf = library.cities()
    own = [p for city in query.cities for p in (look(city) if city in shelf else [])]
    named = [p for p in look("") if p.city not in query.cities and _names(p, query.cities)]
    return sorted([*own, *named], key=lambda p: -p.score)


def _names(passage: Passage, cities: tuple[str, ...]) -> bool:
    return any(city in passage.text or city in passage.title for city in cities)


# Order -----------------------------------------------------------------------------------------------------


def _reranked(library: Library, query: Query, ordered: list[_Found]) -> list[_Found]:
    """The first few in the cross-encoder's order, where there is one; the rest behind them."""
    settings = library.settings.retrieval
    if not settings.reranker or not ordered:
        return ordered
    read = ordered[: settings.reranked]
    texts = [f"{f.passage.title}\n{f.passage.text}".strip() for f in read]
    scores = pair_scores(settings.reranker, query.text, texts, library.settings.encoder.device)
    for entry, score in zip(read, scores, strict=True):
        entry.reranker = round(score, 6)
    return sorted(ordered, key=lambda f: f.key)


def _without_copies(ordered: list[_Found]) -> list[_Found]:
    """Each search folds copies; but a search within a city may show another copy than one of the whole shelf."""
    kept: list[_Found] = []
    texts: dict[str, list[str]] = {}
    for entry in ordered:
        text, article = skeleton(entry.passage.text), entry.passage.article_id
        if not any(text in other for id, others in texts.items() if id != article for other in others):
            kept.append(entry)
            texts.setdefault(article, []).append(text)
    return kept


def _shared_out(query: Query, ordered: Sequence[_Found], k: int) -> list[_Found]:
    """The ``k`` best, so that each city that is compared has its turn; best first."""
    queues: dict[str, list[_Found]] = {city: [] for city in query.cities}
    for entry in ordered:
        p = entry.passage
        fits = [city for city in query.cities if city == p.city or (city in p.text or city in p.title)]
        for city in fits if query.cities else [p.city]:
            queues.setdefault(city, []).append(entry)
    chosen: dict[int, _Found] = {}
    turns = list(queues.values())
    for depth in range(max(map(len, turns), default=0)):
        for queue in turns:
            if depth < len(queue) and len(chosen) < k:
                chosen.setdefault(id(queue[depth]), queue[depth])
    return sorted(chosen.values(), key=lambda f: f.key)


def _terms_of(passage: Passage, wanted: Sequence[str]) -> tuple[str, ...]:
    there = set(tokenize(f"{passage.title} {passage.text}"))
    return tuple(word for word in wanted if word in there)
