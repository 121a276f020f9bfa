"""What answers are drawn from: a library, or passages that a caller gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from library.encoder import Encoder
from library.library import Library
from library.records import Citation, Passage, Target
from library.settings import Settings
from rag.evidence import Evidence, select_evidence
from rag.hostile import is_command, unmarked
from rag.items import asked_number
from rag.retrieve import Filters, Query, retrieve
from rag.targets import stated_target, target_sentence, target_sentence_en
from rag.vectors import cosine
from rag.verify import MARKER

_LONGEST = 20_000  # characters of an article that is read whole
_SURE = 4.0  # of a score, above what any sentence reaches


@dataclass(frozen=True, slots=True)
class Source:
    """What answers are drawn from: finds evidence, and turns evidence into a citation.

    ``stated`` gives the target that a question about one city asks for, where the table of targets surely has it, as
    evidence: the clause that states it, and the sentence that answers with it; ``stated_en`` puts that
    sentence into English, and is empty of any other. ``encoder`` is the one that the evidence's similarities are of.
    ``chosen`` says that the caller chose the passages: then a city that the question names need not be theirs.
    """

    find: Callable[[Query], tuple[list[Evidence], list[Passage]]]
    cite: Callable[[int, Evidence], Citation]
    encoder: Encoder
    chosen: bool = False
    stated: Callable[[Query], tuple[Evidence, str] | None] = lambda query: None
    stated_en: Callable[[str], str] = lambda sentence: ""


def library_source(library: Library, filters: Filters) -> Source:
    """Answers from a library."""

    def find(query: Query) -> tuple[list[Evidence], list[Passage]]:
        settings = library.settings.retrieval
        passages = retrieve(library, query, settings.passages, filters)
        counted = query.wants_list and asked_number(query.zh)
        read = [*passages, *_whole(library, passages)] if counted else passages
        return select_evidence(query, read, library.encoder, settings.evidence), passages

    @lru_cache(maxsize=8)  # asked for more than once on the way to an answer
    def stated(query: Query) -> tuple[Evidence, str] | None:
        target = stated_target(query, library, filters)
        if target is None or is_command(target.quote):
            return None
        a = library.get(target.article_id)
        similarity = round(cosine(query.zh, target.quote, library.encoder), 4)
        piece = Evidence(
            a.id, a.uri, a.title, a.city, a.published, target.start, target.end, target.quote, similarity, 1.0, _SURE
        )
        return piece, told(target)

    def told(target: Target) -> str:
        return unmarked(MARKER.sub("", target_sentence(target)))

    def stated_en(sentence: str) -> str:
        return next((target_sentence_en(t) for t in library.targets() if told(t) == sentence), "")

    def cite(n: int, e: Evidence) -> Citation:
        return library.get(e.article_id).cite(n, e.start, e.end)

    return Source(find, cite, library.encoder, stated=stated, stated_en=stated_en)


def _whole(library: Library, passages: Sequence[Passage]) -> list[Passage]:
    """The first two articles found, whole: five things that are counted may stand in passages that were not found.

    A very long one is left out: each of its sentences would be encoded.
    """
    found = list(dict.fromkeys(p.article_id for p in passages))[:2]
    least = min((p.score for p in passages), default=0.0)
    articles = [library.get(id) for id in found]
    return [
        Passage(a.id, a.uri, a.title, a.city, a.published, 0, len(a.body), a.body, least)
        for a in articles
        if len(a.body) <= _LONGEST
    ]


def passages_source(passages: Sequence[str], encoder: Encoder, settings: Settings) -> Source:
    """Answers over given passages: ``article_id`` is a passage's index, and its spans count its characters."""
    whole = [Passage(str(i), f"passage:{i}", "", "", "", 0, len(p), p, 0.0) for i, p in enumerate(passages)]

    def find(query: Query) -> tuple[list[Evidence], list[Passage]]:
        return select_evidence(query, whole, encoder, settings.retrieval.evidence), whole

    def cite(n: int, e: Evidence) -> Citation:
        return Citation(n, e.article_id, "", "", "", e.uri, e.start, e.end, e.text, e.start, e.end)

    return Source(find, cite, encoder, chosen=True)
