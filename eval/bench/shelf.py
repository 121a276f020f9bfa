"""Paragraphs as a library: each an article of its own, taken in as any page is; and a copy that lacks some."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.provenance import digest
from ingest import ingest
from library import Library, Settings
from library.encoder import Encoder, SentenceEncoder
from library.errors import PageError
from library.fingerprint import fingerprint
from library.records import Passage

Progress = Callable[[float, float, str], None]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A library of numbered paragraphs; ``leading[n]`` is the number of the paragraph that ``n`` is a near copy of."""

    library: Library
    leading: tuple[int, ...]

    def ranked(self, passages: Sequence[Passage], k: int) -> list[int]:
        """The first ``k`` paragraphs, each where the best of its passages stands (MaxP; Dai and Callan, SIGIR 2019)."""
        return list(dict.fromkeys(self.leading[number(p.uri)] for p in passages))[:k]


def number(uri: str) -> int:
    """The number of the paragraph from that URI."""
    return int(uri.rpartition("#")[2])


@contextmanager
def open_shelf(
    paragraphs: Sequence[str], settings: Settings, encoder: Encoder | None = None, progress: Progress | None = None
) -> Iterator[Shelf]:
    """The shelf of those paragraphs, kept in the cache: embedding a thousand takes minutes.

    Raises:
        PageError: a paragraph could not be taken, so the shelf would lack what is asked for.
    """
    encoder = encoder or SentenceEncoder(settings)
    # Not the library alone: two fingerprints in one folder would be refused.
    key = digest((json.dumps(fingerprint(settings, encoder), sort_keys=True), *paragraphs))[:16]
    folder = settings.cache / "bench-shelves" / key
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "paragraphs.jsonl"
    file.write_text(
        "".join(json.dumps({"id": str(n), "text": p}, ensure_ascii=False) + "\n" for n, p in enumerate(paragraphs)),
        "utf-8",
    )
    with Library.open(folder / "library", settings, encoder) as library:
        report = ingest(library, [file], progress=progress)
        if report.failed:
            raise PageError(f"A paragraph could not be taken: {report.failed[0].reason} ({report.failed[0].path}).")
        yield Shelf(library, _leading(library, len(paragraphs)))


@contextmanager
def without(shelf: Shelf, numbers: Collection[int]) -> Iterator[Shelf]:
    """A temporary copy of a shelf, closed by now, that lacks the paragraphs of those numbers and their near copies."""
    library, lost = shelf.library, {shelf.leading[n] for n in numbers}
    with TemporaryDirectory(prefix="kejian-bench-") as folder:
        copy = Path(folder) / "library"
        shutil.copytree(library.folder, copy)
        with Library.open(copy, library.settings, library.encoder) as reduced:
            reduced.remove([row.id for row in reduced.articles() if shelf.leading[number(row.uri)] in lost])
            yield Shelf(reduced, shelf.leading)


def _leading(library: Library, paragraphs: int) -> tuple[int, ...]:
    numbers = {row.id: number(row.uri) for row in library.articles()}
    leaders = {numbers[copy]: numbers[leader] for copy, leader in library.leaders().items()}
    return tuple(leaders.get(n, n) for n in range(paragraphs))
