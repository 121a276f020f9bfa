"""BM25 by SQLite's FTS5 over jieba words. The table lives in the catalogue, so it can't fall out of step."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from lang.words import tokenize

SCHEMA = "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(body, tokenize = \"unicode61 tokenchars '%.'\")"


def index_chunks(db: sqlite3.Connection, rows: Iterable[tuple[int, str]]) -> None:
    """Adds ``(chunk id, text)`` rows; the words are cut here."""
    db.executemany("INSERT INTO words (rowid, body) VALUES (?, ?)", ((i, " ".join(tokenize(text))) for i, text in rows))


def remove_chunks(db: sqlite3.Connection, ids: Sequence[int]) -> None:
    db.executemany("DELETE FROM words WHERE rowid = ?", ((i,) for i in ids))


def search_chunks(
    db: sqlite3.Connection, query: str, k: int, among: Sequence[int] | None = None
) -> list[tuple[int, float]]:
    """The ``k`` best as ``(chunk id, BM25)``, best first (higher is better); any word may match."""
    words = list(dict.fromkeys(tokenize(query)))
    if not words:
        return []
    match = " OR ".join(f'"{w}"' for w in words)  # tokenize() lets no quotation mark through
    rows = db.execute(
        "SELECT rowid, -bm25(words) FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?",
        (match, k if among is None else -1),
    )
    allowed = None if among is None else set(among)
    hits = [(int(i), float(s)) for i, s in rows if allowed is None or i in allowed]
    return hits[:k]
