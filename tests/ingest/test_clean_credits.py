"""Lines that say who made a page go; what the page says stays."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean.credits import remove_credits
from ingest.credits import Credits, inline_credits, read_credits
from ingest.origin import Text
from tests.conftest import ROOT

PARAGRAPH = "会议强调，今年是抢抓机遇、加快发展的重要一年，全市科技系统要紧紧围绕这一重要目标，推动科技与产业互促双强。"
NEWS = ROOT.parent / "shared" / "bench" / "news_3000.jsonl.gz"


def _clean(page: str) -> str:
    return remove_credits(Text.from_raw(page)).text.chars


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("云川日报记者陆以宁 通讯员云科宣", Credits(authors=("陆以宁", "云科宣"), outlet="云川日报")),
        ("云川日报全媒记者 陆以宁", Credits(authors=("陆以宁",), outlet="云川日报")),
        ("(记者 陆以宁 通讯员 方晓)", Credits(authors=("陆以宁", "方晓"))),
        ("本报记者 本报通讯员", Credits()),
        ("记者 陆以宁 江门报道", Credits(authors=("陆以宁",))),
        ("文/云川日报记者 陆以宁", Credits(authors=("陆以宁",), outlet="云川日报")),
        ("图/文 陆以宁、方晓", Credits(authors=("陆以宁", "方晓"), photographers=("陆以宁", "方晓"))),
        ("摄影：李行", Credits(photographers=("李行",))),
        ("新华社发（李行摄）", Credits(photographers=("李行",))),
        ("加氢站外景。 云川日报记者李行 摄", Credits(photographers=("李行",), captions=("加氢站外景。",))),
        ("园区外景（资料图）", Credits(captions=("园区外景（资料图）",))),
        ("责任编辑:白露", Credits(editors=("白露",))),
        ("[责编: 白露 ]", Credits(editors=("白露",))),
        ("（责任编辑：白露 CN070）", Credits(editors=("白露",))),
        ("编辑：白露 审核：吴桐 校对：方晓", Credits(editors=("白露", "吴桐", "方晓"))),
        ("供稿:市科技局办公室", Credits(authors=("市科技局办公室",))),
        (
            "来源:云川日报 作者:陆以宁 发布时间:2024-04-15 10:20 浏览次数:123",
            Credits(authors=("陆以宁",), source="云川日报", published="2024-04-15 10:20"),
        ),
        (
            "2026-03-20 来源：云川市科学技术局 字号：大 中 小",
            Credits(source="云川市科学技术局", published="2026-03-20"),
        ),
        ("云川日报记者 陆以宁 2025-11-05 07:00", Credits(("陆以宁",), outlet="云川日报", published="2025-11-05 07:00")),
    ],
)
def test_credits_are_read_and_removed(line: str, read: Credits) -> None:
    assert read_credits(line) == read
    assert _clean(f"标题一行\n{line}\n{PARAGRAPH}\n") == f"标题一行\n{PARAGRAPH}\n"


@pytest.mark.parametrize(
    "line",
    [
        "市科技局局长沈知远:",
        "市科技局局长沈知远:要用好科研平台。",
        "问:科技局做什么",
        "记者：你怎么看？",
        "记者走访科技馆",
        "记者手记",
        "通讯员培训班开班",
        "正在拍摄",
        "统筹：各部门",
        "编辑 管理",
        "时间：2024年4月15日 地点：会议室",
        "云川市科学技术局",
        "2025年5月6日",
        "联系人：方晓 电话：12345678",
        f"{PARAGRAPH}（责任编辑：白露）",
        f"本报讯（记者陆以宁）{PARAGRAPH}",
        f"新华社北京1月1日电（记者陆以宁）{PARAGRAPH}",
    ],
)
@pytest.mark.parametrize("page", ["{line}\n{paragraph}\n", "{paragraph}\n{line}\n{paragraph}", "{paragraph}\n{line}"])
def test_lines_of_the_article_stay(line: str, page: str) -> None:
    written = page.format(line=line, paragraph=PARAGRAPH)
    assert _clean(written) == written


def test_a_caption_goes_with_its_credit_in_the_middle_of_the_text() -> None:
    page = f"{PARAGRAPH}\n加氢站外景。 云川日报记者李行 摄\n{PARAGRAPH}"
    cleaned = remove_credits(Text.from_raw(page))
    assert cleaned.text.chars == f"{PARAGRAPH}\n{PARAGRAPH}"
    assert [page[a:b].strip() for a, b in cleaned.spans] == ["加氢站外景。 云川日报记者李行 摄"]


def test_a_picture_story_keeps_its_captions() -> None:
    page = "\n".join(f"园区第{n}号楼前，技术人员正在调试新到的设备。 李行 摄" for n in "一二三四")
    assert _clean(page) == page


def test_a_lone_source_goes_outside_the_text_and_stays_inside() -> None:
    page = f"来源：云川日报\n{PARAGRAPH}\n来源：财政资金\n{PARAGRAPH}"
    assert _clean(page) == f"{PARAGRAPH}\n来源：财政资金\n{PARAGRAPH}"


def test_a_label_takes_the_short_line_after_it() -> None:
    assert _clean(f"来源：\n云川日报\n{PARAGRAPH}") == PARAGRAPH
    assert _clean(f"{PARAGRAPH}\n责任编辑：") == f"{PARAGRAPH}\n"


def test_a_label_that_introduces_speech_is_a_speaker() -> None:
    page = f"记者：园区有多大？\n{PARAGRAPH}\n记者：白露\n"
    assert _clean(page) == page


@pytest.mark.parametrize("page", ["责任编辑：白露", "加氢站外景。 李行 摄", "", "\n"])
def test_when_nothing_would_be_left_nothing_goes(page: str) -> None:
    assert _clean(page) == page


PIECES = [PARAGRAPH, " ", "\n", "\n\n", "，", "。", "：", "（", "）", "【", "】", "|", "a", "2024-04-15", " 10:20"]
PIECES += "来源： 云川日报 记者 通讯员 陆以宁 方晓 摄 责任编辑： 白露 图/文 作者 资料图".split()


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=80))
def test_cleaning_twice_changes_nothing_more_and_adds_nothing(page: str) -> None:
    cleaned = remove_credits(Text.from_raw(page)).text
    assert remove_credits(cleaned).text.chars == cleaned.chars
    assert "".join(page[i] for i in cleaned.starts) == cleaned.chars
    inline_credits(page)


@pytest.mark.parametrize("unit", ["记者张三 摄。", "来源：甲 ", "（记者", "\n编辑：白露", "图/文 ", "摄\n"])
def test_time_grows_linearly(unit: str) -> None:
    started = time.perf_counter()
    remove_credits(Text.from_raw((unit * 200_000)[:300_000]))
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize(
    ("paragraph", "authors", "outlet"),
    [
        (f"本报讯（记者陆以宁）{PARAGRAPH}", ("陆以宁",), ""),
        (f"云川日报讯（记者 陆以宁 通讯员 方晓）{PARAGRAPH}", ("陆以宁", "方晓"), "云川日报"),
        (f"中新网广州8月16日电 (陆以宁 方晓){PARAGRAPH}", ("陆以宁", "方晓"), "中新网"),
        (f"{PARAGRAPH}（记者陆以宁）", ("陆以宁",), ""),
        (f"{PARAGRAPH}（以下简称新区）{PARAGRAPH}", (), ""),
    ],
)
def test_credits_inside_a_paragraph_are_read(paragraph: str, authors: tuple[str, ...], outlet: str) -> None:
    found = inline_credits(paragraph)
    assert (found.authors, found.outlet) == (authors, outlet)


@pytest.fixture(scope="module")
def news() -> list[str]:
    if not Path(NEWS).is_file():
        pytest.skip("the news set is not on this machine")
    with gzip.open(NEWS, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def test_undamaged_news_is_left_as_it_is(news: list[str]) -> None:
    assert [text for text in news if remove_credits(Text.from_raw(text)).spans] == []
