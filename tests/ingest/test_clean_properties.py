"""What holds for every cleaner and for the whole row of them, on any text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ingest.clean
from ingest.clean import (
    Cleaner,
    flag_losses,
    fold_script,
    join_broken_lines,
    remove_boilerplate,
    remove_credits,
    remove_readings,
    remove_running_headers,
    repair_mojibake,
    repair_shift,
    restore_losses,
    tidy_whitespace,
    widen_punctuation,
)
from ingest.loaders import RawPage
from ingest.origin import Cleaned, Text
from ingest.pipeline import CleanPage, clean
from library import Settings
from library.errors import PageError

CLEANERS = (
    repair_mojibake, repair_shift, tidy_whitespace, remove_readings, fold_script, remove_boilerplate,
    remove_running_headers, remove_credits, join_broken_lines, widen_punctuation, flag_losses, restore_losses,
)  # fmt: skip

# Pieces that the cleaners look for, and pieces that they must not trip over.
DAMAGE = [
    "“雲川要創新!秉S輝說，", "!拔覀冋e極", "真?zhèn)鬟_(dá)", "擔當(dāng)?shù)匿J氣",
    "被葜菔小袄斡泧谕 在", "　", "学(xué)", "習（xi2）",
    "(de)", "(ㄉㄜ˙)", "ÔÆ´¨ÊÐÕÙ¿ª", "æƒ å·žå¸‚", "鎯犲窞甯傚彫寮€", "锟斤拷", "\ufffd", "x月x日",
    "xx大学", "整合特技术，做强特产业，各具特的",
    "為我市科技創新", "着力", "著力", "T恤", "e租宝", "好!被告人", "3,000", "甲,乙", "(一)",
    "(WTO)", "https://a.cn/?a=1,2",
]  # fmt: skip
LINES = [
    "会议强调，今年是抢抓机遇、加快发展的重要一年，全市科技系统要紧紧围绕这一重要目标，推动科技与产业互促双强。",
    "会议强调，今年是抢抓机遇、加快发展的重要一年，全市科技系统要紧紧围绕这一重要",
    "目标，推动双强。", "一、总体要求", "（一）抓平台",
    "首页 > 新闻 > 正文", "分享到：微信 微博", "相关推荐", "记者 陆以宁",
    "来源：云川日报", "加氢站外景。 李行 摄", "云川市科学技术局",
    "2024年5月6日", "责任编辑：白露", "问：怎么办", "务虚会议", "12", "", " ",
]  # fmt: skip
CHARS = st.text(
    st.sampled_from(
        "汉字科技会议的，。！？“”（）(),.!?:x1a〓　 \t\n\r\u200b\ufeff\u2028\0\x85饕餮囧龘㐂豈ａ１éüひ한😀\U00020000"
    )
    | st.characters(exclude_categories=["Cs"]),
    max_size=12,
)
TEXTS = st.lists(CHARS | st.sampled_from(DAMAGE) | st.sampled_from(LINES) | st.just("\n"), max_size=14).map("".join)
PAGES = st.lists(st.sampled_from(LINES) | TEXTS, max_size=12).map("\n".join)
KEPT = {"script": "keep", "punctuation": "keep", "restore_losses": True}


def test_no_cleaner_is_forgotten() -> None:
    public = {getattr(ingest.clean, name) for name in ingest.clean.__all__}
    others = {"Cleaner", "SharedLines", "edge_lines"}
    assert set(CLEANERS) == public - {getattr(ingest.clean, name) for name in others}


def _sound(raw: str, text: Text) -> None:
    """Every character has a place in the raw text, and places never decrease."""
    starts, stops = text.starts.tolist(), text.stops.tolist()
    assert len(starts) == len(stops) == len(text.chars)
    assert starts == sorted(starts)
    assert stops == sorted(stops)
    assert all(0 <= a <= b <= len(raw) for a, b in zip(starts, stops, strict=True))


def _in_place(raw: str, cleaned: Cleaned) -> None:
    assert all(0 <= a <= b <= len(raw) for a, b in cleaned.spans)
    assert all(0 <= f.start <= f.end <= len(raw) and f.note for f in cleaned.flags)


@pytest.mark.parametrize("cleaner", CLEANERS, ids=lambda c: c.__name__)
@given(raw=TEXTS | PAGES)
def test_a_cleaner(cleaner: Cleaner, raw: str) -> None:
    cleaned = cleaner(Text.from_raw(raw))
    _sound(raw, cleaned.text)
    _in_place(raw, cleaned)
    assert cleaner(cleaned.text).text.chars == cleaned.text.chars


@pytest.mark.parametrize("cleaner", CLEANERS, ids=lambda c: c.__name__)
@given(raw=TEXTS, cut=st.integers(0, 40))
def test_a_cleaner_on_what_others_left(cleaner: Cleaner, raw: str, cut: int) -> None:
    """Places are kept where the text was cut and put together before."""
    text = Text.from_raw(raw).without([(cut, cut + 3)] if cut + 3 <= len(raw) else [])
    cleaned = cleaner(text)
    _sound(raw, cleaned.text)
    _in_place(raw, cleaned)


def _clean(raw: str, settings: Settings) -> CleanPage | None:
    try:
        return clean(RawPage("/page.txt", raw, Text.from_raw(raw)), settings)
    except PageError:
        return None


@pytest.mark.parametrize("cleaning", [{}, KEPT], ids=["default", "kept"])
@given(raw=PAGES)
def test_the_row_of_cleaners(cleaning: dict[str, Any], raw: str) -> None:
    settings = Settings(cleaning=cleaning)
    page = _clean(raw, settings)
    if page is None:
        return
    _sound(raw, page.text)
    assert page.body == page.text.chars == page.body.strip()
    for step in page.report:
        assert step.changes == len(step.spans)
        assert all(0 <= a <= b <= len(raw) for a, b in step.spans)
        assert all(0 <= f.start <= f.end <= len(raw) and f.note for f in step.flags)
    again = _clean(page.body, settings)
    assert again is not None
    assert again.body == page.body
