"""The SQL of a library: articles, chunks with their vectors, words, and which generation is true."""

from __future__ import annotations

import json
import sqlite3
import time
import zlib
from array import array
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from library import clusters, furniture, lexical, targets
from library.errors import LibraryDamaged, LibraryError, LibraryLocked, UsageError
from library.records import Article, Details, Flag, Move, Origins, Shelved, Signature, Step, Summary, Target

if TYPE_CHECKING:
    from numpy.typing import NDArray

SCHEMA_VERSION = 3
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS articles (
    id TEXT PRIMARY KEY, uri TEXT NOT NULL UNIQUE, title TEXT NOT NULL, body TEXT NOT NULL, city TEXT NOT NULL,
    published TEXT NOT NULL, source TEXT NOT NULL, sha256 TEXT NOT NULL, body_sha256 TEXT NOT NULL,
    report TEXT NOT NULL, starts BLOB NOT NULL, stops BLOB NOT NULL, raw BLOB NOT NULL,
    details TEXT NOT NULL DEFAULT '{}');
CREATE INDEX IF NOT EXISTS articles_city ON articles (city);
CREATE INDEX IF NOT EXISTS articles_body ON articles (body_sha256);
CREATE INDEX IF NOT EXISTS articles_sha256 ON articles (sha256);
CREATE TABLE IF NOT EXISTS chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, vector BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS chunks_article ON chunks (article_id);
"""


class ChunkRow(NamedTuple):
    """A chunk as a passage needs it: ``fields`` are those of ``Passage`` less the score; ``cluster`` tells copies."""

    id: int
    fields: tuple[Any, ...]
    cluster: int

    @property
    def article_id(self) -> str:
        return str(self.fields[0])

    @property
    def text(self) -> str:
        return str(self.fields[7])


class Catalogue:
    """One SQLite file in WAL mode: readers never wait for the writer."""

    def __init__(self, path: Path) -> None:
        with explained(path):
            self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            try:
                self._use_wal()
                self._db.execute("PRAGMA synchronous = FULL")
                self._db.execute("PRAGMA foreign_keys = ON")
                self._create(path)
            except BaseException:
                self._db.close()
                raise

    def _use_wal(self) -> None:
        """Tried again and again, for this change does not wait while others open a new library too."""
        for pause in (0.01, 0.03, 0.1, 0.3, 1.0, None):
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if pause is None or not _says(error, "BUSY", "LOCKED"):
                    raise
                time.sleep(pause)

    def _create(self, path: Path) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise LibraryError(f"The catalogue {path} was made by a newer Kejian. Update this one.")
        if version == SCHEMA_VERSION:
            return
        with self.transaction():
            # Version 1 had no clusters, 2 no targets: their tables stay as they are, and bodies are adopted.
            parts = (_SCHEMA, clusters.SCHEMA, clusters.ADOPT, furniture.SCHEMA, targets.SCHEMA)
            for statement in ";".join(parts).split(";"):
                self._db.execute(statement)
            self._db.execute(lexical.SCHEMA)
            if version == 1:
                self._db.execute("ALTER TABLE articles ADD COLUMN details TEXT NOT NULL DEFAULT '{}'")
            self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Nested use is an error of the programmer's."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def close(self) -> None:
        self._db.close()

    # -- facts about the library itself

    def meta(self, key: str) -> Any:
        """A stored fact, or None."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return json.loads(row[0]) if row else None

    def set_meta(self, key: str, value: Any) -> None:
        self._db.execute("REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(value, ensure_ascii=False)))

    @property
    def generation(self) -> int:
        return int(self.meta("generation") or 0)

    def check(self) -> list[str]:
        """Problems found by SQLite and between the tables; empty when sound."""
        problems = [str(r[0]) for r in self._db.execute("PRAGMA integrity_check") if r[0] != "ok"]
        problems += [f"dangling reference in {r[0]}" for r in self._db.execute("PRAGMA foreign_key_check")]
        chunks, words = self.count("chunks"), self.count("words")
        if chunks != words:
            problems.append(f"{chunks} chunks but {words} rows of words")
        bare = self._db.execute("SELECT count(*) FROM articles WHERE id NOT IN (SELECT article_id FROM chunks)")
        n = bare.fetchone()[0]
        problems += [f"{n} articles without chunks"] if n else []
        return problems + clusters.check(self._db)

    def count(self, table: str) -> int:
        return int(self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    # -- writing

    def insert(self, item: Shelved, vectors: NDArray[np.float32], body_sha256: str) -> list[int]:
        """Stores an article with its chunks; returns the new chunk ids, in order."""
        a = item.article
        report = json.dumps(
            [[s.step, s.changes, [[f.start, f.end, f.note] for f in s.flags]] for s in a.report], ensure_ascii=False
        )
        self._db.execute(
            "INSERT INTO articles VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                a.id,
                a.uri,
                a.title,
                a.body,
                a.city,
                a.published,
                a.source,
                a.sha256,
                body_sha256,
                report,
                _pack(a.origins.starts),
                _pack(a.origins.stops),
                zlib.compress(item.raw.encode()),
                json.dumps(a.details.to_dict(), ensure_ascii=False),
            ),
        )
        ids = [
            int(
                self._db.execute(
                    "INSERT INTO chunks (article_id, start, end, vector) VALUES (?,?,?,?)",
                    (a.id, c.start, c.end, v.tobytes()),
                ).lastrowid
                or 0
            )
            for c, v in zip(item.chunks, vectors, strict=True)
        ]
        texts = [f"{a.title} {a.city} {a.body[c.start : c.end]}" for c in item.chunks]
        lexical.index_chunks(self._db, zip(ids, texts, strict=True))
        furniture.remember(self._db, a.id, item.site, item.edge_lines)
        clusters.enter(self._db, body_sha256, item.signature)
        targets.keep(self._db, a.id, item.targets)
        return ids

    def delete(self, article_id: str) -> list[int]:
        """Removes an article; returns the chunk ids that went with it (none where it was not there)."""
        ids = [int(r[0]) for r in self._db.execute("SELECT id FROM chunks WHERE article_id = ?", (article_id,))]
        lexical.remove_chunks(self._db, ids)
        for (body_sha256,) in self._db.execute(
            "SELECT body_sha256 FROM articles WHERE id = ?", (article_id,)
        ).fetchall():
            self._db.execute("DELETE FROM articles WHERE id = ?", (article_id,))
            clusters.leave(self._db, body_sha256)
        return ids

    def rename(self, move: Move) -> bool:
        """Gives an article another URI and id; False where it is not there. Chunk ids stay, so do their vectors."""
        row = self._db.execute("SELECT body_sha256 FROM articles WHERE id = ?", (move.old_id,)).fetchone()
        if row is None:
            return False
        self._db.execute("PRAGMA defer_foreign_keys = ON")  # until this transaction ends
        self._db.execute("UPDATE articles SET id = ?, uri = ? WHERE id = ?", (move.new_id, move.uri, move.old_id))
        self._db.execute("UPDATE chunks SET article_id = ? WHERE article_id = ?", (move.new_id, move.old_id))
        furniture.move(self._db, move)
        targets.move(self._db, move)
        clusters.reorder(self._db, row[0])
        return True

    def sign(self, signature_of: Callable[[str], Signature]) -> None:
        """Gives the bodies that have no signature theirs."""
        for body_sha256, body in clusters.unsigned(self._db):
            clusters.enter(self._db, body_sha256, signature_of(body))

    def read_targets(self, targets_of: Callable[[Article], list[Target]]) -> None:
        """Reads the targets of the articles that were taken before targets were read."""
        targets.read(self._db, targets_of, self.article)

    # -- reading

    def article(self, article_id: str) -> Article | None:
        row = self._db.execute(
            "SELECT id, uri, title, body, city, published, source, sha256, report, starts, stops, details "
            "FROM articles WHERE id = ?",
            (article_id,),
        ).fetchone()
        if row is None:
            return None
        copies = tuple(i for i in clusters.members(self._db, article_id) if i != article_id)
        origins, details = Origins(_unpack(row[9]), _unpack(row[10])), Details.from_dict(json.loads(row[11]))
        return Article(*[*row[:8], _report(row[8]), origins, copies, details])

    def raw(self, article_id: str) -> str | None:
        row = self._db.execute("SELECT raw FROM articles WHERE id = ?", (article_id,)).fetchone()
        return zlib.decompress(row[0]).decode() if row else None

    def summaries(self) -> Iterator[Summary]:
        rows = self._db.execute(
            "SELECT id, uri, title, city, published, source, length(body), report FROM articles ORDER BY rowid"
        )
        for row in rows.fetchall():
            yield Summary(*[*row[:7], _report(row[7])])

    def hash_of(self, uri: str) -> str | None:
        """The raw bytes' SHA-256 of the article from that URI, or None."""
        row = self._db.execute("SELECT sha256 FROM articles WHERE uri = ?", (uri,)).fetchone()
        return row[0] if row else None

    def uris_of(self, sha256: str) -> list[str]:
        return [r[0] for r in self._db.execute("SELECT uri FROM articles WHERE sha256 = ? ORDER BY uri", (sha256,))]

    def is_unsigned(self) -> bool:
        """Whether some body has no signature."""
        return self._db.execute("SELECT 1 FROM bodies WHERE signature IS NULL LIMIT 1").fetchone() is not None

    def has_unread_targets(self) -> bool:
        return bool(targets.unread(self._db))

    def targets(self, city: str) -> list[Target]:
        """Those of a city, or all; what copies of an article say counts once, as the leader's."""
        copies = self.leaders()
        return [t for t in targets.of_city(self._db, city) if t.article_id not in copies]

    def members(self, article_id: str) -> list[str]:
        return clusters.members(self._db, article_id)

    def is_shared(self, site: str, line: str, pending: Sequence[Shelved], besides: str) -> bool:
        """Whether enough pages of the site have that line at their edges, the pending ones as if shelved."""
        return furniture.is_shared(self._db, site, line, pending, besides)

    def leaders(self) -> dict[str, str]:
        return clusters.leaders(self._db)

    def cities(self) -> tuple[str, ...]:
        return tuple(r[0] for r in self._db.execute("SELECT DISTINCT city FROM articles WHERE city <> '' ORDER BY 1"))

    def chunk_ids(self, city: str, since: str, until: str) -> NDArray[np.int64]:
        """Chunks of the articles that pass the filters; an empty string filters nothing."""
        rows = self._db.execute(
            "SELECT c.id FROM chunks c JOIN articles a ON a.id = c.article_id WHERE (?1 = '' OR a.city = ?1) "
            "AND (?2 = '' OR a.published >= ?2) AND (?3 = '' OR (a.published <> '' AND a.published <= ?3))",
            (city, since, until),
        )
        return np.fromiter((r[0] for r in rows), dtype=np.int64)

    def chunk_rows(self, ids: Sequence[int]) -> dict[int, ChunkRow]:
        """``id -> row``."""
        return {row.id: row for row in self._rows("c.id IN (SELECT value FROM json_each(?))", json.dumps(list(ids)))}

    def chunks_of(self, article_id: str) -> list[ChunkRow]:
        return self._rows("c.article_id = ?", article_id)

    def first_copy(self, cluster: int, among: Container[int] | None) -> list[ChunkRow]:
        """The chunks of the first article of a cluster that a search may show; none where no other copy is there."""
        ids = clusters.articles(self._db, cluster)
        if len(ids) < 2:
            return []
        shown = (self.chunks_of(article_id) for article_id in ids)
        return next((rows for rows in shown if among is None or rows[0].id in among), [])

    def _rows(self, condition: str, value: str) -> list[ChunkRow]:
        rows = self._db.execute(
            "SELECT c.id, a.id, a.uri, a.title, a.city, a.published, c.start, c.end, "
            "substr(a.body, c.start + 1, c.end - c.start), b.leader "
            f"FROM chunks c JOIN articles a ON a.id = c.article_id JOIN bodies b ON b.sha256 = a.body_sha256 "
            f"WHERE {condition} ORDER BY c.id",
            (value,),
        )
        return [ChunkRow(int(r[0]), r[1:9], int(r[9])) for r in rows]

    def vectors(self, batch: int = 4096) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """All vectors by batches, as ``(ids, vectors)``."""
        rows = self._db.execute("SELECT id, vector FROM chunks ORDER BY id")
        while part := rows.fetchmany(batch):
            vectors = np.frombuffer(b"".join(r[1] for r in part), dtype=np.float32).reshape(len(part), -1)
            yield np.array([r[0] for r in part], dtype=np.int64), vectors

    def words_search(self, query: str, k: int, among: Sequence[int] | None) -> list[tuple[int, float]]:
        return lexical.search_chunks(self._db, query, k, among)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns SQLite's complaints about a catalogue, and cells that can't be unpacked, into errors for the user."""
    try:
        yield
    except (sqlite3.DatabaseError, zlib.error, json.JSONDecodeError, UnicodeDecodeError) as error:
        if _says(error, "BUSY", "LOCKED"):
            raise LibraryLocked(f"Another process is writing to {path.parent}. Try again when it is done.") from error
        if _says(error, "FULL", "READONLY"):
            raise LibraryError(f"The catalogue {path} can't be written ({error}). Mend that and try again.") from error
        if _says(error, "CANTOPEN") and not path.exists():
            raise UsageError(f"No library can be kept at {path.parent} ({error}). Name another folder.") from error
        if isinstance(error, sqlite3.ProgrammingError) or _says(error, "ERROR", "CONSTRAINT", "MISUSE", "INTERRUPT"):
            raise  # ours, not the file's
        raise LibraryDamaged(
            f"The catalogue {path} can't be read ({error}). Restore it from a backup, or move the folder away "
            "and ingest the pages again."
        ) from error


def _says(error: Exception, *codes: str) -> bool:
    return getattr(error, "sqlite_errorname", "").startswith(tuple(f"SQLITE_{code}" for code in codes))


def _report(cell: str) -> tuple[Step, ...]:
    steps = json.loads(cell)
    return tuple(
        Step(name, changes, (), tuple(Flag(*f) for f in flags))
        for name, changes, *more in steps
        for flags in [more[0] if more else []]
    )


def _pack(offsets: Sequence[int]) -> bytes:
    """Offsets as compressed differences: mostly ones, so a thousand take about thirty bytes."""
    return zlib.compress(np.diff(np.asarray(offsets, dtype=np.int32), prepend=np.int32(0)).tobytes(), 6)


def _unpack(blob: bytes) -> tuple[int, ...]:
    differences = array("i", zlib.decompress(blob))
    return tuple(np.cumsum(np.asarray(differences, dtype=np.int64)).tolist())
