"""One folder, several users: instances, threads, processes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from library import Library, Settings
from library import library as shelf
from library.catalogue import Catalogue
from library.errors import LibraryLocked
from tests.fakes import FakeEncoder, shelved

Open = Callable[[], Library]


@pytest.fixture
def open_again(library: Library, settings: Settings, encoder: FakeEncoder) -> Iterator[Open]:
    """Opens the same folder once more."""
    opened: list[Library] = []

    def again() -> Library:
        opened.append(Library.open(library.folder, settings, encoder))
        return opened[-1]

    yield again
    for other in opened:
        other.close()


def _page(n: int, more: str = "") -> Any:
    return shelved(f"/{n}.txt", f"第{n}篇讲高企存量与技术合同。{more}", city="江门")


def test_a_reader_sees_the_last_complete_write(library: Library, open_again: Open) -> None:
    reader = open_again()
    assert reader.search("高企存量", by="dense") == []
    for n in range(1, 4):
        library.add([_page(n)])
        for by in ("dense", "lexical"):
            assert {p.uri for p in reader.search("高企存量", by=by)} == {f"/{m}.txt" for m in range(1, n + 1)}  # type: ignore[arg-type]
        assert reader.check() == []
    library.remove([_page(2).article.id])
    assert {p.uri for p in reader.search("高企存量", by="dense")} == {"/1.txt", "/3.txt"}


def test_writers_take_turns(library: Library, open_again: Open) -> None:
    other = open_again()
    library.add([_page(1)])
    other.add([_page(2)])
    library.add([_page(1, "更新。")])
    other.remove([_page(2).article.id])
    library.add([_page(3)])
    for each in (library, other):
        assert {p.uri for p in each.search("高企存量", by="dense")} == {"/1.txt", "/3.txt"}
        assert each.check() == []


def test_a_reader_sees_nothing_of_a_write_in_progress(
    library: Library, open_again: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add([_page(1)])
    reader, insert, seen = open_again(), Catalogue.insert, []

    def look(self: Catalogue, *args: Any) -> Any:
        ids = insert(self, *args)
        seen.append((len(reader), len(reader.search("高企存量", by="dense")), reader.check()))
        return ids

    monkeypatch.setattr(Catalogue, "insert", look)
    library.add([_page(2), _page(3)])
    assert seen == [(1, 1, []), (1, 1, [])]
    assert len(reader.search("高企存量", by="dense")) == 3


def test_a_thread_of_the_writer_waits_for_the_write(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """It shares the writer's connection, and would see what may yet be rolled back."""
    library.add([_page(1)])
    insert, seen = Catalogue.insert, []
    thread = threading.Thread(target=lambda: seen.append(len(library)))

    def look(self: Catalogue, *args: Any) -> Any:
        ids = insert(self, *args)
        thread.start()
        thread.join(0.05)
        seen.append("still waiting" if thread.is_alive() else "has looked")
        return ids

    monkeypatch.setattr(Catalogue, "insert", look)
    library.add([_page(2)])
    thread.join()
    assert seen == ["still waiting", 2]


def test_a_reader_that_meets_a_swap_half_way_answers_all_the_same(
    library: Library, open_again: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add([_page(1)])
    reader = open_again()
    generation = Catalogue.generation.fget  # type: ignore[attr-defined]

    def overtaken(self: Catalogue) -> int:
        found = int(generation(self))
        if self is reader._catalogue and len(library) == 1:
            library.add([_page(2)])  # the file that the reader is about to open is swept
        return found

    monkeypatch.setattr(Catalogue, "generation", property(overtaken))
    assert {p.uri for p in reader.search("高企存量", by="dense")} == {"/1.txt", "/2.txt"}
    assert reader.check() == []


def test_a_check_that_is_overtaken_by_a_write_raises_no_alarm(
    library: Library, open_again: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add([_page(1)])
    reader, count = open_again(), Catalogue.count

    def overtaken(self: Catalogue, table: str) -> int:
        if self is reader._catalogue and len(library) < 3:
            library.add([_page(len(library) + 1)])
        return count(self, table)

    monkeypatch.setattr(Catalogue, "count", overtaken)
    assert reader._check_index() == []


def test_threads_read_while_one_writes(library: Library, open_again: Open) -> None:
    library.add([_page(0)])
    done, wrong = threading.Event(), []

    def read(shelf: Library) -> None:
        while not done.is_set():
            for by in ("dense", "lexical"):
                found = shelf.search("高企存量与技术合同", by=by, k=50)  # type: ignore[arg-type]
                wrong.extend(p for p in found if shelf.get(p.article_id).body[p.start : p.end] != p.text)
                if not found:
                    wrong.append(f"nothing found by {by}")

    readers = [threading.Thread(target=read, args=(s,)) for s in (library, library, open_again(), open_again())]
    for thread in readers:
        thread.start()
    try:
        for n in range(1, 16):
            library.add([_page(n)])
    finally:
        done.set()
        for thread in readers:
            thread.join()
    assert wrong == []
    assert len(library) == 16
    assert library.check() == []


def test_threads_that_write_lose_nothing(library: Library, open_again: Open) -> None:
    shelves = [library, open_again(), open_again()]
    threads = [
        threading.Thread(target=lambda s=s, at=at: [s.add([_page(n)]) for n in range(at, at + 5)])
        for s, at in zip(shelves, (0, 5, 10), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(s) for s in shelves] == [15, 15, 15]
    assert library.check() == []


def test_a_library_that_is_being_written_says_so(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "_LOCK_SECONDS", 0.01)
    library.add([_page(1)])
    with FileLock(library.folder / ".lock"):
        for write in (lambda: library.add([_page(2)]), lambda: library.remove([_page(1).article.id]), library.rebuild):
            with pytest.raises(LibraryLocked, match="Try again when it is done") as caught:
                write()
            assert (caught.value.exit_status, caught.value.retryable) == (3, True)
        assert len(library.search("高企存量", by="dense")) == 1  # readers do not wait
    library.add([_page(2)])
    assert len(library) == 2


def test_the_lock_is_given_back_after_a_failure(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "_LOCK_SECONDS", 0.01)
    with monkeypatch.context() as patch:
        patch.setattr(Catalogue, "insert", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            library.add([_page(1)])
    library.add([_page(1)])
    assert len(library) == 1


def test_a_busy_catalogue_is_not_taken_for_a_damaged_one(library: Library) -> None:
    library.add([_page(1)])
    library._catalogue._db.execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(library.folder / "catalogue.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LibraryLocked):
        library.add([_page(2)])
    other.execute("ROLLBACK")
    other.close()
    library.add([_page(2)])


@pytest.mark.parametrize("patience", [2, 99])
def test_opening_waits_a_little_for_another_that_creates_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patience: int
) -> None:
    """Setting the journal mode does not wait by itself."""
    path, pauses, connect = tmp_path / "catalogue.sqlite", [], sqlite3.connect
    other = connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    other.execute("CREATE TABLE t (x)")
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **options: connect(*a, **{**options, "timeout": 0}))

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == patience:
            other.execute("COMMIT")

    monkeypatch.setattr("time.sleep", pause)
    if patience == 99:
        with pytest.raises(LibraryLocked):
            Catalogue(path)
    else:
        Catalogue(path).close()
        assert len(pauses) == patience
    other.close()
