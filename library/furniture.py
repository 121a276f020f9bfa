"""Which short lines a site's pages have at their edges. The table lives in the catalogue and goes with its articles.

Lines are kept as hashes only: enough to say that a line was there before, and no text of anybody's page.
"""

from __future__ import annotations

import hashlib
import heapq
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from library.clusters import body_sha256, near, signature_of
from library.records import Move, Shelved, Signature

_PAGES = 3
SCHEMA = """
CREATE TABLE IF NOT EXISTS edges (
    site INTEGER NOT NULL, line INTEGER NOT NULL,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    PRIMARY KEY (site, line, article_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS edges_article ON edges (article_id);
"""


def remember(db: sqlite3.Connection, article_id: str, site: str, lines: Iterable[str]) -> None:
    """Stores the lines that an article's page had at its edges; without a site there is nothing to remember."""
    if not site:
        return
    rows = [(_hash(site), line, article_id) for line in sorted({_hash(line) for line in lines})]
    db.executemany("INSERT INTO edges VALUES (?, ?, ?)", rows)


def is_shared(db: sqlite3.Connection, site: str, line: str, pending: Sequence[Shelved], besides: str) -> bool:
    """Whether three pages of that site, no two of them copies, have that line; pending ones count as if shelved.

    Who is a copy is asked here and not of the clusters, for pending pages have none yet: a page must find the same
    lines whether those before it are on the shelf or wait for it.
    """
    replaced = {besides, *(item.article.id for item in pending)}
    waiting = [
        (item.article.id, body_sha256(item.article.body), item.signature)
        for item in pending
        if item.site == site and line in item.edge_lines and item.article.id != besides
    ]
    on_shelf = ((i, sha256, signature_of(db, sha256)) for i, sha256 in _carriers(db, site, line) if i not in replaced)
    distinct: list[tuple[str, Signature | None]] = []
    for _, sha256, signature in heapq.merge(on_shelf, sorted(waiting, key=itemgetter(0)), key=itemgetter(0)):
        if not any(sha256 == s or (signature and other and near(signature, other)) for s, other in distinct):
            distinct.append((sha256, signature))
        if len(distinct) == _PAGES:
            return True
    return False


def _carriers(db: sqlite3.Connection, site: str, line: str) -> Iterator[tuple[str, str]]:
    """``(article id, hash of its body)`` of the pages of that site with that line, by id."""
    yield from db.execute(
        "SELECT e.article_id, a.body_sha256 FROM edges e JOIN articles a ON a.id = e.article_id "
        "WHERE e.site = ? AND e.line = ? ORDER BY e.article_id",
        (_hash(site), _hash(line)),
    )


def move(db: sqlite3.Connection, renamed: Move) -> None:
    """The article has another id, and maybe another site."""
    site = _hash(renamed.site)
    db.execute("UPDATE edges SET article_id = ?, site = ? WHERE article_id = ?", (renamed.new_id, site, renamed.old_id))


def _hash(text: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True
    )
