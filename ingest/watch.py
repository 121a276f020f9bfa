"""Following folders: what changes in them is taken onto the shelf as it changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import watchfiles

from ingest.batch import Progress, ingest
from ingest.loaders import is_url
from ingest.report import IngestReport, merge
from library.errors import LibraryLocked, UsageError
from library.library import Library

_SETTLE = 1.0
_State = tuple[int, int] | None


def watch(
    library: Library,
    paths: Iterable[str | Path],
    told: Callable[[IngestReport], None],
    prune: bool = False,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    settle: float = _SETTLE,
) -> IngestReport:
    """Takes what is there, and then what changes, until it is interrupted or ``stop`` is set.

    A file is taken once its size and time have not changed for ``settle`` seconds. A page that fails is reported and
    tried again when it changes; a library that another process is writing to is tried again until it is free.

    Args:
        library: the shelf to put the pages on.
        paths: files and folders to follow; URLs among them are read once.
        told: called with the report of the first run, then with one for every round in which something happened.
        prune: also take off the shelf what is removed from the folders.
        progress: see ``Progress``; of the first run.
        stop: set it to end the watch.
        settle: seconds.

    Returns:
        One report of all.

    Raises:
        UsageError: there is no file or folder among the paths.
    """
    given, stop = [str(p) for p in paths], stop or threading.Event()
    local = local_paths(given)
    reports: list[IngestReport] = []
    try:
        wakes = _wakes(local, settle, stop)
        next(wakes)  # from here on nothing is missed, not even during the first run
        reports.append(ingest(library, given, progress, prune))
        told(reports[0])
        waiting = _Waiting(settle)
        for changed in wakes:
            waiting.note(changed)
            ready = waiting.settled()
            report = _round(library, local, ready, prune) if ready else None
            if report:
                waiting.forget(ready)
            if report and (report.changes or report.failed):
                reports.append(report)
                told(report)
    except KeyboardInterrupt:
        pass
    return merge(reports)


def local_paths(paths: Iterable[str | Path]) -> list[str]:
    """Those of the paths that can be followed.

    Raises:
        UsageError: there is none.
    """
    local = [p for p in map(str, paths) if not is_url(p) and Path(p).exists()]
    if not local:
        raise UsageError("Only files and folders that exist can be watched. Name one, or leave out --watch.")
    return local


def _round(library: Library, local: list[str], ready: set[str], prune: bool) -> IngestReport | None:
    """Takes what is new of these files; None where another process is writing to the library."""

    def is_ready(uri: str) -> bool:
        # ``FILE.jsonl#3``, ``FILE.jsonl, line 3``, and whatever lies in a folder that was moved here as a whole.
        places = (uri, uri.rpartition("#")[0], uri.rpartition(", line ")[0], *map(str, Path(uri).parents))
        return any(place in ready for place in places)

    try:
        return ingest(library, local, None, prune, is_ready)
    except LibraryLocked:
        return None


def _wakes(local: list[str], settle: float, stop: threading.Event) -> Iterator[set[str]]:
    """Changed paths, resolved; an empty set every ``settle`` seconds in which nothing happened."""
    folders = [p for p in local if Path(p).is_dir()]
    # A file that is replaced by another of its name is lost to the system's watch, so single files are looked at.
    files = {p: _state(p) for p in (str(Path(p).resolve()) for p in local if Path(p).is_file())}
    for changed in _changes(folders, settle, stop):
        for path, before in files.items():
            files[path] = _state(path)
            if files[path] != before:
                changed.add(path)
        yield changed


def _changes(folders: list[str], settle: float, stop: threading.Event) -> Iterator[set[str]]:
    if not folders:
        yield set()
        while not stop.wait(settle):
            yield set()
        return
    wait = max(int(settle * 1000), 50)
    for changes in watchfiles.watch(
        *folders, watch_filter=None, debounce=wait, step=50, stop_event=stop, rust_timeout=wait, yield_on_timeout=True
    ):
        yield {str(Path(path).resolve()) for _, path in changes}


@dataclass(slots=True)
class _Waiting:
    """Changed files that may still be written to."""

    settle: float
    seen: dict[str, tuple[_State, float]] = field(default_factory=dict)

    def note(self, paths: set[str]) -> None:
        now = time.monotonic()
        self.seen |= {path: (_state(path), now) for path in paths}

    def settled(self) -> set[str]:
        """Those that have looked the same for long enough."""
        now = time.monotonic()
        for path, (before, _) in list(self.seen.items()):
            if (state := _state(path)) != before:
                self.seen[path] = state, now
        return {path for path, (_, since) in self.seen.items() if now - since >= self.settle}

    def forget(self, paths: set[str]) -> None:
        for path in paths:
            self.seen.pop(path, None)


def _state(path: str) -> _State:
    """Size and time of a file; None where there is none."""
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns
