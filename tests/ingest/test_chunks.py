from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from ingest.chunks import chunk_spans
from lang.sentences import split_sentences
from library.records import Span

PIECES = ["科", "创新", "企业" * 12, "高企存量" * 9, "，", "；", "。", "！", "\n", " ", "12", "ab"]
BODIES = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(BODIES, st.integers(4, 60))
def test_chunks_hold_every_sentence_once_in_order(body: str, most: int) -> None:
    chunks = chunk_spans(body, most)
    assert all(0 <= c.start < c.end <= len(body) and c.end - c.start <= most for c in chunks)
    assert all(a.end <= b.start for a, b in itertools.pairwise(chunks))
    covered = [i for c in chunks for i in range(c.start, c.end)]
    assert {i for start, end in split_sentences(body) for i in range(start, end)} <= set(covered)
    assert bool(chunks) == bool(body.strip())


@given(BODIES, st.integers(4, 60))
def test_a_sentence_that_fits_is_never_cut(body: str, most: int) -> None:
    chunks = chunk_spans(body, most)
    for start, end in split_sentences(body):
        if end - start <= most:
            assert any(c.start <= start and end <= c.end for c in chunks)


def test_chunks_are_filled() -> None:
    assert chunk_spans("一句话。" * 10, 12) == (Span(0, 12), Span(12, 24), Span(24, 36), Span(36, 40))


def test_a_long_sentence_is_cut_at_clauses_and_a_long_clause_at_the_limit() -> None:
    body = "短句。" + "甲" * 6 + "，" + "乙" * 13 + "。"
    assert [body[c.start : c.end] for c in chunk_spans(body, 10)] == [
        "短句。甲甲甲甲甲甲，",
        "乙" * 10,
        "乙" * 3 + "。",
    ]


def test_nothing_gives_no_chunks() -> None:
    assert chunk_spans("", 40) == chunk_spans(" \n ", 40) == ()
