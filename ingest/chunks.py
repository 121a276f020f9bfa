"""Chunks: whole sentences in order, up to a size, as spans of the body."""

from __future__ import annotations

from lang.sentences import split_clauses, split_sentences
from library.records import Span


def chunk_spans(body: str, max_chars: int) -> tuple[Span, ...]:
    """Spans that hold every sentence of the body once, in order, none longer than ``max_chars``.

    A sentence that is itself longer is parted at clauses, and a clause at the limit.

    >>> [(s.start, s.end) for s in chunk_spans("一句话。两句话。三句话。", 9)]
    [(0, 8), (8, 12)]
    """
    chunks: list[Span] = []
    for start, end in _pieces(body, max_chars):
        if chunks and end - chunks[-1].start <= max_chars:
            chunks[-1] = Span(chunks[-1].start, end)
        else:
            chunks.append(Span(start, end))
    return tuple(chunks)


def _pieces(body: str, max_chars: int) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    for start, end in split_sentences(body):
        if end - start <= max_chars:
            pieces.append((start, end))
            continue
        for a, b in split_clauses(body[start:end]):
            cuts = range(start + a, start + b, max_chars)
            pieces += [(cut, min(cut + max_chars, start + b)) for cut in cuts]
    return pieces
