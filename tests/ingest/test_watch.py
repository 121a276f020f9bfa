"""Following a real folder: what happens there reaches the shelf."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest import IngestReport
from ingest.report import Change, merge
from ingest.watch import watch
from library import Library
from library.errors import LibraryLocked, UsageError

BODY = "江门市科技局召开第{n}次会议，要求企业抓住机遇，力争高企存量达{n}00家。"
_PATIENCE = 20.0


class Watched:
    """A folder that is followed in a thread."""

    def __init__(self, library: Library, paths: list[Path], prune: bool = False) -> None:
        self.reports: list[IngestReport] = []
        self.stop, self.total = threading.Event(), None
        self._run = lambda: watch(library, paths, self.reports.append, prune, stop=self.stop, settle=0.1)
        self._thread = threading.Thread(target=self._follow)
        self._thread.start()
        self.until(lambda: bool(self.reports))

    def _follow(self) -> None:
        self.total = self._run()

    @property
    def changes(self) -> set[tuple[str, str]]:
        return {(c.kind, Path(c.path).name) for r in self.reports[1:] for c in r.changes}

    def until(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + _PATIENCE
        while not true():
            assert time.monotonic() < end, f"waited in vain; so far: {self.reports}"
            time.sleep(0.02)

    def end(self) -> IngestReport:
        self.stop.set()
        self._thread.join(_PATIENCE)
        assert self.total is not None
        return self.total


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for n in (1, 2, 3):
        _write(folder / f"{n}.txt", n)
    return folder


@pytest.fixture
def follow(library: Library) -> Iterator[Callable[..., Watched]]:
    started: list[Watched] = []

    def start(*paths: Path, prune: bool = False) -> Watched:
        started.append(Watched(library, list(paths), prune))
        return started[-1]

    yield start
    for watched in started:
        watched.end()


def _write(path: Path, n: int) -> None:
    path.write_text(BODY.format(n=n), encoding="utf-8")


def _names(library: Library) -> set[str]:
    return {Path(s.uri).name for s in library.articles()}


def test_what_changes_is_taken(library: Library, pages: Path, follow: Callable[..., Watched]) -> None:
    watched = follow(pages, prune=True)
    assert watched.reports[0].added == 3
    _write(pages / "4.txt", 4)
    _write(pages / "2.txt", 22)
    (pages / "3.txt").unlink()
    (pages / "1.txt").rename(pages / "one.txt")
    (pages / "notes.bin").write_bytes(b"no page")
    watched.until(lambda: len(watched.changes) == 4)
    assert watched.changes == {("added", "4.txt"), ("updated", "2.txt"), ("removed", "3.txt"), ("renamed", "one.txt")}
    assert _names(library) == {"4.txt", "2.txt", "one.txt"}
    total = watched.end()
    assert (total.added, total.updated, total.removed, total.renamed, total.failed) == (4, 2, 1, 1, ())
    assert {Path(a.path).name for a in total.articles} == {"4.txt", "2.txt", "one.txt"}
    assert library.check() == []


def test_without_prune_nothing_is_taken_off(library: Library, pages: Path, follow: Callable[..., Watched]) -> None:
    watched = follow(pages)
    (pages / "3.txt").unlink()
    _write(pages / "4.txt", 4)
    watched.until(lambda: ("added", "4.txt") in watched.changes)
    assert len(library) == 4


def test_a_folder_that_is_moved_in_is_taken_as_a_whole(
    library: Library, pages: Path, follow: Callable[..., Watched]
) -> None:
    (pages.parent / "more" / "deeper").mkdir(parents=True)
    _write(pages.parent / "more" / "deeper" / "7.txt", 7)
    watched = follow(pages)
    (pages.parent / "more").rename(pages / "more")
    watched.until(lambda: ("added", "7.txt") in watched.changes)


def test_a_file_that_is_being_written_waits(library: Library, pages: Path, follow: Callable[..., Watched]) -> None:
    watched = follow(pages)
    with (pages / "slow.txt").open("w", encoding="utf-8") as slow:
        for n in range(12):
            slow.write(BODY.format(n=n))
            slow.flush()
            time.sleep(0.04)
    watched.until(lambda: ("added", "slow.txt") in watched.changes)
    total = watched.end()
    assert (total.added, total.updated) == (4, 0)
    (article,) = (library.get(s.id) for s in library.articles() if s.uri.endswith("slow.txt"))
    assert article.body.count("会议") == 12


def test_a_page_that_fails_is_told_and_the_watch_goes_on(
    library: Library, pages: Path, follow: Callable[..., Watched]
) -> None:
    watched = follow(pages)
    (pages / "bad.txt").write_bytes(b"\0" * 100)
    watched.until(lambda: any(r.failed for r in watched.reports))
    _write(pages / "4.txt", 4)
    watched.until(lambda: ("added", "4.txt") in watched.changes)
    assert [Path(f.path).name for f in watched.end().failed] == ["bad.txt"]


def test_a_page_that_was_mended_is_no_failure(library: Library, pages: Path, follow: Callable[..., Watched]) -> None:
    (pages / "bad.txt").touch()
    watched = follow(pages)
    assert len(watched.reports[0].failed) == 1
    _write(pages / "bad.txt", 9)
    watched.until(lambda: ("added", "bad.txt") in watched.changes)
    assert watched.end().failed == ()


def test_a_library_that_is_in_use_is_tried_again(
    library: Library, pages: Path, follow: Callable[..., Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    watched, add, tries = follow(pages), library.add, []

    def locked(*args: object) -> frozenset[str]:
        tries.append(args)
        if len(tries) < 3:
            raise LibraryLocked("Another process is writing.")
        return add(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(library, "add", locked)
    _write(pages / "4.txt", 4)
    watched.until(lambda: ("added", "4.txt") in watched.changes)
    assert len(tries) == 3


def test_a_single_file_that_is_replaced_is_followed(
    library: Library, pages: Path, follow: Callable[..., Watched]
) -> None:
    watched = follow(pages / "1.txt")
    for n in (11, 12):
        _write(pages / "new", n)
        (pages / "new").replace(pages / "1.txt")
        watched.until(lambda n=n: f"达{n}00家" in library.get(library.articles()[0].id).body)  # type: ignore[misc]
    assert watched.end().updated == 2


def test_there_must_be_something_to_follow(library: Library, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--watch"):
        watch(library, ["https://news.example/a.html", tmp_path / "nowhere"], print)


def test_one_report_of_several() -> None:
    def report(**counts: int) -> dict[str, int]:
        return dict.fromkeys(("added", "updated", "unchanged", "removed", "duplicates"), 0) | counts

    first = IngestReport(**report(added=1, unchanged=2), failed=(), articles=(), seconds=1.5)
    second = IngestReport(
        **report(updated=1), failed=(), articles=(), seconds=0.25, changes=(Change("renamed", "/b", "/a"),)
    )
    total = merge([first, second])
    assert (total.added, total.updated, total.unchanged, total.renamed, total.seconds) == (1, 1, 2, 1, 1.75)
    assert merge([]).to_dict()["articles"] == []
