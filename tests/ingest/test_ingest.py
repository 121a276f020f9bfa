"""Pages onto the shelf: what is counted, what is skipped, what fails, and in what portions."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ingest import IngestReport, ingest
from library import Library, Settings
from library.errors import LibraryLocked
from tests.fakes import FakeEncoder

taking = sys.modules[ingest.__module__]  # the package's name ``ingest`` is the function's
BODY = "江门市科技局召开第{n}次会议，要求企业抓住机遇，力争高企存量达{n}00家。"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of three pages and a file of two records."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for n in (1, 2, 3):
        (folder / f"{n}.txt").write_text(BODY.format(n=n), encoding="utf-8")
    _records(folder / "more.jsonl", 4, 5)
    return folder


def _records(path: Path, *numbers: int) -> None:
    lines = [json.dumps({"id": str(n), "text": BODY.format(n=n), "title": f"会议{n}"}) for n in numbers]
    path.write_text("\n".join(lines), encoding="utf-8")


def _counts(report: IngestReport) -> tuple[int, int, int, int, int, int]:
    return (report.added, report.updated, report.unchanged, report.removed, report.duplicates, len(report.failed))


def test_the_first_run_takes_everything(library: Library, pages: Path) -> None:
    report = ingest(library, [pages])
    assert _counts(report) == (5, 0, 0, 0, 0, 0)
    assert [a.path for a in report.articles] == [s.uri for s in library.articles()]
    assert [Path(a.path).name for a in report.articles] == ["1.txt", "2.txt", "3.txt", "more.jsonl#4", "more.jsonl#5"]
    first = report.articles[0]
    article = library.get(first.id)
    assert (article.body, first.chars, first.city) == (BODY.format(n=1), len(article.body), "")
    assert library.get(report.articles[3].id).title == "会议4"
    assert library.raw(first.id) == BODY.format(n=1)
    assert library.check() == []


def test_the_report_as_json(library: Library, pages: Path) -> None:
    (pages / "empty.txt").touch()
    plain = json.loads(json.dumps(ingest(library, [pages]).to_dict()))
    assert list(plain) == [
        "added", "updated", "unchanged", "removed", "duplicates", "failed", "articles", "seconds"
    ]  # fmt: skip
    assert list(plain["articles"][0]) == ["id", "path", "title", "city", "published", "chars", "report"]
    assert plain["articles"][0]["report"][0] == {"step": "mojibake", "changes": 0}
    assert plain["failed"] == [{"path": str((pages / "empty.txt").resolve()), "reason": "the file is empty"}]


def test_the_second_run_embeds_nothing(library: Library, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ingest(library, [pages])
    generation = library._catalogue.generation
    monkeypatch.setattr(library.encoder, "passages", lambda *args: pytest.fail("nothing is new"))
    again = ingest(library, [pages, pages / "1.txt"])
    assert _counts(again) == (0, 0, 5, 0, 0, 0)
    assert again.articles == first.articles
    assert library._catalogue.generation == generation


def test_what_changed_is_updated_and_keeps_its_id(library: Library, pages: Path) -> None:
    first = ingest(library, [pages])
    (pages / "2.txt").write_text("随州市科技局发布新的目标。", encoding="utf-8")
    _records(pages / "more.jsonl", 5, 6)
    again = ingest(library, [pages])
    assert _counts(again) == (1, 1, 3, 0, 0, 0)
    assert library.get(first.articles[1].id).body == "随州市科技局发布新的目标。"
    assert len(library) == 6
    assert library.search("第2次会议", by="lexical", k=1)[0].uri != first.articles[1].path


def test_a_page_given_twice_is_taken_once(library: Library, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(pages.parent)
    assert _counts(ingest(library, [pages, "pages/1.txt", "pages", "./pages/../pages/more.jsonl"]))[:3] == (5, 0, 0)


def test_a_page_that_fails_costs_nothing_else(library: Library, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (pages / "0.txt").write_bytes(b"\0" * 100)
    (pages / "bad.jsonl").write_text('{"id": "1"}\n[]\n{"id": "x", "text": "好的记录。"}\n', encoding="utf-8")
    clean = taking.clean

    def trip(page: Any, *args: Any) -> Any:
        if page.uri.endswith("2.txt"):
            raise ZeroDivisionError("parser")
        return clean(page, *args)

    monkeypatch.setattr(taking, "clean", trip)
    report = ingest(library, [pages, pages / "nowhere"])
    assert _counts(report) == (5, 0, 0, 0, 0, 5)
    reasons = {Path(f.path).name: f.reason for f in report.failed}
    assert reasons["0.txt"].startswith("not readable as text")
    assert reasons["2.txt"] == "unexpected ZeroDivisionError: parser"
    assert reasons["bad.jsonl, line 1"] == "needs 'id' and 'text'"
    assert reasons["bad.jsonl, line 2"].startswith("not a JSON object")
    assert reasons["nowhere"] == "no such file or folder"
    monkeypatch.undo()


def test_a_page_that_no_longer_reads_keeps_its_last_version(library: Library, pages: Path) -> None:
    first = ingest(library, [pages])
    (pages / "1.txt").write_bytes(b"")
    report = ingest(library, [pages], prune=True)
    assert _counts(report) == (0, 0, 4, 0, 0, 1)
    assert library.get(first.articles[0].id).body == BODY.format(n=1)


def test_nothing_to_take(library: Library, tmp_path: Path) -> None:
    assert _counts(ingest(library, [])) == (0, 0, 0, 0, 0, 0)
    assert _counts(ingest(library, [tmp_path])) == (0, 0, 0, 0, 0, 0)


def test_reprints_are_counted(library: Library, pages: Path) -> None:
    (pages / "copy.txt").write_text("\n" + BODY.format(n=1) + "\n", encoding="utf-8")
    assert _counts(ingest(library, [pages])) == (6, 0, 0, 0, 1, 0)
    (pages / "late.txt").write_text(BODY.format(n=2), encoding="utf-8")
    assert _counts(ingest(library, [pages])) == (1, 0, 6, 0, 1, 0)
    twins = [a for a in map(library.get, (s.id for s in library.articles())) if a.duplicates]
    assert {Path(a.uri).name for a in twins} == {"1.txt", "copy.txt", "2.txt", "late.txt"}


def test_pruning_takes_off_what_is_gone_from_these_folders_only(library: Library, pages: Path, tmp_path: Path) -> None:
    other = tmp_path / "pages-2"
    other.mkdir()
    (other / "9.txt").write_text(BODY.format(n=9), encoding="utf-8")
    ingest(library, [pages, other])
    (pages / "1.txt").unlink()
    (other / "9.txt").unlink()
    _records(pages / "more.jsonl", 4)
    assert _counts(ingest(library, [pages]))[3] == 0
    report = ingest(library, [pages], prune=True)
    assert _counts(report) == (0, 0, 3, 2, 0, 0)
    left = [Path(s.uri).name for s in library.articles()]
    assert left == ["2.txt", "3.txt", "more.jsonl#4", "9.txt"]
    assert library.check() == []


def test_pruning_spares_what_could_not_be_looked_for(library: Library, pages: Path) -> None:
    ingest(library, [pages])
    (pages / "more.jsonl").write_text(json.dumps({"id": "4", "text": BODY.format(n=4)}) + "\n{torn", encoding="utf-8")
    assert _counts(ingest(library, [pages], prune=True)) == (0, 1, 3, 0, 0, 1)
    moved = pages.rename(pages.with_name("moved"))
    assert _counts(ingest(library, [pages, pages / "more.jsonl"], prune=True)) == (0, 0, 0, 0, 0, 2)
    assert len(library) == 5
    moved.rename(pages)
    (pages / "more.jsonl").unlink()
    assert _counts(ingest(library, [pages], prune=True))[3] == 2


def test_progress_goes_up_to_the_end(library: Library, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "_BATCH_CHUNKS", 2)
    (pages / "0.txt").touch()
    told: list[tuple[float, int, str]] = []
    ingest(library, [pages], lambda *args: told.append(args))
    done = [d for d, _, _ in told]
    assert done == sorted(done)
    assert {total for _, total, _ in told} == {6}
    assert told[-1] == (6, 6, "done")
    assert {label for _, _, label in told} == {"reading", "embedding", "done"}


def test_what_a_failed_run_stored_stays(library: Library, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "_BATCH_CHUNKS", 2)
    add, calls = library.add, []

    def locked(items: Sequence[Any], *args: Any) -> Any:
        calls.append(len(items))
        if len(calls) == 2:
            raise LibraryLocked("Another process is writing.")
        return add(items, *args)

    monkeypatch.setattr(library, "add", locked)
    with pytest.raises(LibraryLocked):
        ingest(library, [pages])
    assert calls == [2, 2]
    assert len(library) == 2
    assert _counts(ingest(library, [pages])) == (3, 0, 2, 0, 0, 0)


def test_ten_thousand_articles_pass_through_in_portions(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the sources nor the articles are gathered: each batch is shelved before more lines are read."""
    path, batches = tmp_path / "many.jsonl", []
    with path.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"id": str(n), "text": f"第{n}条消息。"}) + "\n" for n in range(10_000))
    passes: list[int] = []
    find_sources = taking.find_sources

    def counted(paths: Any) -> Iterator[Any]:
        passes.append(0)
        for source in find_sources(paths):
            passes[-1] += 1
            yield source

    class _Spy(FakeEncoder):
        def passages(self, texts: Sequence[str], progress: Any = None) -> Any:
            batches.append((len(texts), passes[-1]))
            return super().passages(texts, progress)

    monkeypatch.setattr(taking, "find_sources", counted)
    with Library.open(tmp_path / "shelf", settings, _Spy()) as library:
        report = ingest(library, [path])
        assert (report.added, len(library), library.check()) == (10_000, 10_000, [])
    assert passes == [10_000, 10_000]
    assert max(size for size, _ in batches) == 256
    shelved = 0
    for size, read in batches:
        assert read - shelved == size
        shelved += size
    assert shelved == 10_000
