"""Taking pages onto the shelf, batch by batch, and saying what became of each."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.duplicates import signature
from ingest.loaders import Source, find_sources, is_url, read_page, sha256
from ingest.pipeline import CleanPage, chunk_spans, clean
from library.errors import PageError, UsageError
from library.library import Library
from library.records import Article, Failure, Shelved, Step
from library.settings import Settings

log = logging.getLogger(__name__)
Progress = Callable[[float, int, str], None]
"""Called with pages done (a fraction while a batch is embedded), pages in all, and what is being done."""

# A batch is what memory holds and what a kill can cost: 256 chunks take half a minute on two cores.
_BATCH_CHUNKS = 256


@dataclass(frozen=True, slots=True)
class Taken:
    """One page of a report."""

    id: str
    path: str
    title: str
    city: str
    published: str
    chars: int
    report: tuple[Step, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.id, "path": self.path, "title": self.title, "city": self.city,
            "published": self.published, "chars": self.chars, "report": [s.to_dict() for s in self.report],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did. ``articles`` lists all pages of this run that are now on the shelf."""

    added: int
    updated: int
    unchanged: int
    removed: int
    duplicates: int
    failed: tuple[Failure, ...]
    articles: tuple[Taken, ...]
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "added": self.added, "updated": self.updated, "unchanged": self.unchanged, "removed": self.removed,
            "duplicates": self.duplicates, "failed": [f.to_dict() for f in self.failed],
            "articles": [a.to_dict() for a in self.articles], "seconds": self.seconds,
        }  # fmt: skip


@dataclass(slots=True)
class _Run:
    """The tally of a run in progress, and the batch that is not yet on the shelf."""

    library: Library
    progress: Progress | None
    total: int
    done: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("added", "updated", "unchanged"), 0))
    duplicates: int = 0
    failed: list[Failure] = field(default_factory=list)
    taken: dict[str, Taken] = field(default_factory=dict)
    batch: dict[str, Shelved] = field(default_factory=dict)

    def tell(self, part: float, label: str) -> None:
        if self.progress:
            self.progress(self.done - len(self.batch) * (1 - part), self.total, label)

    def flush(self) -> None:
        """Puts the batch on the shelf; only then do its pages count as taken."""
        items, embedded = list(self.batch.values()), 0
        chunks = sum(len(i.chunks) for i in items)

        def count(n: int) -> None:
            nonlocal embedded
            embedded += n
            self.tell(embedded / max(chunks, 1), "embedding")

        known = {i.article.id for i in items if self.library.raw_hash(i.article.uri) is not None}
        self.duplicates += len(self.library.add(items, count))
        for item in items:
            self.counts["updated" if item.article.id in known else "added"] += 1
            self.taken[item.article.id] = _taken(item.article)
        self.batch.clear()


def ingest(
    library: Library, paths: Iterable[str | Path], progress: Progress | None = None, prune: bool = False
) -> IngestReport:
    """Reads, cleans and shelves pages; what is unchanged since the last time is skipped.

    A page that fails is listed with its reason and costs nothing else. The work is stored batch by batch,
    so an interrupted run is completed by running it again.

    Args:
        library: the shelf to put them on.
        paths: files, folders, ``.jsonl`` files, URLs.
        progress: see ``Progress``.
        prune: also take off the shelf what came from these folders and is no longer in them.
    """
    began, given = time.monotonic(), [str(p) for p in paths]
    library.sign(signature)
    run = _Run(library, progress, total=sum(1 for _ in find_sources(given)))
    seen: set[str] = set()
    for source in find_sources(given):
        if isinstance(source, Failure):
            run.failed.append(source)
        elif source.uri not in seen:
            seen.add(source.uri)
            _take(run, source)
        run.done += 1
        run.tell(0, "reading")
        if sum(len(item.chunks) for item in run.batch.values()) >= _BATCH_CHUNKS:
            run.flush()
    run.flush()
    run.tell(1, "done")
    removed = _prune(run, given, seen) if prune else 0
    return IngestReport(
        **run.counts, removed=removed, duplicates=run.duplicates, failed=tuple(run.failed),
        articles=tuple(run.taken.values()), seconds=round(time.monotonic() - began, 2),
    )  # fmt: skip


def clean_page(path: str | Path, settings: Settings | None = None) -> CleanPage:
    """Cleans one file (or URL) and stores nothing.

    Raises:
        PageError: it can't be read, or no text is left.
        UsageError: the path gives no page, or several.
    """
    sources = list(find_sources([path]))
    if len(sources) != 1:
        raise UsageError(f"{path} holds {len(sources)} pages; name one file. For many, use: kejian ingest")
    if isinstance(sources[0], Failure):
        raise PageError(f"{sources[0].path}: {sources[0].reason}")
    return clean(read_page(sources[0], sources[0].read()), settings or Settings())


def article_id(uri: str) -> str:
    """The id of the article from that URI: twelve hexadecimal digits, the same on every machine.

    48 bits: among 10,000 articles the chance of any two meeting is about one in six million.
    """
    return hashlib.sha256(uri.encode("utf-8")).hexdigest()[:12]


def _take(run: _Run, source: Source) -> None:
    try:
        data = source.read()
        digest = sha256(data)
        if run.library.raw_hash(source.uri) == digest:
            run.counts["unchanged"] += 1
            run.taken[article_id(source.uri)] = _taken(run.library.get(article_id(source.uri)))
            return
        item = _shelved(source, clean(read_page(source, data), run.library.settings), digest, run.library.settings)
        run.batch[item.article.id] = item
    except PageError as error:
        run.failed.append(Failure(source.uri, str(error)))
    except Exception as error:  # one page that trips a parser must not cost the rest of the batch
        log.exception("unexpected failure on %s", source.uri)
        run.failed.append(Failure(source.uri, f"unexpected {type(error).__name__}: {error}"))


def _shelved(source: Source, page: CleanPage, digest: str, settings: Settings) -> Shelved:
    article = Article(
        id=article_id(source.uri), uri=source.uri, title=page.title, body=page.body, city=page.city,
        published=page.published, source=page.source, sha256=digest, report=page.report,
        origins=page.text.origins(),
    )  # fmt: skip
    return Shelved(article, chunk_spans(page.body, settings.chunks.max_chars), page.raw, signature(page.body))


def _taken(article: Article) -> Taken:
    return Taken(
        article.id, article.uri, article.title, article.city, article.published, len(article.body), article.report
    )


def _prune(run: _Run, given: list[str], seen: set[str]) -> int:
    folders = tuple(f"{Path(p).resolve()}/" for p in given if not is_url(p) and Path(p).is_dir())
    files = tuple(f"{Path(p).resolve()}#" for p in given if p.lower().endswith(".jsonl") and Path(p).is_file())
    missing = [a for a in run.library.articles() if a.uri.startswith(folders + files) and a.uri not in seen]
    gone = [a.id for a in missing if not any(_may_hide(f.path, a.uri) for f in run.failed)]
    if gone:
        run.library.remove(gone)
    return len(gone)


def _may_hide(failed: str, uri: str) -> bool:
    """Whether what could not be read (a folder, a file, ``FILE.jsonl, line 3``) may have held that page."""
    within, path = uri.rpartition("#")[0] or uri, str(Path(failed).resolve())
    return uri.startswith(f"{path}/") or path.startswith(within)
