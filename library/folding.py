"""Passages of copies: where one says what the leader's copy says too, the leader's passage stands for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from lang.script import skeleton
from library.catalogue import ChunkRow
from library.records import Passage

Copies = Callable[[int], list[ChunkRow]]
"""From a cluster to the chunks of its first article that the search may show; empty where it has but one."""

_DIGITS = re.compile(r"\d+")
_GRAM = 4
# A passage that says this many characters in a row that the other copy lacks has a sentence of its own.
_OWN_WORDS = 20


def fold_copies(hits: list[tuple[ChunkRow, float]], copies: Copies) -> list[Passage]:
    """Hits as passages, best first; what several copies of an article say counts once.

    What only one copy says (the second half that a shorter one lacks) stays.
    """
    found: dict[int, Passage] = {}
    met: dict[int, dict[str, list[ChunkRow]]] = {}  # cluster -> article -> those of its chunks that were shown
    for hit, score in hits:
        if hit.cluster not in met:
            first = copies(hit.cluster)
            met[hit.cluster] = {first[0].article_id: first} if first else {}
        row = _stand_in(hit, met[hit.cluster])
        if row.id not in found:
            found[row.id] = Passage(*(*row.fields, score))
            if row.article_id != next(iter(met[hit.cluster]), row.article_id):
                met[hit.cluster].setdefault(row.article_id, []).append(row)
    return list(found.values())


def _stand_in(row: ChunkRow, met: dict[str, list[ChunkRow]]) -> ChunkRow:
    for article_id, chunks in met.items():
        if article_id == row.article_id:
            return row
        if _says_all("".join(chunk.text for chunk in chunks), row.text):
            wanted = _read(row.text)[2]
            return max(chunks, key=lambda chunk: (len(wanted & _read(chunk.text)[2]), -chunk.id))
    return row


def _says_all(other: str, text: str) -> bool:
    """Whether the other text says what this one says, but for a few characters here and there that are no figures."""
    (words, figures, _), (_, there, grams), missing = _read(text), _read(other), 0
    if not figures <= there:
        return False
    for at in range(max(len(words) - _GRAM + 1, 1)):
        missing = 0 if words[at : at + _GRAM] in grams else missing + 1
        if missing >= min(_OWN_WORDS, len(words) - _GRAM + 1):
            return False
    return True


@lru_cache(maxsize=256)
def _read(text: str) -> tuple[str, frozenset[str], frozenset[str]]:
    """Its words, its figures, and all runs of four characters."""
    words = skeleton(text)
    grams = frozenset(words[at : at + _GRAM] for at in range(max(len(words) - _GRAM + 1, 1)))
    return words, frozenset(_DIGITS.findall(words)), grams
