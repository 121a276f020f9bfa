"""What looks like a figure and is none, and figures that share a unit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lang.quantities import describe_en, find_quantities, missing_quantities


@pytest.mark.parametrize(
    "text",
    [
        "接入5G网络", "马航MH17航班", "更换DN300管道", "升级到V6.0版", "见https://example.cn/827/8279027.html",
        "拨打13800138000报名", "文号为证监立案字0162023010号", "公司（01777.HK）公告", "场面十分热闹", "零部件企业",
        "3D打印", "一次性用品", "对半导体企业",
    ],
)  # fmt: skip
def test_names_codes_and_words_are_no_figures(text: str) -> None:
    assert find_quantities(text) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("RMB80 million", ["80000000"]), ("重5kg", ["5"]), ("US$15.4亿", ["1540000000"]), ("建成5座", ["5"]),
        ("约占全国的1/7", ["14.29"]), ("营收436亿人民币", ["43600000000"]), ("5110亿卢比", ["511000000000"]),
        ("R&D经费80亿元", ["8000000000"]),
    ],
)  # fmt: skip
def test_sums_and_measures_beside_letters_are(text: str, values: list[str]) -> None:
    assert [q.value for q in find_quantities(text)] == [Decimal(value) for value in values]


def test_listed_figures_share_the_unit() -> None:
    found = find_quantities("分别下跌0.3及0.4个百分点，占12%和15%")
    assert [(str(q.value), q.kind) for q in found] == [
        ("0.3", "points"), ("0.4", "points"), ("12", "percent"), ("15", "percent"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("处三年以下有期徒刑", "most"), ("三年以内", "exact"), ("8月1日起，开通业务", "exact"),
        ("8~16岁的孩子", "exact"), ("最高可领150元", "most"),
    ],
)  # fmt: skip
def test_bounds_of_spans_and_sums(text: str, bound: str) -> None:
    assert find_quantities(text)[-1].bound == bound


def test_measures_are_rendered_with_their_unit() -> None:
    assert describe_en("离案发地点2公里远") == [("2公里", "2 kilometres")]
    assert describe_en("60多名专家") == [("60多名", "more than 60")]
    assert describe_en("招收3000名。") == [("3000名", "3,000 people")]


def test_names_made_of_numerals_are_left_as_they_are() -> None:
    assert describe_en("结合“2+1”产业，围绕“2236”集群，推动7个千亿级园区") == [("7个", "7")]


def test_a_triple_costs_nothing() -> None:
    assert find_quantities("乘法可以写成三元组，也有二元论") == []
    assert [q.value for q in find_quantities("由一百元组成，每份三元。")] == [100, 3]


@pytest.mark.parametrize(
    ("zh", "en"), [("约三分之二的农户", "about two-thirds"), ("四分之一", "a quarter"), ("七分之二", "28.57%")]
)
def test_a_part_of_few_is_told_in_words(zh: str, en: str) -> None:
    assert [rendered for _, rendered in describe_en(zh)] == [en]
    assert not missing_quantities(f"{en} of the firms", [zh])
