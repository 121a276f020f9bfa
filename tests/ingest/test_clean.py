"""Each cleaner on what it is for, and on what it must leave alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import (
    Cleaner,
    fold_script,
    remove_readings,
    tidy_whitespace,
)
from ingest.origin import Text
from lang.script import to_simplified


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
