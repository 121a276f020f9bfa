"""Which articles a briefing is of."""

from __future__ import annotations

from collections.abc import Sequence

from library.errors import NotFoundError, UsageError
from library.library import Library
from rag.evidence import find_gap, select_evidence
from rag.retrieve import Filters, passes, retrieve, understand

MAX_ARTICLES = 300
"""Every sentence of them is weighed: a minute's work for so many."""
_ABOUT = 8
_MIN_COVERAGE = 0.4  # of a topic's words; below it the shelf has nothing on it


def choose_articles(library: Library, ids: Sequence[str], topic: str = "", filters: Filters | None = None) -> list[str]:
    """Which articles a briefing is of: those named, else those nearest the topic, else all that pass the filters.

    Raises:
        NotFoundError: an id is unknown, or nothing fits.
        UsageError: more than ``MAX_ARTICLES`` fit.
    """
    filters = filters or Filters()
    if ids:
        chosen = [library.get(i).id for i in dict.fromkeys(ids)]
    elif topic:
        chosen = _about(library, topic, filters)
    else:
        chosen = [a.id for a in library.articles() if passes(a.city, a.published, filters)]
    if not chosen:
        raise NotFoundError("No article fits. See what there is with: kejian articles list")
    if len(chosen) > MAX_ARTICLES:
        raise UsageError(
            f"{len(chosen)} articles fit; a briefing takes {MAX_ARTICLES}. Name a city, dates or ids, "
            "or write one for each with: kejian export"
        )
    return chosen


def _about(library: Library, topic: str, filters: Filters) -> list[str]:
    """The few articles whose best sentences have the topic's words; none where nothing is about it."""
    query = understand(topic, library)
    evidence = select_evidence(query, retrieve(library, query, 20, filters), library.encoder, 12)
    if find_gap(query, evidence) or max(e.coverage for e in evidence) < _MIN_COVERAGE:
        return []
    return list(dict.fromkeys(e.article_id for e in evidence))[:_ABOUT]
