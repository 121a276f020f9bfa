"""Sentences as spans of their text, for Chinese, English and mixtures."""

from __future__ import annotations

import re

# A sentence ends at 。！？… or at ! ? or at a full stop that no letter or digit follows at once;
# closing quotes and brackets still belong to it. A ? before a small letter is a lost
# character (认真?zhèn). A line break always ends a sentence: paragraphs do not run on.
_END = re.compile(
    r"(?:[。！？]+|[!?]+(?![a-z])|……|(?<![A-Z0-9])\.(?=\s|$)|(?<=[0-9])\.(?=\s+[A-Z]|\s*$))"
    r"[”’」』）)\"'》】]*(?:\[\d+\])*|\n+"
)
_CLAUSE = re.compile(r"[，,；;：:。！？!?\n]")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Spans ``(start, end)`` of the sentences, without surrounding white space, in order.

    Markers such as ``[1]`` that follow the stop belong to the sentence before them.

    >>> t = "力争达3000家。要加快建设！\\n第二段"
    >>> [t[a:b] for a, b in split_sentences(t)]
    ['力争达3000家。', '要加快建设！', '第二段']
    """
    spans, start = [], 0
    for end in [m.end() for m in _END.finditer(text)] + [len(text)]:
        span = _trim(text, start, end)
        if span:
            spans.append(span)
        start = end
    return spans


def split_clauses(text: str) -> list[tuple[int, int]]:
    """Spans of the stretches between commas and stops, the mark included; together they cover the text."""
    cuts = [m.end() for m in _CLAUSE.finditer(text)]
    if not cuts or cuts[-1] != len(text):
        cuts.append(len(text))
    return [(a, b) for a, b in zip([0, *cuts], cuts, strict=False) if a < b]


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    if not piece.strip():
        return None
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
