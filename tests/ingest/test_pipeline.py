"""Whole pages: what comes out, and that it leads back to what went in."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import CleanPage, clean_page
from ingest.loaders import Source, find_sources, read_page
from ingest.pipeline import clean
from lang.script import fold_char, is_han, to_simplified
from lang.sentences import split_sentences
from library import Settings
from library.errors import PageError, UsageError
from library.records import Failure

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "pages"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "articles"
PAGES = sorted(SAMPLES.glob("*"))
STEPS = [
    "mojibake", "shift", "whitespace", "readings", "script", "boilerplate", "headers", "credits", "lines", "width",
    "losses",
]  # fmt: skip


def _pages(path: Path, settings: Settings) -> list[CleanPage]:
    sources = [s for s in find_sources([path]) if isinstance(s, Source)]
    assert sources
    return [clean(read_page(s, s.read()), settings) for s in sources]


def _leads_back(page: CleanPage) -> None:
    """The raw passage of every sentence holds that sentence's Chinese characters, in order.

    Those that were put right from their bytes are not in the page as such; they are few.
    """
    origins = page.text.origins()
    assert len(origins.starts) == len(origins.stops) == len(page.body) == len(page.origins)
    assert list(origins.starts) == sorted(origins.starts)
    assert list(origins.stops) == sorted(origins.stops)
    repaired = _repaired(page)
    assert sum(repaired) < 0.05 * len(page.body)
    for start, end in split_sentences(page.body):
        span = origins.raw_span(start, end)
        raw = "".join(filter(is_han, page.raw[span.start : span.end]))
        rest = iter(zip(raw, map(fold_char, raw), to_simplified(raw), strict=True))
        for char, made in zip(page.body[start:end], repaired[start:end], strict=True):
            if is_han(char) and not made:
                assert any(char in readings for readings in rest), page.body[start:end]


def _repaired(page: CleanPage) -> list[bool]:
    """Of each character of the body, whether it stands where bytes were put right."""
    spans = [span for step in page.report if step.step in ("mojibake", "shift") for span in step.spans]
    inside = {i for start, end in spans for i in range(start, end)}
    origins = page.text.origins()
    return [bool(inside & set(range(a, b + (a == b)))) for a, b in zip(origins.starts, origins.stops, strict=True)]


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
@pytest.mark.parametrize("script", ["simplified", "keep"])
def test_every_sentence_of_a_sample_leads_back_to_the_raw_page(path: Path, script: str) -> None:
    for page in _pages(path, Settings(cleaning={"script": script})):
        _leads_back(page)


def test_every_sentence_of_the_shared_articles_leads_back(shared_articles: Path) -> None:
    for path in sorted(shared_articles.iterdir()):
        for page in _pages(path, Settings()):
            _leads_back(page)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_samples_come_out_clean(path: Path) -> None:
    for page in _pages(path, Settings()):
        assert page.body == page.body.strip()
        assert [s.step for s in page.report] == STEPS
        assert all(s.changes >= 0 for s in page.report)
        assert not {"發布評論", "发布评论", "猜你喜欢", "<p>", "&nbsp;"} & set(page.body.splitlines())
        assert page.to_dict()["origins"] == page.origins


def test_damage_is_undone_and_reported(samples: Path) -> None:
    page = clean_page(samples / "jiangmen_2024_work_meeting.txt")
    changes = {s.step: s.changes for s in page.report}
    assert page.city == "江门"
    assert changes["readings"] > 50
    assert changes["script"] > 100
    assert "高新技术企业存量今年力争达到3000家" in page.body
    assert "xué" not in page.body


def test_the_script_can_be_kept(samples: Path) -> None:
    kept = clean_page(samples / "yunchuan_tech_envoys.txt", Settings(cleaning={"script": "keep"}))
    folded = clean_page(samples / "yunchuan_tech_envoys.txt")
    assert "雲川" in kept.body
    assert "云川" in folded.body
    assert "script" not in [s.step for s in kept.report]


def test_a_text_without_any_damage_is_not_changed(tmp_path: Path) -> None:
    body = "江门市召开会议。\n会议要求落实80亿元的目标，增长20%以上。"
    (tmp_path / "a.txt").write_text(body, encoding="utf-8")
    page = clean_page(tmp_path / "a.txt")
    assert page.body == body
    assert page.origins == list(range(len(body)))
    assert sum(s.changes for s in page.report) == 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"\0" * 99, "not readable as text"),
        ("\u3000\u200b\n".encode(), "no text"),
    ],
)
def test_a_page_without_text_is_an_error_with_its_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    with pytest.raises(PageError, match=reason):
        clean_page(tmp_path / "a.txt")


def test_cleaning_wants_one_page(tmp_path: Path, samples: Path) -> None:
    with pytest.raises(PageError, match="no such file"):
        clean_page(tmp_path / "nowhere.txt")
    with pytest.raises(UsageError, match="holds 3 pages"):
        clean_page(samples / "yunchuan_bulletins.jsonl")
    with pytest.raises(UsageError, match="holds 0 pages"):
        clean_page(tmp_path)


def test_sources_of_the_samples(samples: Path) -> None:
    found = list(find_sources([samples]))
    assert not [f for f in found if isinstance(f, Failure)]
    uris = [s.uri for s in found if isinstance(s, Source)]
    assert len(uris) == len(set(uris)) == len(PAGES) + 2  # three records in one file
    assert uris == [s.uri for s in find_sources([str(samples)]) if isinstance(s, Source)]
