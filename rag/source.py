"""What answers are drawn from: a library, or passages that a caller gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from library.encoder import Encoder
from library.library import Library
from library.records import Citation, Passage
from library.settings import Settings
from rag.evidence import Evidence, select_evidence
from rag.retrieve import Filters, Query, retrieve


@dataclass(frozen=True, slots=True)
class Source:
    """What answers are drawn from: finds evidence, and turns evidence into a citation.

    ``encoder`` is the one that the evidence's similarities are of. ``chosen`` says that the caller chose
    the passages: then a city that the question names need not be theirs.
    """

    find: Callable[[Query], tuple[list[Evidence], list[Passage]]]
    cite: Callable[[int, Evidence], Citation]
    encoder: Encoder
    chosen: bool = False


def library_source(library: Library, filters: Filters) -> Source:
    """Answers from a library."""

    def find(query: Query) -> tuple[list[Evidence], list[Passage]]:
        settings = library.settings.retrieval
        passages = retrieve(library, query, settings.passages, filters)
        return select_evidence(query, passages, library.encoder, settings.evidence), passages

    return Source(find, lambda n, e: library.get(e.article_id).cite(n, e.start, e.end), library.encoder)


def passages_source(passages: Sequence[str], encoder: Encoder, settings: Settings) -> Source:
    """Answers over given passages: ``article_id`` is a passage's index, and its spans count its characters."""
    whole = [Passage(str(i), f"passage:{i}", "", "", "", 0, len(p), p, 0.0) for i, p in enumerate(passages)]

    def find(query: Query) -> tuple[list[Evidence], list[Passage]]:
        return select_evidence(query, whole, encoder, settings.retrieval.evidence), whole

    def cite(n: int, e: Evidence) -> Citation:
        return Citation(n, e.article_id, "", "", "", e.uri, e.start, e.end, e.text, e.start, e.end)

    return Source(find, cite, encoder, chosen=True)
