"""Page furniture goes, the article stays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import fold_script, remove_boilerplate, remove_readings, tidy_whitespace
from ingest.clean.boilerplate import edge_lines, is_notice
from ingest.origin import Text
from tests.ingest.cases import cases

PARAGRAPH = "会议强调，今年是抢抓机遇、加快发展的重要一年，全市科技系统要紧紧围绕这一重要目标，推动科技与产业互促双强。"
LINES = [
    PARAGRAPH,
    "会上还表彰了十名科技特派员。",
    "首页 > 新闻 > 正文",
    "分享到：微信 微博",
    "相关推荐",
    "羽毛球双打站位图解",
    "自行车链条该多久上一次油？",
    "今晚的决赛真是太精彩了，谁都没有想到最后会是这样的结果！",
    "2025-02-27 11:45",
    "一、总体要求",
    "问：怎么办",
    "记者 陆以宁",
    "云川市科学技术局",
    "2024年5月6日",
    "附件：1.名单",
    "演播厅 会议室 排练厅",
    "声明：本文转载自网络，如有侵权请联系删除。",
    "版权所有 云川日报",
    "联系人：方知远 电话：0000",
    "云川光电 300",
    "12",
    "",
]
PAGES = st.lists(st.sampled_from(LINES) | st.text("汉字。，！a1 ：（）", max_size=30), max_size=18).map("\n".join)


def _run(page: str) -> str:
    return remove_boilerplate(Text.from_raw(page)).text.chars


@pytest.mark.parametrize(("raw", "clean"), cases("boilerplate"))
def test_cases(raw: str, clean: str) -> None:
    assert _run(raw) == clean


@pytest.mark.parametrize(
    "line",
    [
        "您访问的链接即将离开云川市科学技术局网站",
        "发布评论",
        "分享到：微信 微博",
        "当前位置：首页 > 新闻",
        "首页 > 政务 > 动态",
        "字号：大 中 小",
        "打印",
        "上一篇：无",
        "无障碍浏览",
        "版权所有：云川日报",
        "原标题：",
        "免责声明：本文转自网络",
    ],
)
def test_notices_are_known_and_counted(line: str) -> None:
    assert is_notice(line)
    cleaned = remove_boilerplate(Text.from_raw(f"{line}\n{PARAGRAPH}\n{line}"))
    assert (cleaned.text.chars, len(cleaned.spans)) == (PARAGRAPH, 2)


def test_each_change_is_told_with_its_place() -> None:
    page = f"打印\n{PARAGRAPH}\n来源：云川日报 字号：大 中 小\n{PARAGRAPH}"
    cleaned = remove_boilerplate(Text.from_raw(page))
    assert [page[a:b].strip() for a, b in cleaned.spans] == ["打印", "字号：大 中 小"]


def test_lines_that_the_site_repeats_go_at_the_edges_only() -> None:
    page = f"云川科技风采\n云川光电产业园开园\n{PARAGRAPH}\n云川科技风采\n{PARAGRAPH}\n携手共建科技强市\n特此通知。"
    asked: list[Sequence[str]] = []

    def shared(lines: Sequence[str]) -> frozenset[str]:
        asked.append(lines)
        return frozenset({"云川科技风采", "携手共建科技强市", "特此通知。"})

    text = remove_boilerplate(Text.from_raw(page), shared).text
    assert text.chars == f"云川光电产业园开园\n{PARAGRAPH}\n云川科技风采\n{PARAGRAPH}\n携手共建科技强市\n特此通知。"
    assert asked[0] == edge_lines(Text.from_raw(page))
    trailing = page.removesuffix("\n特此通知。")
    assert remove_boilerplate(Text.from_raw(trailing), shared).text.chars == (
        f"云川光电产业园开园\n{PARAGRAPH}\n云川科技风采\n{PARAGRAPH}"
    )


def test_salutations_bylines_and_dates_are_never_shared() -> None:
    lines = ["各有关单位：", PARAGRAPH, "来源：云川日报", "特此通知。", "云川市科学技术局", "2024年5月6日"]
    assert edge_lines(Text.from_raw("\n".join(lines))) == (PARAGRAPH, "云川市科学技术局")


def test_the_edges_of_a_long_page_are_remembered() -> None:
    found = edge_lines(Text.from_raw("\n".join(f"第{i}行" for i in range(100))))
    assert found == tuple(f"第{i}行" for i in [*range(30), *range(70, 100)])


@given(PAGES)
def test_cleaning_twice_changes_nothing_more(page: str) -> None:
    once = remove_boilerplate(Text.from_raw(page)).text
    assert remove_boilerplate(once).text.chars == once.chars
    starts = once.starts.tolist()
    assert starts == sorted(starts)
    assert [page[i] for i in starts] == list(once.chars)


@pytest.mark.parametrize(
    "piece", ["甲", "（", "1", "甲乙\n", "分享到\n", "首页 > ", "问：怎么办\n", "2025-02-27 11:45:04\n"]
)
def test_a_page_of_a_megabyte(piece: str) -> None:
    assert _run(piece * (1_000_000 // len(piece)))


def test_nothing_around_the_real_articles_is_left(shared_articles: Path) -> None:
    bodies = []
    for path in sorted(shared_articles.glob("*.txt")):
        text = Text.from_raw(path.read_text(encoding="utf-8"))
        for repair in (tidy_whitespace, remove_readings, fold_script):
            text = repair(text).text
        bodies.append(remove_boilerplate(text).text.chars)
    assert [b.split("\n")[0][:6] for b in bodies] == [
        "惠州市科技局",
        "近日,市科技",
        "以科技创新激",
        "为认真学习领",
        "在全市科技工",
    ]
    assert [b[-6:] for b in bodies] == ["通讯员惠科宣", "才融合机制。", "成果快转化。", "了交流探讨。", "不断建立和完"]
    left = ("演播厅", "掌中惠州", "原标题", "即将离开", "分享至", "网易", "推荐", "要闻", "无障碍", "发布评论")
    assert not [word for body in bodies for word in left if word in body]
