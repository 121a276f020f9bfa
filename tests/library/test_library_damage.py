"""What happens to a library when files of it are missing, torn, stale or strange."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from library import Library, Settings
from library.errors import LibraryDamaged, LibraryError
from tests.fakes import FakeEncoder, shelved

PAGES = [shelved(f"/{n}.txt", f"第{n}篇：高企存量达{n}00家，登记额{n}亿元。" * 6, city="江门") for n in range(1, 6)]


@pytest.fixture
def folder(tmp_path: Path, settings: Settings, encoder: FakeEncoder) -> Path:
    """A closed library of five articles that was written in two goes."""
    with Library.open(tmp_path / "shelf", settings, encoder) as library:
        library.add(PAGES[:3])
        library.add(PAGES[3:])
    return tmp_path / "shelf"


def _vectors(folder: Path) -> Path:
    [path] = folder.glob("vectors.*")
    return path


def _remove(path: Path) -> None:
    path.unlink()


def _tear(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _scribble(path: Path) -> None:
    path.write_bytes(b"not an index at all" * 50)


def _change_dimension(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4] ^= 0xFF
    path.write_bytes(data)


def _make_stale(path: Path) -> None:
    """The index of an earlier write, under the name of the present one."""
    other = path.parent.parent / "other"
    with Library.open(other, Settings(), FakeEncoder()) as library:
        library.add(PAGES[:2])
    shutil.copy(_vectors(other), path)


@pytest.mark.parametrize("harm", [_remove, _tear, _scribble, _change_dimension, _make_stale])
def test_the_index_is_made_anew_from_the_catalogue(
    folder: Path, settings: Settings, encoder: FakeEncoder, harm: Callable[[Path], None]
) -> None:
    with Library.open(folder, settings, encoder) as library:
        sound = library.search("高企存量达400家", by="dense", k=50)
    harm(_vectors(folder))
    with Library.open(folder, settings, encoder) as library:
        assert ["kejian doctor --repair" in problem for problem in library.check()] == [True]
        assert library.search("高企存量达400家", by="dense", k=50) == sound
        library.rebuild()
        assert library.check() == []
        assert library.search("高企存量达400家", by="dense", k=50) == sound
    with Library.open(folder, settings, encoder) as library:
        assert library.check() == []
        library.remove([PAGES[0].article.id])
        assert library.check() == []


def test_rebuilding_does_not_trust_the_file(folder: Path, settings: Settings, encoder: FakeEncoder) -> None:
    path = _vectors(folder)
    with Library.open(folder, settings, encoder) as library:
        sound = library.search("高企存量达400家", by="dense", k=50)
        data = bytearray(path.read_bytes())
        start = data.index(bytes(next(library._catalogue.vectors())[1][0].tobytes()))
        data[start : start + 256] = bytes(256)  # one vector is zero now, which no header tells
        path.write_bytes(data)
    with Library.open(folder, settings, encoder) as library:
        assert library.search("高企存量达400家", by="dense", k=50) != sound
        library.rebuild()
        assert library.search("高企存量达400家", by="dense", k=50) == sound


def test_a_write_heals_the_index_too(folder: Path, settings: Settings, encoder: FakeEncoder) -> None:
    _vectors(folder).unlink()
    with Library.open(folder, settings, encoder) as library:
        library.add([shelved("/new.txt", "新的一篇：孵化器达30家。")])
        assert library.check() == []
        assert library.search("孵化器达30家", by="dense", k=1)[0].uri == "/new.txt"
        assert len(library.search("高企", by="dense", k=99)) > 5


def test_what_killed_writes_left_is_swept(folder: Path, settings: Settings, encoder: FakeEncoder) -> None:
    for name in ("vectors.k1ll3d.partial", "vectors.99.faiss", "vectors.1.faiss"):
        (folder / name).write_bytes(b"left behind")
    with Library.open(folder, settings, encoder) as library:
        assert library.check() == []
        library.add(PAGES[:1])
        assert library.check() == []
    assert len(list(folder.glob("vectors.*"))) == 1


def test_rebuilding_an_empty_library(library: Library) -> None:
    library.rebuild()
    assert library.check() == []


def _no_database(path: Path) -> None:
    path.write_bytes(b"this is not a database" * 400)


def _half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _bad_pages(path: Path) -> None:
    """All but the first page is noise: it opens, and fails as soon as a table is read."""
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("harm", [_no_database, _half, _bad_pages, _empty])
def test_a_damaged_catalogue_is_told_and_left_as_it_is(
    folder: Path, settings: Settings, encoder: FakeEncoder, harm: Callable[[Path], None]
) -> None:
    path = folder / "catalogue.sqlite"
    harm(path)
    damaged, vectors = path.read_bytes(), _vectors(folder).read_bytes()
    with pytest.raises(LibraryDamaged, match="move the folder away") as caught:
        Library.open(folder, settings, encoder)
    assert (caught.value.exit_status, caught.value.retryable) == (3, False)
    assert str(folder) in str(caught.value)
    assert path.read_bytes() == damaged
    assert _vectors(folder).read_bytes() == vectors


def test_a_catalogue_that_is_gone_is_not_taken_for_a_new_library(
    folder: Path, settings: Settings, encoder: FakeEncoder
) -> None:
    for path in folder.glob("catalogue.*"):
        path.unlink()
    with pytest.raises(LibraryDamaged, match=r"its catalogue catalogue\.sqlite is gone"):
        Library.open(folder, settings, encoder)
    assert not (folder / "catalogue.sqlite").exists()


def test_a_catalogue_that_can_not_be_opened(tmp_path: Path, settings: Settings, encoder: FakeEncoder) -> None:
    (tmp_path / "shelf" / "catalogue.sqlite").mkdir(parents=True)
    with pytest.raises(LibraryDamaged, match="unable to open"):
        Library.open(tmp_path / "shelf", settings, encoder)


@pytest.mark.parametrize("column", ["raw", "starts", "report"])
def test_damage_found_while_reading_is_told_as_such(
    folder: Path, settings: Settings, encoder: FakeEncoder, column: str
) -> None:
    with sqlite3.connect(folder / "catalogue.sqlite") as db:
        db.execute(f"UPDATE articles SET {column} = x'3f' WHERE uri = '/1.txt'")
    db.close()
    read = "raw" if column == "raw" else "get"
    with Library.open(folder, settings, encoder) as library, pytest.raises(LibraryDamaged):
        getattr(library, read)(PAGES[0].article.id)


def test_the_check_tells_damage_instead_of_raising(folder: Path, settings: Settings, encoder: FakeEncoder) -> None:
    with Library.open(folder, settings, encoder) as library:
        _bad_pages(folder / "catalogue.sqlite")
        library._catalogue._db.execute("PRAGMA shrink_memory")
        problems = library.check()
    assert problems


def test_what_the_tables_contradict_is_found(folder: Path, settings: Settings, encoder: FakeEncoder) -> None:
    with Library.open(folder, settings, encoder) as library:
        library._catalogue._db.execute("DELETE FROM words WHERE rowid = 1")
        library._catalogue._db.execute("PRAGMA foreign_keys = OFF")
        library._catalogue._db.execute("DELETE FROM articles WHERE uri = '/2.txt'")
        library._catalogue._db.execute("DELETE FROM chunks WHERE article_id = ?", (PAGES[2].article.id,))
        problems = " | ".join(library.check())
    for expected in ("rows of words", "dangling reference in chunks", "1 articles without chunks", "FAISS file"):
        assert expected in problems


def test_a_library_of_a_newer_version_is_left_alone(folder: Path, settings: Settings, encoder: FakeEncoder) -> None:
    db = sqlite3.connect(folder / "catalogue.sqlite")
    db.execute("PRAGMA user_version = 99")
    with pytest.raises(LibraryError, match="newer Kejian"):
        Library.open(folder, settings, encoder)
    assert db.execute("PRAGMA user_version").fetchone() == (99,)
    db.close()
