from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library import lexical

CHUNKS = {1: "力争高企存量达3000家", 2: "技术合同登记额达80亿元，增长20%", 3: "高企培育与高企申报，高企奖补"}


@pytest.fixture(scope="module")
def db() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute(lexical.SCHEMA)
    lexical.index_chunks(connection, CHUNKS.items())
    yield connection
    connection.close()


def _found(db: sqlite3.Connection, query: str, k: int = 9, among: list[int] | None = None) -> list[int]:
    return [i for i, _ in lexical.search_chunks(db, query, k, among)]


def test_rarer_and_repeated_words_weigh_more(db: sqlite3.Connection) -> None:
    assert _found(db, "高企")[0] == 3
    scores = [s for _, s in lexical.search_chunks(db, "高企存量", 9)]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


def test_any_word_may_match_in_either_script_and_width(db: sqlite3.Connection) -> None:
    assert _found(db, "技術合同與天氣") == [2]
    assert _found(db, "３，０００家")[0] == 1
    assert _found(db, "20%") == [2]


def test_results_can_be_limited_and_restricted(db: sqlite3.Connection) -> None:
    assert len(_found(db, "高企 合同", 2)) == 2
    assert _found(db, "高企", 9, [1, 2]) == [1]
    assert _found(db, "高企", 9, []) == []


def test_a_query_without_words_finds_nothing(db: sqlite3.Connection) -> None:
    assert _found(db, "的、了？") == []
    assert _found(db, "") == []


@pytest.mark.parametrize(
    "query", ['高企" OR "x', "高企 AND NOT 存量", "高企*", "NEAR(高企 存量)", "body:高企", "_", "%", "."]
)
def test_a_query_is_never_taken_for_an_expression(db: sqlite3.Connection, query: str) -> None:
    assert set(_found(db, query)) <= set(CHUNKS)


@given(query=st.text(max_size=30))
def test_no_text_breaks_the_search(db: sqlite3.Connection, query: str) -> None:
    lexical.search_chunks(db, query, 3)


def test_what_is_removed_is_not_found() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(lexical.SCHEMA)
    lexical.index_chunks(connection, CHUNKS.items())
    lexical.remove_chunks(connection, [3, 99])
    assert _found(connection, "高企") == [1]
    connection.close()
