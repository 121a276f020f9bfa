"""Each cleaner on what it is for, and on what it must leave alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import (
    Cleaner,
    fold_script,
    join_broken_lines,
    remove_boilerplate,
    remove_readings,
    tidy_whitespace,
)
from ingest.clean.boilerplate import is_notice
from ingest.origin import Text
from lang.script import to_simplified

PARAGRAPH = "会议强调，今年是抢抓机遇、加快发展的重要一年，全市科技系统要紧紧围绕这一重要目标，推动科技与产业互促双强。"
WRAPPED = "会议强调，今年是抢抓机遇、加快发展的重要一年，全市科技系统要紧紧围绕这一重要"


def _run(cleaner: Cleaner, text: Text) -> tuple[Text, int]:
    """The text after a cleaner, and how many changes it reports."""
    cleaned = cleaner(text)
    return cleaned.text, len(cleaned.spans)


@pytest.mark.parametrize(
    ("written", "cleaned", "changes"),
    [
        ("學(xué)習(xí)貫徹", "學習貫徹", 2),
        ("学（xue2）习（xí）", "学习", 2),
        ("局長(zhǎng)和長(cháng)江", "局長和長江", 2),
        ("綠(lǜ)色、女(nǚ)性", "綠色、女性", 2),
        ("会(huì)", "会", 1),
        ("标e\u0301(biāo)", "标e\u0301(biāo)", 0),
        ("質(zhi\u0300)量", "質量", 1),
        ("世界贸易组织(WTO)", "世界贸易组织(WTO)", 0),
        ("李明(Li Ming)", "李明(Li Ming)", 0),
        ("甲(yi)、乙(jia)", "甲(yi)、乙(jia)", 0),
        ("选项甲(a)", "选项甲(a)", 0),
        ("学(Xue)习", "学(Xue)习", 0),
        ("第三条(一)", "第三条(一)", 0),
        ("R&D(xue)", "R&D(xue)", 0),
        ("长度(cm)和质量(kg)", "长度(cm)和质量(kg)", 0),
        ("学()习( )", "学()习( )", 0),
        ("學(xué", "學(xué", 0),
    ],
)
def test_readings(written: str, cleaned: str, changes: int) -> None:
    text, count = _run(remove_readings, Text.from_raw(written))
    assert (text.chars, count) == (cleaned, changes)


@pytest.mark.parametrize(
    ("written", "cleaned", "changes"),
    [
        ("為我市科技創新工作", "为我市科技创新工作", 2),
        ("已是简体，著名的乾隆。" * 40, "已是简体，著名的乾隆。" * 40, 0),
        ("no Han", "no Han", 0),
    ],
)
def test_script(written: str, cleaned: str, changes: int) -> None:
    text, count = _run(fold_script, Text.from_raw(written))
    assert (text.chars, count) == (cleaned, changes)
    assert text.starts.tolist() == list(range(len(written)))


@given(st.text(st.sampled_from("為創新著力後裏头髮a，"), min_size=1, max_size=40))
def test_folding_a_text_is_folding_its_characters(chars: str) -> None:
    text, _ = _run(fold_script, Text.from_raw(chars))
    assert text.chars in (chars, to_simplified(chars))


@pytest.mark.parametrize(
    ("written", "cleaned", "changes"),
    [
        ("甲\r\n乙\r丙\u2028丁", "甲\n乙\n丙\n丁", 0),
        ("　　甲　乙  丙\t\n\u00a0丁\u00a0戊 ", "甲 乙 丙\n丁 戊", 0),
        ("零\u200b宽\ufeff字\u00ad符\0", "零宽字符", 4),
        ("a b", "a b", 0),
        ("\n\n甲\n\n", "\n\n甲\n\n", 0),
    ],
)
def test_whitespace(written: str, cleaned: str, changes: int) -> None:
    text, count = _run(tidy_whitespace, Text.from_raw(written))
    assert (text.chars, count) == (cleaned, changes)


@given(st.text(st.sampled_from("甲乙 \t\r\n\u3000\u200b\u2028ab"), max_size=40))
def test_tidying_keeps_every_visible_character_and_is_done_at_once(chars: str) -> None:
    text, _ = _run(tidy_whitespace, Text.from_raw(chars))
    assert "".join(text.chars.split()) == "".join(chars.replace("\u200b", "").split())
    assert tidy_whitespace(text).text.chars == text.chars
    assert not set(text.chars) & set("\r\t\u3000\u2028\u200b")


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
        "12",
        "原标题：",
        "免责声明：本文转自网络",
    ],
)
def test_notices_are_known(line: str) -> None:
    assert is_notice(line)
    text, count = _run(remove_boilerplate, Text.from_raw(f"{line}\n{PARAGRAPH}\n{line}"))
    assert (text.chars, count) == (PARAGRAPH, 2)


@pytest.mark.parametrize(
    "line",
    [
        "打印设备产业园加快建设。",
        "分享经济的发展要求企业抓住机遇，与高校共建共享平台，形成合力，服务更多的中小企业和创业者。",
        "当前形势下，要坚定信心。",
        "一、总体要求",
        "2025年工作目标",
    ],
)
def test_lines_of_the_article_are_no_notices(line: str) -> None:
    text, count = _run(remove_boilerplate, Text.from_raw(f"{PARAGRAPH}\n{line}\n{PARAGRAPH}"))
    assert (text.chars, count) == (f"{PARAGRAPH}\n{line}\n{PARAGRAPH}", 0)


def test_menus_go_before_and_after_the_article_not_inside() -> None:
    menu, row = "演播厅 会议室", "高企 七百家"
    page = f"{menu}\n记者 陆以宁\n{PARAGRAPH}\n{row}\n{PARAGRAPH}\n{menu}"
    text, count = _run(remove_boilerplate, Text.from_raw(page))
    assert (text.chars, count) == (f"记者 陆以宁\n{PARAGRAPH}\n{row}\n{PARAGRAPH}", 2)


def test_lists_of_other_pages_go_up_to_the_next_long_paragraph() -> None:
    page = f"{PARAGRAPH}\n相关推荐\n羽毛球双打站位图解\n自行车链条该多久上一次油？\n{PARAGRAPH * 2}\n猜你喜欢\n古桥修缮"
    text, count = _run(remove_boilerplate, Text.from_raw(page))
    assert (text.chars, count) == (f"{PARAGRAPH}\n{PARAGRAPH * 2}", 5)


@pytest.mark.parametrize("page", ["发布评论", "打印\n关闭\n", "相关推荐\n甲\n乙", ""])
def test_when_nothing_would_be_left_nothing_goes(page: str) -> None:
    text, count = _run(remove_boilerplate, Text.from_raw(page))
    assert (text.chars, count) == (page, 0)


@pytest.mark.parametrize(
    ("written", "joined", "changes"),
    [
        (f"{WRAPPED}\n目标，推动双强。", f"{WRAPPED}目标，推动双强。", 1),
        (f"{WRAPPED}\n目标，推动科技与\n产业互促。", f"{WRAPPED}目标，推动科技与产业互促。", 2),
        (f"{WRAPPED}R\nD", f"{WRAPPED}R D", 1),
        (f"{WRAPPED}\n\n目标", f"{WRAPPED}\n\n目标", 0),
        (f"{WRAPPED}\n一、总体要求", f"{WRAPPED}\n一、总体要求", 0),
        (f"{WRAPPED}\n（2）落实", f"{WRAPPED}\n（2）落实", 0),
        (f"{WRAPPED}\n问：怎么办", f"{WRAPPED}\n问：怎么办", 0),
        (f"{PARAGRAPH}\n{PARAGRAPH}", f"{PARAGRAPH}\n{PARAGRAPH}", 0),
        ("短的标题\n正文开始", "短的标题\n正文开始", 0),
        (f"{PARAGRAPH}\n\n\n\n{PARAGRAPH}", f"{PARAGRAPH}\n\n{PARAGRAPH}", 0),
        ("", "", 0),
    ],
)
def test_broken_lines(written: str, joined: str, changes: int) -> None:
    text, count = _run(join_broken_lines, Text.from_raw(written))
    assert (text.chars, count) == (joined, changes)


def test_a_long_title_is_not_joined_to_the_text() -> None:
    title = "中共云川市委云川市人民政府关于加快推进科技创新强市建设的若干意见与实施办法"
    text, count = _run(join_broken_lines, Text.from_raw(f"{title}\n{PARAGRAPH}"))
    assert (text.chars, count) == (f"{title}\n{PARAGRAPH}", 0)
