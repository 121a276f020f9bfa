"""Pages that came through the browser, kept in a folder of the library: a page needs a place to be known by."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from ingest.loaders import is_url
from library.errors import UsageError

_LONGEST_NAME = 120


def keep(folder: Path, files: Sequence[str | Path]) -> list[Path]:
    """Copies files to ``folder``; the same file again is not copied twice, another one of that name gets a number.

    Returns:
        Where each of them is now.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = []
    for file in map(Path, files):
        for place in _places(folder, file.name):
            if not place.exists():
                shutil.copyfile(file, place)
            elif place.read_bytes() != file.read_bytes():
                continue
            kept.append(place)
            break
    return kept


def addresses(text: str) -> list[str]:
    """The URLs in a text box, one a line.

    Raises:
        UsageError: a line is no URL; a path of the server's own disk is none.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in lines:
        if not is_url(line):
            raise UsageError(f"{line[:80]!r} is no web address. Write one a line, with http:// or https://.")
    return lines


def _places(folder: Path, name: str) -> Iterator[Path]:
    # The extension says how the page is read: it stays.
    stem, suffix = Path(name).stem[:_LONGEST_NAME] or "page", Path(name).suffix
    yield folder / f"{stem}{suffix}"
    for n in count(2):
        yield folder / f"{stem} ({n}){suffix}"
