"""Taking pages onto the shelf, batch by batch, and saying what became of each."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ingest.duplicates import signature
from ingest.loaders import Source, find_sources, is_url, read_page, sha256
from ingest.pipeline import CleanPage, chunk_spans, clean
from ingest.report import Change, IngestReport, Taken
from ingest.targets import find_targets
from library.errors import LibraryError, PageError, UsageError
from library.library import Library
from library.records import Article, Failure, Move, Shelved
from library.settings import Settings

log = logging.getLogger(__name__)
Progress = Callable[[float, int, str], None]
"""Called with pages done (a fraction while a batch is embedded), pages in all, and what is being done."""

# A batch is what memory holds and what a kill can cost: 256 chunks take half a minute on two cores.
_BATCH_CHUNKS = 256
_BATCH_MOVES = 256


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
    unseen: list[Failure] = field(default_factory=list)
    taken: dict[str, Taken] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    batch: dict[str, Shelved] = field(default_factory=dict)
    moves: dict[str, tuple[Move, Change]] = field(default_factory=dict)

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
            self._took(item.article, Change("updated" if item.article.id in known else "added", item.article.uri))
        self.batch.clear()

    def flush_moves(self) -> None:
        """Takes the renamed pages along, their vectors with them."""
        self.library.rename([move for move, _ in self.moves.values()])
        for move, change in self.moves.values():
            self._took(self.library.get(move.new_id), change)
        self.moves.clear()

    def _took(self, article: Article, change: Change) -> None:
        self.counts["added" if change.kind == "added" else "updated"] += 1
        self.taken[article.id] = _taken(article)
        self.changes.append(change)

    def shared(self, source: Source) -> Callable[[Sequence[str]], frozenset[str]]:
        """Which of some lines the site's pages before this one have at their edges, shelved or about to be."""

        def among(lines: Sequence[str]) -> frozenset[str]:
            pending = list(self.batch.values())
            return self.library.furniture(_site(source), lines, pending, besides=article_id(source.uri))

        return among


def ingest(
    library: Library,
    paths: Iterable[str | Path],
    progress: Progress | None = None,
    prune: bool = False,
    only: Callable[[str], bool] | None = None,
) -> IngestReport:
    """Reads, cleans and shelves pages; what is unchanged since the last time is skipped.

    A page that fails is listed with its reason and costs nothing else. The work is stored batch by batch,
    so an interrupted run is completed by running it again. A file that was renamed is the same page: it keeps its
    content and its vectors, and gets the id of its new URI.

    Args:
        library: the shelf to put them on.
        paths: files, folders, ``.jsonl`` files, URLs.
        progress: see ``Progress``.
        prune: also take off the shelf what came from these folders and is no longer in them.
        only: read only the pages whose URI, or file that failed, this is true of.
    """
    began, given = time.monotonic(), [str(p) for p in paths]
    library.sign(signature)
    read_targets(library)
    run = _Run(library, progress, total=sum(1 for _ in find_sources(given)))
    seen: set[str] = set()
    for source in find_sources(given):
        if isinstance(source, Failure):
            (run.failed if only is None or only(source.path) else run.unseen).append(source)
        elif source.uri not in seen:
            seen.add(source.uri)
            if only is None or only(source.uri):
                _take(run, source)
        run.done += 1
        run.tell(0, "reading")
        if sum(len(item.chunks) for item in run.batch.values()) >= _BATCH_CHUNKS:
            run.flush()
    run.flush_moves()
    run.flush()
    run.tell(1, "done")
    removed = _prune(run, given, seen) if prune else 0
    return IngestReport(
        **run.counts, removed=removed, duplicates=run.duplicates, failed=tuple(run.failed),
        articles=tuple(run.taken.values()), seconds=round(time.monotonic() - began, 2), changes=tuple(run.changes),
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
        digest, known = sha256(data), run.library.raw_hash(source.uri)
        if known == digest:
            run.counts["unchanged"] += 1
            run.taken[article_id(source.uri)] = _taken(run.library.get(article_id(source.uri)))
        elif known is None and (old := _old_name(run, source.uri, digest)):
            move = Move(article_id(old), article_id(source.uri), source.uri, _site(source))
            run.moves[old] = move, Change("renamed", source.uri, old)
            if len(run.moves) >= _BATCH_MOVES:
                run.flush_moves()
        else:
            run.flush_moves()  # a page is cleaned in view of all pages before it
            item = _shelved(run, source, data, digest)
            run.batch[item.article.id] = item
    except PageError as error:
        run.failed.append(Failure(source.uri, str(error)))
    except LibraryError:
        raise
    except Exception as error:  # one page that trips a parser must not cost the rest of the batch
        log.exception("unexpected failure on %s", source.uri)
        run.failed.append(Failure(source.uri, f"unexpected {type(error).__name__}: {error}"))


def _old_name(run: _Run, uri: str, digest: str) -> str:
    """The URI of a page with the same bytes whose file is gone, or an empty string.

    The suffix must be the same, for it says how a file is read.
    """
    suffix = Path(uri).suffix.lower()
    return next(
        (
            old
            for old in run.library.uris_of(digest)
            if old not in run.moves and Path(old).suffix.lower() == suffix and not is_url(uri) and _is_gone(old)
        ),
        "",
    )


def _is_gone(uri: str) -> bool:
    """Whether a file is certainly no longer there; ``FILE.jsonl#3`` and ``A.zip!/b.txt`` are gone with their files."""
    if is_url(uri) or "\\udc" in uri:  # the name is not the file's very own, but a readable form of it
        return False
    for path in (uri, uri.rpartition("#")[0], uri.partition("!/")[0]):
        try:
            if path:
                Path(path).lstat()
                return False
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            return False
    return True


def _site(source: Source) -> str:
    """What has its furniture in common: the URL's host, else the folder."""
    url = source.given.get("url", "") or source.uri
    if is_url(url):
        return urlsplit(url).netloc.lower()
    return str(Path(_file_of(source.uri)).parent)


def _file_of(uri: str) -> str:
    """The file that holds a page: that of a record in a ``.jsonl`` file, or of a member of an archive."""
    inside = uri.partition("!/")[0]
    return inside if inside != uri else uri.rpartition("#")[0] or uri


def read_targets(library: Library) -> None:
    """Reads the targets of articles that an earlier version shelved; where there are none, costs nothing."""
    library.read_targets(find_targets)


def _shelved(run: _Run, source: Source, data: bytes, digest: str) -> Shelved:
    page = clean(read_page(source, data), run.library.settings, run.shared(source))
    article = Article(
        id=article_id(source.uri), uri=source.uri, title=page.title, body=page.body, city=page.city,
        published=page.published, source=page.source, sha256=digest, report=tuple(s.brief() for s in page.report),
        origins=page.text.origins(), details=page.details,
    )  # fmt: skip
    chunks = chunk_spans(page.body, run.library.settings.chunks.max_chars)
    targets = tuple(find_targets(article))
    return Shelved(article, chunks, page.raw, signature(page.body), _site(source), page.edges, targets)


def _taken(article: Article) -> Taken:
    return Taken(
        article.id, article.uri, article.title, article.city, article.published, len(article.body), article.report
    )


def _prune(run: _Run, given: list[str], seen: set[str]) -> int:
    folders = tuple(f"{Path(p).resolve()}/" for p in given if not is_url(p) and Path(p).is_dir())
    files = tuple(f"{Path(p).resolve()}{mark}" for p in given if Path(p).is_file() for mark in ("#", "!/"))
    missing = [a for a in run.library.articles() if a.uri.startswith(folders + files) and a.uri not in seen]
    gone = [a.id for a in missing if not any(_may_hide(f.path, a.uri) for f in (*run.failed, *run.unseen))]
    if gone:
        run.library.remove(gone)
        run.changes += [Change("removed", a.uri) for a in missing if a.id in gone]
    return len(gone)


def _may_hide(failed: str, uri: str) -> bool:
    """Whether what could not be read (a folder, a file, ``FILE.jsonl, line 3``) may have held that page."""
    path = str(Path(failed).resolve())
    return uri.startswith((f"{path}/", f"{path}!/")) or path.startswith(_file_of(uri))
