"""The table of targets: what the real notices aim for, and what is no target."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ingest import clean_page, ingest, read_targets
from ingest.targets import find_targets
from library import Library, Settings
from library.records import Article, Target
from tests.fakes import FakeEncoder

# Read off the two notices by hand: value, unit, bound, a word of the indicator.
JIANGMEN = [
    (10, "%", "=", "研发"), (90, "%", ">", "占比"), (3000, "家", "≥", "高企"), (200, "家", "=", "标兵"),
    (4, "场", "=", "对接会"), (30, "项", "≥", "对接"), (10, "项", "≥", "转化"), (50, "项", "≥", "合作项目"),
    (30, "项", "≥", "基础研究"), (8, "家", "=", "科普基地"), (5, "场", "≥", "科普活动"),
]  # fmt: skip
SUIZHOU = [
    (400, "家", ">", "高新技术企业"), (1000, "家", "=", "科技型中小企业"), (10, "%", "≥", "增加值增速"),
    (15, "%", "≥", "占GDP"), (20, "家", "=", "科创平台"), (8_000_000_000, "元", "≥", "技术合同登记额"),
    (40, "项", "≥", "科技成果"), (20, "%", "≥", "研发投入"),
]  # fmt: skip


def _article(body: str, city: str = "青石", published: str = "2026-02-03", title: str = "") -> Article:
    return Article("a", "a.txt", title, body, city, published, "", "")


def _found(body: str, city: str = "青石", published: str = "2026-02-03") -> list[Target]:
    article = _article(body, city, published)
    found = find_targets(article)
    assert all(article.body[t.start : t.end] == t.quote for t in found)
    return found


def _told(body: str) -> list[tuple[str, str, float, str]]:
    return [(t.indicator, t.bound, t.value, t.unit) for t in _found(body)]


@pytest.mark.parametrize(
    ("prefix", "city", "year", "wanted"),
    [("003_", "江门", 2024, JIANGMEN), ("002_", "随州", 2025, SUIZHOU)],
)
def test_every_target_of_the_real_notices_is_found_and_nothing_else(
    prefix: str, city: str, year: int, wanted: list[tuple[float, str, str, str]], shared_articles: Path
) -> None:
    page = clean_page(next(shared_articles.glob(f"{prefix}*")))
    found = find_targets(Article("a", "a.txt", page.title, page.body, page.city, page.published, "", ""))
    assert [(t.value, t.unit, t.bound) for t in found] == [row[:3] for row in wanted]
    assert all(word in t.indicator for t, (*_, word) in zip(found, wanted, strict=True))
    assert {(t.city, t.year) for t in found} == {(city, year)}
    assert all(page.body[t.start : t.end] == t.quote for t in found)
    assert all(t.indicator_en for t in found)


@pytest.mark.parametrize("prefix", ["000_", "001_", "004_"])
def test_a_page_without_targets_has_none(prefix: str, shared_articles: Path) -> None:
    page = clean_page(next(shared_articles.glob(f"{prefix}*")))
    assert find_targets(Article("a", "a.txt", page.title, page.body, page.city, page.published, "", "")) == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("全市力争孵化器总数达到26家。", [("孵化器总数", "≥", 26, "家")]),
        ("力争新建中试平台6个以上，总数达到15个。", [("新建中试平台", "≥", 6, "个"), ("中试平台总数", "≥", 15, "个")]),
        ("研发投入强度要提高到3.2%以上。", [("研发投入强度", "≥", 3.2, "%")]),
        (
            "确保技术合同登记额突破90亿元，增长12%。",
            [("技术合同登记额", ">", 9_000_000_000, "元"), ("技术合同登记额增长", "=", 12, "%")],
        ),
        ("力争新增8家省级科普基地建设。", [("新增省级科普基地", "=", 8, "家")]),
        ("计划培育专精特新企业三十家。", [("专精特新企业", "=", 30, "家")]),
    ],
)
def test_what_is_aimed_for_and_how_much(body: str, told: list[tuple[str, str, float, str]]) -> None:
    assert _told(body) == told


@pytest.mark.parametrize(
    "body",
    [
        "去年高新技术企业达到612家，完成全年目标的102%。",
        "年末高企738家，超过年中上调后的730家目标。",
        "要坚决拥护“两个确立”，做到“两个维护”。",
        "要实施五项行动，推进“3+7”园区建设，落实“1310”部署。",
        "会议将于2026年3月18日上午9时召开。",
        "未来三年要继续努力。",
        "要认真学习党的二十届三中全会精神。",
    ],
)
def test_what_is_no_target(body: str) -> None:
    assert _found(body) == []


@pytest.mark.parametrize(
    ("body", "text_en"),
    [
        ("登记额力争达80亿元。", "RMB 8 billion"),
        ("高企总数力争突破400家。", "more than 400"),
        ("研发投入要增长20%以上。", "up by at least 20%"),
        ("占比要提高15个百分点。", "up by 15 percentage points"),
        ("能耗要下降不少于3%。", "down by at least 3%"),
        ("增速要保持在10%至12%。", "10% to 12%"),
    ],
)
def test_a_target_in_english(body: str, text_en: str) -> None:
    assert [t.text_en for t in _found(body)] == [text_en]


def test_whose_and_when() -> None:
    body = "全省力争高企达到9万家。青石市力争高企达到800家，到2027年达到1000家。"
    assert [(t.city, t.value, t.year) for t in _found(body)] == [
        ("全省", 90_000, 2026), ("青石", 800, 2026), ("青石", 1000, 2027)
    ]  # fmt: skip
    assert [t.year for t in _found("力争高企达到800家。", published="")] == [None]


def test_the_same_target_twice_in_an_article_counts_once() -> None:
    assert len(_found("力争高企总数达到800家。再强调一次：力争高企总数达到800家。")) == 1


def test_targets_come_with_the_article_and_go_with_it(tmp_path: Path, settings: Settings, encoder: FakeEncoder) -> None:
    page = tmp_path / "pages" / "notice.txt"
    page.parent.mkdir()
    page.write_text("江门市科技工作会议\n江门市力争全市高企存量达3000家，新增8家省级科普基地。\n", "utf-8")
    (page.parent / "copy.txt").write_text(page.read_text("utf-8"), "utf-8")
    with Library.open(tmp_path / "shelf", settings, encoder) as library:
        ingest(library, [page.parent])
        assert [(t.value, t.city) for t in library.targets()] == [(3000, "江门"), (8, "江门")]
        assert library.targets("随州") == []
        (page.parent / "copy.txt").unlink()
        page.rename(page.with_name("renamed.txt"))
        ingest(library, [page.parent], prune=True)
        (article,) = library.articles()
        assert {t.article_id for t in library.targets()} == {article.id}
        assert all(library.get(t.article_id).body[t.start : t.end] == t.quote for t in library.targets())
        library.remove([article.id])
        assert library.targets() == []


def test_the_samples_targets_quote_their_articles(
    tmp_path: Path, settings: Settings, encoder: FakeEncoder, samples: Path
) -> None:
    with Library.open(tmp_path / "shelf", settings, encoder) as library:
        ingest(library, [samples])
        found = library.targets()
        assert len(found) > 40
        assert all(library.get(t.article_id).body[t.start : t.end] == t.quote and t.indicator for t in found)


def test_articles_from_before_the_table_are_read_once(
    tmp_path: Path, settings: Settings, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "notice.txt"
    page.write_text("江门市科技工作会议\n江门市力争全市高企存量达3000家。\n", "utf-8")
    with Library.open(tmp_path / "shelf", settings, encoder) as library:
        ingest(library, [page])
        before = library.targets()
    with closing(sqlite3.connect(tmp_path / "shelf" / "catalogue.sqlite")) as db:
        db.executescript("DROP TABLE targets; DROP TABLE targets_read; PRAGMA user_version = 2;")
    with Library.open(tmp_path / "shelf", settings, encoder) as library:
        assert library.check() == [] and library.targets() == []
        read_targets(library)
        assert library.targets() == before != []
        monkeypatch.setattr("ingest.batch.find_targets", lambda article: pytest.fail("all are read"))
        read_targets(library)
