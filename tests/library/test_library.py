from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from library import Library, Settings
from library.catalogue import Catalogue
from library.dense import DenseIndex
from library.errors import FingerprintMismatch, LibraryDamaged, NotFoundError, UsageError
from library.records import Shelved
from tests.fakes import FakeEncoder, shelved

JIANGMEN = shelved(
    "/a.txt",
    "力争全市高企存量达3000家，技术合同登记额达80亿元。",
    title="江门会议",
    city="江门",
    published="2024-04-15",
)
SUIZHOU = shelved(
    "/b.txt", "高新技术企业突破400家，培育科技型中小企业1000家。", title="随州访谈", city="随州", published="2025-02-06"
)
UNDATED = shelved("/c.txt", "光电产业园的中试线计划明年通线，服务的企业有三十八家。", city="云川")
ALL = [JIANGMEN, SUIZHOU, UNDATED]


def _ids(items: Sequence[Shelved]) -> list[str]:
    return [item.article.id for item in items]


def test_an_empty_library_finds_nothing_and_is_sound(library: Library) -> None:
    assert len(library) == 0
    assert library.articles() == []
    assert library.search("高企", by="dense") == library.search("高企", by="lexical") == []
    assert library.check() == []
    library.add([])
    assert library.cities() == ()


def test_what_was_added_comes_back_whole(library: Library) -> None:
    library.add(ALL)
    assert len(library) == 3
    assert library.get(JIANGMEN.article.id) == JIANGMEN.article
    assert library.raw(JIANGMEN.article.id) == JIANGMEN.raw
    assert library.raw_hash("/a.txt") == JIANGMEN.article.sha256
    assert library.raw_hash("/nowhere") is None
    assert [s.id for s in library.articles()] == _ids(ALL)
    assert library.articles()[0].chars == len(JIANGMEN.article.body)
    assert library.cities() == ("云川", "江门", "随州")
    assert library.check() == []


def test_it_is_still_there_after_closing(library: Library, settings: Settings, encoder: FakeEncoder) -> None:
    library.add(ALL)
    library.close()
    with Library.open(library.folder, settings, encoder) as again:
        assert again.get(SUIZHOU.article.id) == SUIZHOU.article
        assert again.search("中小企业", by="dense")[0].article_id == SUIZHOU.article.id


@pytest.mark.parametrize("by", ["dense", "lexical"])
def test_a_passage_is_a_span_of_its_article(library: Library, by: Any) -> None:
    library.add(ALL)
    found = library.search("科技型中小企业1000家", by=by, k=5)
    assert found[0].article_id == SUIZHOU.article.id
    for passage in found:
        article = library.get(passage.article_id)
        assert article.body[passage.start : passage.end] == passage.text
        assert (passage.title, passage.city, passage.uri) == (article.title, article.city, article.uri)
    scores = [p.score for p in found]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("by", ["dense", "lexical"])
@pytest.mark.parametrize(
    ("filters", "uris"),
    [
        ({"city": "江门"}, {"/a.txt"}),
        ({"city": "汕尾"}, set()),
        ({"since": "2024-04-15"}, {"/a.txt", "/b.txt"}),
        ({"since": "2024-04-16"}, {"/b.txt"}),
        ({"until": "2025-02-05"}, {"/a.txt"}),
        ({"since": "2024-01-01", "until": "2024-12-31", "city": "江门"}, {"/a.txt"}),
        ({"city": "江门' OR 1=1 --"}, set()),
    ],
)
def test_filters(library: Library, by: Any, filters: dict[str, str], uris: set[str]) -> None:
    library.add(ALL)
    assert {p.uri for p in library.search("高企存量与企业", by=by, **filters)} == uris


@pytest.mark.parametrize("by", ["dense", "lexical"])
def test_a_reprint_counts_once_and_costs_no_other_hit(library: Library, by: Any) -> None:
    reprints = [shelved(f"/reprint-{n}.txt", JIANGMEN.article.body) for n in range(12)]
    copies = library.add([JIANGMEN, *reprints, SUIZHOU, UNDATED])
    assert copies == set(_ids(reprints))
    found = library.search("高企存量高新技术企业", by=by, k=3)
    assert len({p.text for p in found}) == len(found)
    assert {p.article_id for p in found} >= {SUIZHOU.article.id, UNDATED.article.id}
    assert sorted(library.get(JIANGMEN.article.id).duplicates) == sorted(_ids(reprints))


def test_more_hits_can_be_asked_for_than_sqlite_has_variables(library: Library) -> None:
    library.add(ALL)
    assert len(library.search("高企", by="dense", k=100_000)) == 3


def test_a_known_id_is_replaced(library: Library) -> None:
    library.add(ALL)
    newer = shelved("/a.txt", "更新：高企存量目标调整为三千二百家。", city="江门")
    library.add([newer])
    assert len(library) == 3
    assert library.get(newer.article.id).body == newer.article.body
    assert library.search("登记额", by="lexical") == []
    assert [p.text for p in library.search("调整", by="lexical")] == [newer.article.body]
    assert library.check() == []


def test_an_id_twice_in_a_batch_leaves_the_later(library: Library) -> None:
    newer = shelved("/a.txt", "更新：高企存量目标调整。")
    library.add([JIANGMEN, newer])
    assert library.get(newer.article.id).body == newer.article.body
    assert library.check() == []


def test_removing_takes_the_chunks_too(library: Library) -> None:
    library.add(ALL)
    library.remove(_ids([JIANGMEN, UNDATED]))
    assert [s.uri for s in library.articles()] == ["/b.txt"]
    assert {p.uri for p in library.search("高企", by="dense")} == {"/b.txt"}
    assert library.check() == []
    library.remove(_ids([SUIZHOU]))
    assert (len(library), library.check()) == (0, [])
    library.add(ALL)
    assert library.check() == []


def test_removing_an_unknown_id_removes_nothing(library: Library) -> None:
    library.add(ALL)
    with pytest.raises(NotFoundError, match="nonesuch"):
        library.remove([JIANGMEN.article.id, "nonesuch"])
    assert len(library) == 3
    for ask in (library.get, library.raw):
        with pytest.raises(NotFoundError, match="kejian articles list"):
            ask("nonesuch")


@pytest.mark.parametrize("at", ["insert", "save", "commit"])
def test_a_batch_is_added_whole_or_not_at_all(
    library: Library, at: str, monkeypatch: pytest.MonkeyPatch, settings: Settings, encoder: FakeEncoder
) -> None:
    library.add([JIANGMEN])
    before = library.search("高企", by="dense", k=9)

    def fail(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        if at == "insert":
            calls, insert = iter((False, True)), Catalogue.insert
            patch.setattr(Catalogue, "insert", lambda *a: fail() if next(calls) else insert(*a))
        elif at == "save":
            patch.setattr(DenseIndex, "save", fail)
        else:
            patch.setattr(Catalogue, "set_meta", lambda self, key, value: key == "generation" and fail())
        with pytest.raises(RuntimeError, match="power cut"):
            library.add([SUIZHOU, UNDATED])
    for reader in (library, Library.open(library.folder, settings, encoder)):
        assert [s.uri for s in reader.articles()] == ["/a.txt"]
        assert reader.search("高企", by="dense", k=9) == before
        assert reader.check() == []
        reader.add([SUIZHOU])
        assert (len(reader), reader.check()) == (2, [])
        reader.remove([SUIZHOU.article.id])
        reader.close()


def test_a_failed_commit_does_not_block_the_next(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite")

    class _Refusing:
        def __init__(self, db: Any) -> None:
            self._db = db

        def __getattr__(self, name: str) -> Any:
            return getattr(self._db, name)

        def execute(self, sql: str, *values: Any) -> Any:
            if sql == "COMMIT":
                raise RuntimeError("disk full")
            return self._db.execute(sql, *values)

    sound, catalogue._db = catalogue._db, _Refusing(catalogue._db)  # type: ignore[assignment]
    with pytest.raises(RuntimeError, match="disk full"), catalogue.transaction():
        catalogue.set_meta("key", "lost")
    catalogue._db = sound
    with catalogue.transaction():
        assert catalogue.meta("key") is None
    catalogue.close()


def test_progress_counts_every_chunk(library: Library) -> None:
    told: list[int] = []
    library.add(ALL, told.append)
    assert sum(told) == sum(len(item.chunks) for item in ALL)


def test_title_and_city_help_a_chunk_to_be_found(library: Library) -> None:
    library.add([JIANGMEN, shelved("/d.txt", JIANGMEN.article.body.replace("80", "90"), city="惠州")])
    assert library.search("江门", by="lexical")[0].city == "江门"
    assert library.search("惠州的高企存量", by="dense")[0].city == "惠州"


@pytest.mark.parametrize(
    ("changed", "named"),
    [({"chunks": {"max_chars": 99}}, "chunk_chars: 320 then, 99 now"), ({"cleaning": {"script": "keep"}}, "script")],
)
def test_other_settings_name_what_differs_and_the_remedy(
    library: Library, encoder: FakeEncoder, changed: dict[str, Any], named: str
) -> None:
    library.add([JIANGMEN])
    with pytest.raises(FingerprintMismatch) as caught:
        Library.open(library.folder, Settings(**changed), encoder)
    assert named in str(caught.value)
    assert "kejian --library NEW_FOLDER ingest PATH" in str(caught.value)


def test_another_encoder_is_refused(library: Library, settings: Settings) -> None:
    class _Other(FakeEncoder):
        name = "other"

    library.add([JIANGMEN])
    with pytest.raises(FingerprintMismatch, match="'fake-bigrams' then, 'other' now"):
        Library.open(library.folder, settings, _Other())
    library.remove([JIANGMEN.article.id])
    Library.open(library.folder, settings, _Other()).close()  # an empty one has nothing that could be mixed


def test_two_who_opened_it_empty_do_not_mix_settings(library: Library, encoder: FakeEncoder) -> None:
    with Library.open(library.folder, Settings(chunks={"max_chars": 99}), encoder) as other:
        library.add([JIANGMEN])
        with pytest.raises(FingerprintMismatch, match="chunk_chars"):
            other.add([SUIZHOU])
        assert [s.uri for s in other.articles()] == ["/a.txt"]


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_file_is_no_place_for_a_library(tmp_path: Path, settings: Settings, encoder: FakeEncoder, below: str) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="Name a folder"):
        Library.open(tmp_path / "file" / below, settings, encoder)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_takes_no_file_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Name another folder"):
        Catalogue(tmp_path / "gone" / "catalogue.sqlite")


def test_a_fingerprint_that_can_not_be_read_is_damage(
    library: Library, settings: Settings, encoder: FakeEncoder
) -> None:
    library.add([JIANGMEN])
    library._catalogue.set_meta("fingerprint", "?")
    with pytest.raises(LibraryDamaged, match="Build it again"):
        Library.open(library.folder, settings, encoder)


def test_a_vector_of_ones_own_searches(library: Library) -> None:
    library.add([shelved("a.txt", "高企存量达三千家。", chunk=100), shelved("b.txt", "海上风电开工。", chunk=100)])
    vector = library.encoder.query("海上风电开工。")
    assert library.search("高企存量", by="dense", vector=vector)[0].uri == "b.txt"
    assert library.search("高企存量", by="lexical", vector=vector)[0].uri == "a.txt"
