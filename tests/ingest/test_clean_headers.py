"""Running headers and page numbers inside sentences."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import join_broken_lines, remove_running_headers
from ingest.clean.headers import DOUBTFUL
from ingest.origin import Text
from tests.ingest.cases import cases

BROKEN = "已转化科技成果数十项，在孵企业达到百余家，并有多家企业从创业中心毕业，进入规模化生产，如一家机械公"
REST = "司从创业中心毕业后，已实现年销售收入近亿元。"
PIECES = [
    BROKEN,
    REST,
    "务虚会议",
    "政府工作报告 第 3 页",
    "- 3 -",
    "第3页 共8页",
    "7",
    "在全市科技工作务虚会上的讲话",
    "",
    "短句",
]


def _run(page: str) -> str:
    return remove_running_headers(Text.from_raw(page)).text.chars


@pytest.mark.parametrize(("raw", "clean"), cases("headers"))
def test_cases(raw: str, clean: str) -> None:
    assert _run(raw) == clean


def test_without_the_header_the_lines_make_a_word() -> None:
    page = Text.from_raw(f"在全市科技工作务虚会上的讲话\n{BROKEN}务虚会议\n{REST}")
    cleaned = remove_running_headers(page)
    assert [page.chars[a:b] for a, b in cleaned.spans] == ["务虚会议\n"]
    assert cleaned.text.chars.endswith(f"机械公{REST}")


def test_what_only_looks_like_a_header_is_flagged_and_stays() -> None:
    page = f"{BROKEN}\n政府工作报告\n另一家企业也从创业中心毕业，已实现年销售收入近亿元。"
    cleaned = remove_running_headers(Text.from_raw(page))
    assert cleaned.text.chars == page
    assert [(page[f.start : f.end], f.note) for f in cleaned.flags] == [("政府工作报告", DOUBTFUL)]


@given(st.lists(st.sampled_from(PIECES) | st.text("汉字会议。，1 -", max_size=20), max_size=14).map("\n".join))
def test_cleaning_twice_changes_nothing_more(page: str) -> None:
    once = remove_running_headers(Text.from_raw(page)).text
    assert remove_running_headers(once).text.chars == once.chars
    assert [page[i] for i in once.starts.tolist()] == list(once.chars)


@pytest.mark.parametrize("piece", ["甲", "1", "甲乙\n", "- 3 -\n", f"{BROKEN}会议纪要 3\n会议纪要\n"])
def test_a_page_of_a_megabyte(piece: str) -> None:
    assert len(_run(piece * (1_000_000 // len(piece)))) <= 1_000_000


def test_the_header_in_the_real_speech_goes(shared_articles: Path) -> None:
    page = next(shared_articles.glob("004_*")).read_text(encoding="utf-8")
    body = join_broken_lines(remove_running_headers(Text.from_raw(page)).text).text.chars
    assert all(word in body for word in ("机械公司从", "营造创新氛围", "科技攻关项目", "宜城知识产权"))
