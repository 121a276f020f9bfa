from __future__ import annotations

import pytest

from ingest.metadata import Metadata, find_metadata

BODY = "江门市科技局召开全市科技系统工作会议，部署全年重点任务，江门的企业代表参加，江门各区作了发言。"


def _found(page: str, **declared: str) -> Metadata:
    return find_metadata(page, BODY, **declared)


def test_a_whole_head() -> None:
    page = f"首页 新闻 科技\n江门市召开全市科技工作会议\n来源：江门日报 发布时间：2024年4月15日\n{BODY}"
    assert _found(page) == Metadata("江门市召开全市科技工作会议", "江门", "2024-04-15", "江门日报")


def test_a_page_that_says_nothing_of_itself() -> None:
    assert find_metadata("今天天气很好。", "今天天气很好。") == Metadata("", "", "", "")


def test_what_is_declared_wins() -> None:
    page = f"江门市召开全市科技工作会议\n来源：江门日报 2024-04-15\n{BODY}"
    found = _found(page, title="随州访谈", published="2025/2/6 08:00", source="随州网")
    assert found == Metadata("随州访谈", "随州", "2025-02-06", "随州网")


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("2024-04-15 10:20", "2024-04-15"),
        ("2024年4月5日", "2024-04-05"),
        ("2024/4/15", "2024-04-15"),
        ("2024.04.15", "2024-04-15"),
        ("2024-13-45", ""),
        ("2024年4月", ""),
        ("", ""),
    ],
)
def test_dates(line: str, published: str) -> None:
    assert _found(f"江门市召开全市科技工作会议\n{line}\n{BODY}").published == published


def test_a_date_in_the_text_is_not_the_pages() -> None:
    assert _found(f"江门市召开会议要闻\n{BODY}会议于2024年4月15日召开。\n").published == ""


def test_a_labelled_date_counts_wherever_it_stands() -> None:
    assert _found(f"2023-01-01\n{BODY}\n发布日期：2024-04-16").published == "2024-04-16"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("原标题：为增长贡献科技力量", "为增长贡献科技力量"),
        ("原标题\n为高质量发展贡献科技力量", "为高质量发展贡献科技力量"),
        ("新闻中心 科技动态\n江门科技会议召开", "江门科技会议召开"),
        ("分享到：\n记者 陆以宁 江门报道\n江门科技会议召开", "江门科技会议召开"),
        ("要闻", ""),
    ],
)
def test_titles(head: str, title: str) -> None:
    assert _found(f"{head}\n{BODY}").title == title


@pytest.mark.parametrize("line", ["来源：云川日报", "信息来源: 云川日报 作者：陆以宁", "稿源：云川日报，编辑"])
def test_sources(line: str) -> None:
    assert _found(f"{line}\n{BODY}").source == "云川日报"
