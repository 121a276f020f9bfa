"""From the paths and URLs that a user gives to the pages below them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from ingest.loaders.archives import ARCHIVE_SUFFIXES, members
from ingest.loaders.files import head, open_regular, read_file, uri
from ingest.loaders.records import read_records
from ingest.loaders.source import Source
from ingest.loaders.urls import fetch, is_url
from library.errors import PageError
from library.records import Failure

PAGE_SUFFIXES = frozenset(
    ".txt .text .md .markdown .html .htm .xhtml .shtml .jsonl .pdf .docx .eml .mht .mhtml .gz".split()
)


def find_sources(paths: Iterable[str | Path]) -> Iterator[Source | Failure]:
    """Every page below the paths, in a stable order; what can't be read comes as a failure in its place.

    A folder gives its pages, ``.jsonl`` files and archives at any depth, known by their suffix; hidden ones
    are passed over. A file that is named itself is read whatever its suffix. A page in an archive has the
    URI ``ARCHIVE!/MEMBER``.
    """
    for path in map(str, paths):
        if is_url(path):
            yield Source(path, lambda url=path: fetch(url))  # type: ignore[misc]
            continue
        try:
            there, folder = os.path.lexists(path), Path(path).is_dir()
        except ValueError:  # a null character in the name
            there = folder = False
        if folder:
            unread: list[OSError] = []
            for found in _walk(Path(path), unread.append):
                yield from _from_file(found)
            yield from (Failure(str(e.filename), f"can't be read ({e.strerror})") for e in unread)
        elif there:
            yield from _from_file(Path(path))
        else:
            yield Failure(path, "no such file or folder")


def _walk(folder: Path, on_error: Callable[[OSError], None]) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder, onerror=on_error):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            if Path(name).suffix.lower() in PAGE_SUFFIXES | ARCHIVE_SUFFIXES and not name.startswith("."):
                yield Path(parent) / name


def _from_file(path: Path) -> Iterator[Source | Failure]:
    try:
        start = head(path)
        if path.suffix.lower() == ".jsonl":
            with open_regular(path) as lines:
                yield from read_records(uri(path), str(path), lines)
            return
        found = members(path, start)
    except (PageError, OSError) as error:
        reason = str(error) if isinstance(error, PageError) else f"can't be read ({error.strerror})"
        # Not where a link leads, but where it stands.
        yield Failure(os.fsencode(path.absolute()).decode("utf-8", "backslashreplace"), reason)
        return
    if found is None:
        yield Source(uri(path), lambda: read_file(path))
    else:
        yield from found
