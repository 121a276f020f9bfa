"""The targets that the shelf's articles state. The table lives in the catalogue and goes with its articles."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple

from library.records import Article, Move, Target

SCHEMA = """
CREATE TABLE IF NOT EXISTS targets (
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE, position INTEGER NOT NULL,
    city TEXT NOT NULL, fields TEXT NOT NULL, PRIMARY KEY (article_id, position)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS targets_read (
    article_id TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE) WITHOUT ROWID;
"""


def keep(db: sqlite3.Connection, article_id: str, targets: Iterable[Target]) -> None:
    """Stores what an article was found to aim for, in its order, and that it was read for it."""
    rows = [(article_id, n, t.city, json.dumps(astuple(t), ensure_ascii=False)) for n, t in enumerate(targets)]
    db.executemany("INSERT INTO targets VALUES (?, ?, ?, ?)", rows)
    db.execute("INSERT INTO targets_read VALUES (?)", (article_id,))


def move(db: sqlite3.Connection, change: Move) -> None:
    """Follows an article to its new id."""
    for table in ("targets", "targets_read"):
        db.execute(f"UPDATE {table} SET article_id = ? WHERE article_id = ?", (change.new_id, change.old_id))


def unread(db: sqlite3.Connection) -> list[str]:
    """The articles that were taken before targets were read."""
    return [r[0] for r in db.execute("SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM targets_read)")]


def read(
    db: sqlite3.Connection, targets_of: Callable[[Article], list[Target]], article: Callable[[str], Article | None]
) -> None:
    """Reads the targets of the articles that were not read for them."""
    for article_id in unread(db):
        if found := article(article_id):
            keep(db, article_id, targets_of(found))


def of_city(db: sqlite3.Connection, city: str) -> Iterator[Target]:
    """All targets of a city, or of all where it is empty, in the order of the shelf."""
    rows = db.execute(
        "SELECT t.article_id, t.fields FROM targets t JOIN articles a ON a.id = t.article_id "
        "WHERE ?1 = '' OR t.city = ?1 ORDER BY a.rowid, t.position",
        (city,),
    )
    for article_id, fields in rows.fetchall():
        values = json.loads(fields)
        yield Target(*[*values[:8], article_id, *values[9:]])
