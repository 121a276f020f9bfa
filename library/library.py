"""The shelf: one folder that keeps articles, finds passages, and survives being killed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np
from filelock import FileLock, Timeout

from library.catalogue import Catalogue, explained
from library.clusters import body_sha256
from library.dense import DenseIndex
from library.encoder import Encoder, SentenceEncoder
from library.errors import FingerprintMismatch, LibraryDamaged, LibraryLocked, NotFoundError, UsageError
from library.fingerprint import fingerprint
from library.folding import fold_copies
from library.records import Article, Move, Passage, Shelved, Signature, Summary, Target
from library.settings import Settings
from library.terms import load_own_terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

T = TypeVar("T")
_LOCK_SECONDS = 30.0


class Library:
    """Articles on disk, with search. Use ``Library.open``; close it, or use it in a ``with`` block.

    One instance may be used by several threads, and several processes may open the same folder: readers
    see the last complete write, writers take turns.
    """

    def __init__(self, folder: Path, settings: Settings, encoder: Encoder) -> None:
        self.folder = folder
        self.settings = settings
        self.encoder = encoder
        self._mutex = threading.RLock()
        self._catalogue = Catalogue(folder / "catalogue.sqlite")
        self._dense: tuple[int, DenseIndex] | None = None

    @classmethod
    def open(cls, folder: str | Path, settings: Settings | None = None, encoder: Encoder | None = None) -> Library:
        """Opens a library, or creates it where there is none.

        Raises:
            UsageError: the path is a file, or can't be written.
            LibraryDamaged: the catalogue can't be read.
            FingerprintMismatch: it was built with another encoder, chunking or cleaning.
        """
        settings, path = settings or Settings(), Path(folder).expanduser()
        load_own_terms(settings)
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"No library can be kept at {path} ({error.strerror}). Name a folder.") from error
        catalogue = path / "catalogue.sqlite"
        if any(path.glob("vectors.*.faiss")) and not (catalogue.exists() and catalogue.stat().st_size):
            raise LibraryDamaged(
                f"{path} holds vectors, but its catalogue {catalogue.name} is gone. Restore it from a backup, or move "
                "the folder away and ingest the pages again."
            )
        library = cls(path, settings, encoder or SentenceEncoder(settings))
        try:
            library._check_fingerprint()
        except BaseException:
            library.close()
            raise
        return library

    def close(self) -> None:
        with self._mutex:
            self._catalogue.close()
            self._dense = None

    def __enter__(self) -> Library:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def __len__(self) -> int:
        with self._reading():
            return self._catalogue.count("articles")

    # -- writing

    def add(self, items: Sequence[Shelved], progress: Callable[[int], None] | None = None) -> frozenset[str]:
        """Stores articles; one with a known id replaces the old one. All of them or none.

        Returns:
            The ids of those that met a copy of themselves, on the shelf or before them in the batch.

        Args:
            items: a batch that fits in memory; call again for the next one.
            progress: called with the number of chunks embedded since the last call.

        Raises:
            LibraryLocked: another process kept writing for half a minute.
        """
        copies: set[str] = set()
        if not items:
            return frozenset()
        texts = [_embedded_text(i.article, c.start, c.end) for i in items for c in i.chunks]
        vectors = self.encoder.passages(texts, progress)  # outside the lock: this is the slow part
        with self._writing() as dense_of:
            dense = dense_of(int(vectors.shape[1]))
            at = 0
            for item in items:
                dense.remove(np.array(self._catalogue.delete(item.article.id), dtype=np.int64))
                part = vectors[at : at + len(item.chunks)]
                ids = self._catalogue.insert(item, part, body_sha256(item.article.body))
                dense.add(np.array(ids, dtype=np.int64), part)
                at += len(item.chunks)
                if len(self._catalogue.members(item.article.id)) > 1:
                    copies.add(item.article.id)
        return frozenset(copies)

    def remove(self, ids: Sequence[str]) -> None:
        """Takes articles off the shelf, all of them or none.

        Raises:
            NotFoundError: one of the ids is not there; nothing was removed.
        """
        with self._writing() as dense_of:
            unknown = [i for i in ids if self._catalogue.article(i) is None]
            if unknown:
                raise _not_found(*unknown)
            dense = dense_of(self._catalogue.meta("dimension") or 1)
            for article_id in ids:
                dense.remove(np.array(self._catalogue.delete(article_id), dtype=np.int64))

    def rename(self, moves: Sequence[Move]) -> None:
        """Gives articles another URI and id, all of them or none; content, chunks and vectors stay.

        Raises:
            NotFoundError: one of the old ids is not there; nothing was renamed.
        """
        if not moves:
            return
        with self._writing():
            for move in moves:
                if not self._catalogue.rename(move):
                    raise _not_found(move.old_id)

    def sign(self, signature_of: Callable[[str], Signature]) -> None:
        """Gives the bodies that have no signature theirs, in a library from before there were any.

        Args:
            signature_of: from a body to its signature.
        """
        with self._reading():
            if not self._catalogue.is_unsigned():
                return
        with self._writing():
            self._catalogue.sign(signature_of)

    def read_targets(self, targets_of: Callable[[Article], list[Target]]) -> None:
        """Reads the targets of articles that were taken before there was a table of them.

        Args:
            targets_of: from an article to its targets.
        """
        with self._reading():
            if not self._catalogue.has_unread_targets():
                return
        with self._writing():
            self._catalogue.read_targets(targets_of)

    def rebuild(self) -> None:
        """Makes the FAISS file anew from the catalogue."""
        with self._writing() as dense_of:
            self._dense = None
            DenseIndex.sweep(self.folder, keep=-1)
            dense_of(self._catalogue.meta("dimension") or 1)

    @contextmanager
    def _writing(self) -> Iterator[Callable[[int], DenseIndex]]:
        """One transaction and one swap. Yields a function from the dimension to the index to change."""
        lock = FileLock(self.folder / ".lock")
        try:
            lock.acquire(timeout=_LOCK_SECONDS)
        except Timeout:
            raise LibraryLocked(f"Another process is writing to {self.folder}. Try again when it is done.") from None
        with self._reading():
            try:
                with self._catalogue.transaction():
                    self._check_fingerprint()  # an empty library takes that of the first who writes
                    generation = self._catalogue.generation + 1
                    self._catalogue.set_meta("fingerprint", fingerprint(self.settings, self.encoder))
                    touched: list[DenseIndex] = []
                    yield lambda dimension: self._to_change(dimension, touched)
                    if touched:
                        touched[0].save(self.folder, generation)
                        self._catalogue.set_meta("generation", generation)
                if touched:
                    self._dense = (generation, touched[0])
                    DenseIndex.sweep(self.folder, keep=generation)
            except BaseException:
                self._dense = None  # it may hold what was rolled back
                raise
            finally:
                lock.release()

    def _to_change(self, dimension: int, touched: list[DenseIndex]) -> DenseIndex:
        if not self._catalogue.count("chunks"):
            self._catalogue.set_meta("dimension", dimension)
            touched.append(DenseIndex.empty(dimension))
        else:
            touched.append(self._index())
        return touched[0]

    # -- reading

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """The catalogue for one thread at a time; what is wrong with its file is told as such."""
        with self._mutex, explained(self.folder / "catalogue.sqlite"):
            yield

    def get(self, article_id: str) -> Article:
        """The article with its body.

        Raises:
            NotFoundError: no article has that id.
        """
        with self._reading():
            return _found(self._catalogue.article(article_id), article_id)

    def raw(self, article_id: str) -> str:
        """The page's text as it arrived; raw spans of citations count its characters.

        Raises:
            NotFoundError: no article has that id.
        """
        with self._reading():
            return _found(self._catalogue.raw(article_id), article_id)

    def articles(self) -> list[Summary]:
        """All articles without their bodies, in the order they came."""
        with self._reading():
            return list(self._catalogue.summaries())

    def targets(self, city: str = "") -> list[Target]:
        """The quantitative targets that the articles state, of a city or of all; those of a copy count once."""
        with self._reading():
            return self._catalogue.targets(city)

    def cities(self) -> tuple[str, ...]:
        """The cities that the shelf has articles of."""
        with self._reading():
            return self._catalogue.cities()

    def raw_hash(self, uri: str) -> str | None:
        """SHA-256 of the raw bytes last taken from ``uri``, or None."""
        with self._reading():
            return self._catalogue.hash_of(uri)

    def uris_of(self, sha256: str) -> list[str]:
        """The URIs of the articles whose raw bytes have that hash, sorted."""
        with self._reading():
            return self._catalogue.uris_of(sha256)

    def leaders(self) -> dict[str, str]:
        """Of every article that is a copy of another one, ``id -> the id of the one that leads``."""
        with self._reading():
            return self._catalogue.leaders()

    def furniture(
        self, site: str, lines: Sequence[str], pending: Sequence[Shelved] = (), besides: str = ""
    ) -> frozenset[str]:
        """Those of the lines that three or more pages of the site have at their edges; copies count as one page.

        Args:
            site: as it was given with the pages.
            lines: short lines at the edges of another page.
            pending: pages that are about to be shelved; they count as if they were.
            besides: the id of an article that does not count, an earlier version of the page itself.
        """
        with self._reading():
            shared = (line for line in set(lines) if site and self._catalogue.is_shared(site, line, pending, besides))
            return frozenset(shared)

    def search(
        self,
        query: str,
        *,
        by: Literal["dense", "lexical"],
        k: int = 10,
        city: str = "",
        since: str = "",
        until: str = "",
        vector: NDArray[np.float32] | None = None,
    ) -> list[Passage]:
        """Chunks that fit the query, best first; what several copies of an article say counts once, as the leader's.

        Args:
            query: in Chinese or English (lexical search wants Chinese).
            by: ``dense`` scores by cosine, ``lexical`` by BM25.
            k: how many at most.
            city: only articles of that city (Chinese name without 市).
            since: only articles published on that ISO date or later.
            until: only articles published on that ISO date or earlier.
            vector: for dense search in the place of the query's own, shape ``(dimension,)``.
        """
        if by == "lexical" or not len(self):
            vector = None
        elif vector is None:
            vector = self.encoder.query(query)
        with self._reading():
            filtered = bool(city or since or until)
            among = self._catalogue.chunk_ids(city, since, until) if filtered else None
            copies = cache(partial(self._catalogue.first_copy, among=None if among is None else set(among.tolist())))
            wanted = 2 * k
            while True:  # a page that twenty sites reprinted fills the first hits
                if vector is not None:
                    hits = self._index().search(vector, wanted, among)
                else:
                    hits = self._catalogue.words_search(query, wanted, None if among is None else among.tolist())
                rows = self._catalogue.chunk_rows([i for i, _ in hits])
                found = fold_copies([(rows[i], score) for i, score in hits if i in rows], copies)
                if len(found) >= k or len(hits) < wanted:
                    return found[:k]
                wanted *= 4

    def _index(self) -> DenseIndex:
        """The index of the catalogue's generation; a missing file is no loss, for the catalogue has it all."""
        generation = self._catalogue.generation
        if self._dense is None or self._dense[0] != generation:
            index = self._stored_index(generation)
            if index is None:
                index = DenseIndex.build(self._catalogue.meta("dimension") or 1, self._catalogue.vectors())
            self._dense = (generation, index)
        return self._dense[1]

    def _stored_index(self, generation: int) -> DenseIndex | None:
        """The index on disk, where it is of this catalogue."""
        index = DenseIndex.load(self.folder, generation)
        if index is None or len(index) != self._catalogue.count("chunks"):
            return None
        return index if index.dimension == self._catalogue.meta("dimension") else None

    # -- health

    def check(self) -> list[str]:
        """What is wrong with the library, a sentence each; empty when sound."""
        try:
            with self._reading():
                return self._catalogue.check() + self._check_index()
        except LibraryDamaged as error:
            return [str(error)]

    def _check_index(self) -> list[str]:
        generation = self._catalogue.generation
        sound = not self._catalogue.count("chunks") or self._stored_index(generation) is not None
        if generation != self._catalogue.generation:
            return self._check_index()  # another process wrote meanwhile
        return [] if sound else ["the FAISS file is missing, torn or stale; kejian doctor --repair makes it anew"]

    def _check_fingerprint(self) -> None:
        with self._reading():
            stored = self._catalogue.meta("fingerprint") if self._catalogue.count("articles") else None
        now = fingerprint(self.settings, self.encoder)
        if stored is None or stored == now:
            return
        if not isinstance(stored, dict):
            raise LibraryDamaged(f"The library {self.folder} does not say how it was built. Build it again.")
        changed = ", ".join(f"{k}: {stored.get(k)!r} then, {v!r} now" for k, v in now.items() if stored.get(k) != v)
        raise FingerprintMismatch(
            f"The library {self.folder} was built otherwise ({changed}). Set these back, or build a new one: "
            "kejian --library NEW_FOLDER ingest PATH"
        )


def _found(value: T | None, article_id: str) -> T:
    if value is None:
        raise _not_found(article_id)
    return value


def _not_found(*ids: str) -> NotFoundError:
    return NotFoundError(f"No article has the id {', '.join(ids)}. See: kejian articles list")


def _embedded_text(article: Article, start: int, end: int) -> str:
    # A chunk rarely names the city it speaks of; with title and city in front, a question about it meets it.
    head = " ".join(part for part in (article.city, article.title) if part)
    return f"{head}\n{article.body[start:end]}" if head else article.body[start:end]
