"""Copies on a shelf: one leads, whatever the order they came in, and another is promoted when it goes."""

from __future__ import annotations

import itertools
import random
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from library import Library, Settings
from library.clusters import near
from library.records import Shelved, Signature
from tests.fakes import FakeEncoder, shelved

BASE = [f"第{n}句讲到光电产业的第{n}个进展，专家对此各有看法。" for n in range(30)]


def _signed(uri: str, marks: Sequence[int], published: str = "", body: str = "") -> Shelved:
    """An article whose shingles are the given numbers."""
    item = shelved(uri, body or f"{uri}的正文。{len(marks)}", published=published)
    return replace(item, signature=Signature(len(set(marks)), tuple(sorted(set(marks))), ()))


def _clusters(library: Library) -> dict[str, tuple[str, ...]]:
    """Leader's URI to the members' URIs."""
    uris = {s.id: s.uri for s in library.articles()}
    leaders = library.leaders()
    found: dict[str, list[str]] = {}
    for article_id, uri in uris.items():
        found.setdefault(uris[leaders.get(article_id, article_id)], []).append(uri)
    for leader, members in found.items():
        ids = {i for i, uri in uris.items() if uri in members}
        for article_id in ids:
            assert set(library.get(article_id).duplicates) == ids - {article_id}
        assert leader in members
    return {leader: tuple(sorted(members)) for leader, members in found.items()}


# A chain: each is near its neighbours, and the ends are strangers.
CHAIN = [_signed(f"/{n}", range(20 * n, 20 * n + 60), f"2024-01-0{n + 1}") for n in range(5)]


def test_a_chain_makes_no_cluster_of_strangers(library: Library) -> None:
    assert [near(CHAIN[0].signature, item.signature) for item in CHAIN] == [True, True, False, False, False]  # type: ignore[arg-type]
    library.add(CHAIN)
    assert _clusters(library) == {"/0": ("/0", "/1"), "/2": ("/2", "/3"), "/4": ("/4",)}


@pytest.mark.parametrize("order", list(itertools.permutations(range(5))))
def test_the_order_of_arrival_does_not_matter(
    tmp_path: Path, settings: Settings, encoder: FakeEncoder, order: tuple[int, ...]
) -> None:
    with Library.open(tmp_path / "shelf", settings, encoder) as library:
        library.add([CHAIN[n] for n in order[:2]])
        library.add([CHAIN[n] for n in order[2:]])
        assert _clusters(library) == {"/0": ("/0", "/1"), "/2": ("/2", "/3"), "/4": ("/4",)}
        assert library.check() == []


def test_comings_and_goings_end_like_one_arrival(tmp_path: Path, settings: Settings, encoder: FakeEncoder) -> None:
    """Whatever was added, changed and removed before, the clusters are those of what is on the shelf."""
    chance = random.Random(20240415)
    with (
        Library.open(tmp_path / "changing", settings, encoder) as changing,
        Library.open(tmp_path / "fresh", settings, encoder) as fresh,
    ):
        on_shelf: dict[str, Shelved] = {}
        for _ in range(60):
            at = chance.randrange(0, 120, 10)
            item = _signed(
                f"/{chance.randrange(12)}", range(at, at + 60), chance.choice(["", "2024-01-01", "2025-01-01"])
            )
            if item.article.uri in on_shelf and chance.random() < 0.5:
                changing.remove([item.article.id])
                del on_shelf[item.article.uri]
            else:
                changing.add([item])
                on_shelf[item.article.uri] = item
        fresh.add(list(on_shelf.values()))
        assert len(_clusters(changing)) < len(on_shelf)
        assert _clusters(changing) == _clusters(fresh)
        assert changing.check() == []
        changing.remove([item.article.id for item in on_shelf.values()])
        assert changing._catalogue.count("bodies") == changing._catalogue.count("sketches") == 0
        assert changing._catalogue.count("links") == 0


@pytest.mark.parametrize(
    ("dates", "bodies", "leader"),
    [
        (("2024-05-01", "2024-04-01", ""), ("长长长。", "短。", "长长长长。"), "/1"),
        (("", "", ""), ("短。", "更长的正文。", "正文。"), "/1"),
        (("2024-04-01", "2024-04-01", "2024-04-01"), ("甲文。", "乙文。", "更长的丙文。"), "/2"),
    ],
)
def test_the_earliest_leads_then_the_fullest(
    library: Library, dates: tuple[str, ...], bodies: tuple[str, ...], leader: str
) -> None:
    library.add([_signed(f"/{n}", range(60), dates[n], bodies[n]) for n in range(3)])
    assert _clusters(library) == {leader: ("/0", "/1", "/2")}


def test_when_the_leader_goes_the_next_is_promoted(library: Library) -> None:
    items = [_signed(f"/{n}", range(60), f"2024-01-0{n + 1}", BASE[0] + "。" * n) for n in range(3)]
    assert library.add(items) == {items[1].article.id, items[2].article.id}
    for n, item in enumerate(items):
        assert [p.uri for p in library.search("光电产业的进展", by="dense")] == [f"/{n}"]
        assert [p.uri for p in library.search("光电产业", by="lexical")] == [f"/{n}"]
        library.remove([item.article.id])
    assert library.leaders() == {}


@pytest.mark.parametrize("by", ["dense", "lexical"])
def test_what_only_a_copy_says_is_still_found(library: Library, by: Any) -> None:
    """The earlier print was cut to its first half; it leads, and the other's second half is not lost."""
    half = _signed("/half", range(60), "2024-01-01", "".join(BASE[:6]))
    full = _signed("/full", range(60), "2024-02-01", "转载说明。" + "".join(BASE[:12]))
    library.add([full, half])
    found = library.search("光电产业第3个进展的看法", by=by, k=30)
    assert {p.uri for p in found} == {"/half", "/full"}
    found.sort(key=lambda p: p.start)
    assert "".join(p.text for p in found if p.uri == "/half") == half.article.body
    own = "".join(p.text for p in found if p.uri == "/full")
    assert all(sentence[:12] in own for sentence in BASE[8:12])
    assert not any(sentence in own for sentence in BASE[:4])


def test_a_filter_shows_the_first_copy_that_it_lets_through(library: Library) -> None:
    items = [_signed(f"/{n}", range(60), f"2024-01-0{n + 1}", BASE[0] + "。" * n) for n in range(3)]
    library.add(items)
    assert [p.uri for p in library.search("光电", by="lexical", since="2024-01-02")] == ["/1"]


def test_ten_copies_are_not_compared_ten_times_each(library: Library) -> None:
    library.add([_signed(f"/{n}", range(60), body="同一篇正文。") for n in range(10)])
    assert (library._catalogue.count("bodies"), library._catalogue.count("links")) == (1, 0)
    assert len(_clusters(library)) == 1


def _as_version_1(path: Path) -> None:
    db = sqlite3.connect(path)
    for table in ("links", "sketches", "bodies", "edges"):
        db.execute(f"DROP TABLE {table}")
    db.execute("ALTER TABLE articles DROP COLUMN details")
    db.execute("PRAGMA user_version = 1")
    db.commit()
    db.close()


def test_a_library_from_before_clusters_is_taken_over(tmp_path: Path, settings: Settings, encoder: FakeEncoder) -> None:
    items = [_signed("/a", range(60), "2024-01-01", "正文甲。"), _signed("/b", range(5, 60), "2024-01-02", "正文乙。")]
    items.append(replace(_signed("/c", range(60), "2024-01-03", "正文甲。")))
    with Library.open(tmp_path / "shelf", settings, encoder) as library:
        library.add(items)
        before = [library.get(item.article.id) for item in items]
    _as_version_1(tmp_path / "shelf" / "catalogue.sqlite")
    with Library.open(tmp_path / "shelf", settings, encoder) as library:
        assert library.check() == []
        assert _clusters(library) == {"/a": ("/a", "/c"), "/b": ("/b",)}  # exact copies were known all along
        by_body = {item.article.body: item.signature for item in items}
        library.sign(lambda body: by_body[body])  # type: ignore[arg-type, return-value]
        assert [library.get(item.article.id) for item in items] == before
        assert _clusters(library) == {"/a": ("/a", "/b", "/c")}
        library.sign(lambda body: pytest.fail("all are signed"))


def test_a_takeover_that_fails_leaves_the_old_library(
    tmp_path: Path, settings: Settings, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library.open(tmp_path / "shelf", settings, encoder) as library:
        library.add(CHAIN)
    path = tmp_path / "shelf" / "catalogue.sqlite"
    _as_version_1(path)
    with monkeypatch.context() as patch:
        patch.setattr("library.clusters.ADOPT", "SELECT no_such_function()")
        with pytest.raises(sqlite3.OperationalError):
            Library.open(tmp_path / "shelf", settings, encoder)
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA user_version").fetchone() == (1,)
    assert db.execute("SELECT 1 FROM sqlite_master WHERE name = 'bodies'").fetchone() is None
    db.close()
    with Library.open(tmp_path / "shelf", settings, encoder) as library:
        assert (len(library), library.check()) == (5, [])


def test_clusters_out_of_step_are_found(library: Library) -> None:
    library.add(CHAIN)
    library._catalogue._db.execute("UPDATE bodies SET leader = 99 WHERE id = 2")
    library._catalogue._db.execute("DELETE FROM bodies WHERE id = 1")
    problems = " | ".join(library.check())
    assert "1 articles without a cluster" in problems
    assert "1 clusters out of step" in problems
