"""Renamed files, and what a site's pages share: the shelf after a run that was cut short is that of a whole run."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ingest import IngestReport, ingest
from ingest.loaders import Source
from library import Library, Settings
from library.errors import LibraryLocked
from tests.fakes import FakeEncoder

taking = sys.modules[ingest.__module__]
WORDS = (
    "光电产业 技术攻关 成果转化 实验室 高新企业 大力推动 加快建设 人才引进 创新平台 持续优化 研发投入 科普活动".split()
)
BODY = "江门市科技局召开第{n}次会议，要求企业抓住机遇，力争高企存量达{n}00家。"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for n in (1, 2, 3):
        (folder / f"{n}.txt").write_text(BODY.format(n=n), encoding="utf-8")
    (folder / "more.jsonl").write_text(json.dumps({"id": "4", "text": BODY.format(n=4)}), encoding="utf-8")
    return folder


def _counts(report: IngestReport) -> tuple[int, int, int, int, int]:
    return (report.added, report.updated, report.unchanged, report.removed, report.renamed)


def _names(library: Library) -> list[str]:
    return [Path(s.uri).name for s in library.articles()]


@pytest.mark.parametrize(("old", "new"), [("2.txt", "b.txt"), ("2.txt", "deeper/2.txt"), ("more.jsonl", "z.jsonl")])
def test_a_renamed_page_is_taken_along(
    library: Library, pages: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    ingest(library, [pages])
    place, record = library._catalogue.generation, "#4" if new.endswith(".jsonl") else ""
    was = str((pages / old).resolve()) + record
    before = library.get(taking.article_id(was))
    (pages / new).parent.mkdir(exist_ok=True)
    (pages / old).rename(pages / new)
    monkeypatch.setattr(library.encoder, "passages", lambda *args: pytest.fail("its vectors are there"))
    report = ingest(library, [pages], prune=True)
    assert _counts(report) == (0, 1, 3, 0, 1)
    uri = str((pages / new).resolve()) + record
    (change,) = report.changes
    assert (change.kind, change.path, change.before) == ("renamed", uri, was)
    after = library.get(taking.article_id(uri))
    assert (after.uri, after.body, after.origins) == (uri, before.body, before.origins)
    assert library.raw(after.id) == before.body
    assert len(library) == 4
    assert {p.uri for by in ("dense", "lexical") for p in library.search(before.body, by=by, k=1)} == {uri}
    assert (library._catalogue.generation, library.check()) == (place, [])
    assert list(report.to_dict()) == [
        "added", "updated", "unchanged", "removed", "duplicates", "failed", "articles", "seconds"
    ]  # fmt: skip


def test_a_copy_is_no_rename(library: Library, pages: Path) -> None:
    ingest(library, [pages])
    (pages / "copy.txt").write_bytes((pages / "1.txt").read_bytes())
    assert _counts(ingest(library, [pages])) == (1, 0, 4, 0, 0)


def test_of_two_files_with_the_same_bytes_each_is_renamed_once(library: Library, pages: Path) -> None:
    (pages / "copy.txt").write_bytes((pages / "1.txt").read_bytes())
    ingest(library, [pages])
    (pages / "1.txt").rename(pages / "x.txt")
    (pages / "copy.txt").rename(pages / "y.txt")
    (pages / "z.txt").write_bytes((pages / "x.txt").read_bytes())
    assert _counts(ingest(library, [pages])) == (1, 2, 3, 0, 2)
    assert sorted(_names(library)) == ["2.txt", "3.txt", "more.jsonl#4", "x.txt", "y.txt", "z.txt"]


def test_another_suffix_is_read_anew(library: Library, pages: Path) -> None:
    """The same bytes are another page as HTML."""
    ingest(library, [pages])
    (pages / "1.txt").rename(pages / "1.html")
    assert _counts(ingest(library, [pages], prune=True)) == (1, 0, 3, 1, 0)


def test_a_swap_of_names_is_two_updates(library: Library, pages: Path) -> None:
    ingest(library, [pages])
    (pages / "1.txt").rename(pages / "t")
    (pages / "2.txt").rename(pages / "1.txt")
    (pages / "t").rename(pages / "2.txt")
    assert _counts(ingest(library, [pages])) == (0, 2, 2, 0, 0)


def test_a_rename_is_whole_or_not_at_all(library: Library, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ingest(library, [pages])
    before = [library.get(s.id) for s in library.articles()]
    for n in (1, 2):
        (pages / f"{n}.txt").rename(pages / f"{n}-new.txt")
    with monkeypatch.context() as patch:
        reorder = taking.Library.rename.__globals__["Catalogue"].rename
        calls: list[Any] = []

        def fail(self: Any, move: Any) -> bool:
            calls.append(move)
            if len(calls) == 2:
                raise LibraryLocked("power cut")
            return bool(reorder(self, move))

        patch.setattr("library.catalogue.Catalogue.rename", fail)
        with pytest.raises(LibraryLocked):
            ingest(library, [pages])
    assert [library.get(s.id) for s in library.articles()] == before
    assert library.check() == []
    assert _counts(ingest(library, [pages])) == (0, 2, 2, 0, 2)


@pytest.mark.parametrize(
    ("uri", "given", "site"),
    [
        ("https://News.example/a/b.html", {}, "news.example"),
        ("/pages/x.jsonl#1", {"url": "http://kjj.example:80/1"}, "kjj.example:80"),
        ("/pages/x.jsonl#1", {}, "/pages"),
        ("/pages/x.txt", {}, "/pages"),
    ],
)
def test_the_site_of_a_page(uri: str, given: dict[str, str], site: str) -> None:
    assert taking._site(Source(uri, bytes, given)) == site


def _write_site(folder: Path) -> None:
    """Pages that differ, with lines around them that only the site's other pages tell; some pages are copies."""
    chance = random.Random(5)
    for n in range(12):
        text = "，".join("".join(chance.sample(WORDS, 5)) for _ in range(8)) + "。"
        lines = ["云川科技风采", f"科创之窗{'甲乙'[n % 2]}辑", text, f"携手共建第{'一二三'[n // 4]}方阵"]
        for name in [f"{n:02}", f"{n:02}-copy"] if n % 5 == 0 else [f"{n:02}"]:
            (folder / f"{name}.txt").write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize("cut", range(1, 7))
def test_what_a_site_shares_is_the_same_after_a_run_cut_short(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    (tmp_path / "site").mkdir()
    _write_site(tmp_path / "site")

    def bodies(library: Library) -> list[str]:
        return [library.get(s.id).body for s in library.articles()]

    def run(shelf: str, batch: int, fail_at: int = 0) -> list[str]:
        monkeypatch.setattr(taking, "_BATCH_CHUNKS", batch)
        with Library.open(tmp_path / shelf, settings, FakeEncoder()) as library:
            add, calls = library.add, []

            def locked(items: Sequence[Any], *args: Any) -> Any:
                calls.append(items)
                if len(calls) == fail_at:
                    raise LibraryLocked("cut")
                return add(items, *args)

            library.add = locked  # type: ignore[method-assign]
            if fail_at:
                with pytest.raises(LibraryLocked):
                    ingest(library, [tmp_path / "site"])
            else:
                ingest(library, [tmp_path / "site"])
            return bodies(library)

    whole = run("whole", 1000)
    assert whole[0].startswith("云川科技风采\n科创之窗甲辑")
    assert "\n" not in whole[-1]
    assert all("。" in body for body in whole)
    run("cut", 2, cut)
    assert run("cut", 3) == whole
