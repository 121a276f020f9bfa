"""Which articles are copies of each other. The tables live in the catalogue, so they can't fall out of step.

Copies are known per body: articles with the very same one share a row of ``bodies``. Two bodies are linked where
``near`` says so. Clusters follow from the links and from one order of all articles, never from the order in which
they came: by published date (undated ones last), then the fuller text, then the smaller id. In that order a body
joins the first leader that it is linked to, or leads. So each copy is near its leader itself, and no chain of
small changes ties strangers together. The cluster's id is that of its first article.
"""

from __future__ import annotations

import hashlib
import heapq
import json
import sqlite3
import struct
from collections.abc import Iterable, Iterator
from typing import Any

from library.records import Signature

SCHEMA = """
CREATE TABLE IF NOT EXISTS bodies (
    id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, leader INTEGER NOT NULL, signature BLOB);
CREATE INDEX IF NOT EXISTS bodies_leader ON bodies (leader);
CREATE TABLE IF NOT EXISTS sketches (
    hash INTEGER NOT NULL, body INTEGER NOT NULL REFERENCES bodies (id) ON DELETE CASCADE,
    PRIMARY KEY (hash, body)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sketches_body ON sketches (body);
CREATE TABLE IF NOT EXISTS links (
    body INTEGER NOT NULL REFERENCES bodies (id) ON DELETE CASCADE,
    other INTEGER NOT NULL REFERENCES bodies (id) ON DELETE CASCADE, PRIMARY KEY (body, other)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS links_other ON links (other);
"""
# Bodies of a library from before clusters: exact copies are known, near ones once they are signed.
ADOPT = """
INSERT OR IGNORE INTO bodies (sha256, leader) SELECT DISTINCT body_sha256, 0 FROM articles;
UPDATE bodies SET leader = id WHERE leader = 0;
"""
_IN_ORDER = "(a.published = ''), a.published, -length(a.body), a.id"

RESEMBLANCE = 0.5
CONTAINMENT = 0.75
LEAST_SHARE = 0.3
LEAST_SHINGLES = 40
# Of two bodies that resemble each other by half, the 32 smallest hashes have fewer than two in common in one pair of
# a hundred million; by a third, in one of ten thousand.
_LOOKED_UP, _IN_COMMON = 32, 2
_MOST_CANDIDATES = 100


def near(a: Signature, b: Signature) -> bool:
    """Whether two bodies are prints of the same article.

    Half of all their shingles are the same, or three quarters of the shorter one's where it is no mere excerpt;
    and no figure or city differs where the words around it are the same.
    """
    if min(a.size, b.size) < LEAST_SHINGLES:
        return a == b and a.size > 0
    resemblance, containment = overlap(a, b)
    alike = containment >= CONTAINMENT and min(a.size, b.size) >= LEAST_SHARE * max(a.size, b.size)
    return (alike or resemblance >= RESEMBLANCE) and not contradict(a, b)


def overlap(a: Signature, b: Signature) -> tuple[float, float]:
    """Estimates from the sketches: the resemblance (Jaccard) of two bodies, and the containment of the shorter."""
    cut = min((s.sketch[-1] for s in (a, b) if s.size > len(s.sketch)), default=2**63)
    left, right = ({h for h in s.sketch if h <= cut} for s in (a, b))
    shared = len(left & right)
    return shared / max(len(left | right), 1), shared / max(min(len(left), len(right)), 1)


def contradict(a: Signature, b: Signature) -> bool:
    """Whether some figure or city differs between the same words."""
    here, there = _by_context(a), _by_context(b)
    return any(here[c].isdisjoint(there[c]) for c in here.keys() & there.keys())


def _by_context(signature: Signature) -> dict[int, set[int]]:
    values: dict[int, set[int]] = {}
    for context, value in signature.facts:
        values.setdefault(context, set()).add(value)
    return values


def body_sha256(body: str) -> str:
    """The hash that tells copies of the very same cleaned text."""
    return hashlib.sha256(body.encode("utf-8")).hexdigest()


# -- writing


def enter(db: sqlite3.Connection, sha256: str, signature: Signature | None) -> None:
    """An article with that body has come, or its body's signature has: finds what it is near, and settles clusters."""
    row = db.execute("SELECT id, signature FROM bodies WHERE sha256 = ?", (sha256,)).fetchone()
    if row is None:
        body = db.execute("INSERT INTO bodies (sha256, leader) VALUES (?, 0)", (sha256,)).lastrowid
        db.execute("UPDATE bodies SET leader = id WHERE id = ?", (body,))
        row = (body, None)
    if signature is not None and row[1] is None:
        db.execute("UPDATE bodies SET signature = ? WHERE id = ?", (_pack(signature), row[0]))
        _link(db, row[0], signature)
    _settle(db, [row[0], *_linked(db, row[0])])


def leave(db: sqlite3.Connection, sha256: str) -> None:
    """An article with that body has gone: another one of its cluster is promoted where it led."""
    (body,) = db.execute("SELECT id FROM bodies WHERE sha256 = ?", (sha256,)).fetchone()
    touched = [body, *_linked(db, body)]
    if db.execute("SELECT 1 FROM articles WHERE body_sha256 = ? LIMIT 1", (sha256,)).fetchone() is None:
        db.execute("DELETE FROM bodies WHERE id = ?", (body,))
        touched.remove(body)
    _settle(db, touched)


def reorder(db: sqlite3.Connection, sha256: str) -> None:
    """What decides the order of an article with that body has changed: settles clusters."""
    (body,) = db.execute("SELECT id FROM bodies WHERE sha256 = ?", (sha256,)).fetchone()
    _settle(db, [body, *_linked(db, body)])


def unsigned(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """``(hash, body)`` of the bodies that have no signature yet."""
    shas = db.execute("SELECT sha256 FROM bodies WHERE signature IS NULL ORDER BY id").fetchall()
    for (sha256,) in shas:
        yield sha256, db.execute("SELECT body FROM articles WHERE body_sha256 = ? LIMIT 1", (sha256,)).fetchone()[0]


def _link(db: sqlite3.Connection, body: int, signature: Signature) -> None:
    looked_up = signature.sketch[:_LOOKED_UP]
    # Leaders come first: a page that every site has in a slightly other form must not hide its leader.
    rows = db.execute(
        "SELECT b.id, b.signature FROM (SELECT body, count(*) AS shared FROM sketches WHERE hash IN "
        "(SELECT value FROM json_each(?)) GROUP BY body HAVING shared >= ?) s JOIN bodies b ON b.id = s.body "
        "ORDER BY b.leader = b.id DESC, shared DESC, b.id LIMIT ?",
        (json.dumps(looked_up), min(_IN_COMMON, len(looked_up)), _MOST_CANDIDATES),
    ).fetchall()
    others = [other for other, blob in rows if near(signature, _unpack(blob))]
    pairs = [pair for other in others for pair in ((body, other), (other, body))]
    db.executemany("INSERT INTO links VALUES (?, ?)", pairs)
    db.executemany("INSERT INTO sketches VALUES (?, ?)", ((h, body) for h in looked_up))


def _linked(db: sqlite3.Connection, body: int) -> list[int]:
    return [int(r[0]) for r in db.execute("SELECT other FROM links WHERE body = ?", (body,))]


def _settle(db: sqlite3.Connection, bodies: Iterable[int]) -> None:
    """Finds the leaders of these bodies anew, and of whatever hangs on them.

    A body's place depends on earlier ones only, so going through them in order visits each once.
    """
    places: dict[int, tuple[Any, ...]] = {}

    def place(body: int) -> tuple[Any, ...]:
        if body not in places:
            places[body] = db.execute(
                f"SELECT {_IN_ORDER}, b.id FROM bodies b JOIN articles a ON a.body_sha256 = b.sha256 "
                f"WHERE b.id = ? ORDER BY {_IN_ORDER} LIMIT 1",
                (body,),
            ).fetchone()
        return places[body]

    waiting = [place(body) for body in set(bodies)]
    heapq.heapify(waiting)
    while waiting:
        here = heapq.heappop(waiting)
        body = here[-1]
        while waiting and waiting[0] == here:
            heapq.heappop(waiting)
        linked = _linked(db, body)
        earlier = [place(other) for other in linked if place(other) < here and _leader(db, other) == other]
        before, now = _leader(db, body), min(earlier)[-1] if earlier else body
        if now != before:
            db.execute("UPDATE bodies SET leader = ? WHERE id = ?", (now, body))
        if (now == body) != (before == body):
            for other in linked:
                if place(other) > here:
                    heapq.heappush(waiting, place(other))


def _leader(db: sqlite3.Connection, body: int) -> int:
    return int(db.execute("SELECT leader FROM bodies WHERE id = ?", (body,)).fetchone()[0])


def _pack(s: Signature) -> bytes:
    facts = [n for fact in s.facts for n in fact]
    return struct.pack(f"<IHH{len(s.sketch)}Q{len(facts)}I", s.size, len(s.sketch), len(facts), *s.sketch, *facts)


def _unpack(blob: bytes) -> Signature:
    size, hashes, numbers = struct.unpack_from("<IHH", blob)
    values = struct.unpack_from(f"<{hashes}Q{numbers}I", blob, 8)
    facts = values[hashes:]
    return Signature(size, values[:hashes], tuple(zip(facts[::2], facts[1::2], strict=True)))


# -- reading


def members(db: sqlite3.Connection, article_id: str) -> list[str]:
    """The ids of the article's cluster, its own among them, the leader first."""
    row = db.execute(
        "SELECT b.leader FROM articles a JOIN bodies b ON b.sha256 = a.body_sha256 WHERE a.id = ?", (article_id,)
    ).fetchone()
    return articles(db, row[0]) if row else []


def articles(db: sqlite3.Connection, cluster: int) -> list[str]:
    """The ids of a cluster's articles, the leader first."""
    rows = db.execute(
        "SELECT a.id FROM bodies b JOIN articles a ON a.body_sha256 = b.sha256 "
        f"WHERE b.leader = ? ORDER BY {_IN_ORDER}",
        (cluster,),
    )
    return [r[0] for r in rows]


def signature_of(db: sqlite3.Connection, sha256: str) -> Signature | None:
    """The signature of a body, where it has one."""
    row = db.execute("SELECT signature FROM bodies WHERE sha256 = ?", (sha256,)).fetchone()
    return _unpack(row[0]) if row and row[0] is not None else None


def leaders(db: sqlite3.Connection) -> dict[str, str]:
    """Of every article that another one leads, ``id -> the leader's id``."""
    rows = db.execute(
        "SELECT b.leader, a.id FROM bodies b JOIN articles a ON a.body_sha256 = b.sha256 WHERE b.leader IN "
        "(SELECT o.leader FROM bodies o JOIN articles i ON i.body_sha256 = o.sha256 GROUP BY 1 HAVING count(*) > 1) "
        f"ORDER BY b.leader, {_IN_ORDER}"
    )
    first: dict[int, str] = {}
    return {i: first[body] for body, i in rows.fetchall() if first.setdefault(body, i) != i}


def check(db: sqlite3.Connection) -> list[str]:
    """Contradictions between articles and clusters; empty when sound."""
    (lost,) = db.execute(
        "SELECT count(*) FROM articles WHERE body_sha256 NOT IN (SELECT sha256 FROM bodies)"
    ).fetchone()
    (bare,) = db.execute(
        "SELECT count(*) FROM bodies WHERE sha256 NOT IN (SELECT body_sha256 FROM articles) "
        "OR leader NOT IN (SELECT id FROM bodies WHERE leader = id)"
    ).fetchone()
    return [f"{n} {what}" for n, what in ((lost, "articles without a cluster"), (bare, "clusters out of step")) if n]
