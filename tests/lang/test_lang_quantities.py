from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lang.quantities import describe_en, find_quantities, missing_quantities


def _figures(text: str) -> list[tuple[str, Decimal, str]]:
    return [(text[q.start : q.end], q.value, q.kind) for q in find_quantities(text)]


@pytest.mark.parametrize(
    ("text", "written", "value", "kind"),
    [
        ("登记额达80亿元", "80亿元", 80 * 10**8, "money"),
        ("投资1.2万亿元", "1.2万亿元", 12 * 10**11, "money"),
        ("规模3千亿元", "3千亿元", 3 * 10**11, "money"),
        ("百亿元", "百亿元", 10**10, "money"),
        ("达到300多万元", "300多万元", 3 * 10**6, "money"),
        ("投入20余亿元", "20余亿元", 2 * 10**9, "money"),
        ("3亿多元", "3亿多元", 3 * 10**8, "money"),
        ("一百二十亿元", "一百二十亿元", 12 * 10**9, "money"),
        ("一点五亿元", "一点五亿元", 15 * 10**7, "money"),
        ("引资50亿美元", "50亿美元", 5 * 10**9, "money"),
        ("千亿级园区", "千亿", 10**11, "count"),
        ("突破1,234家", "1,234家", 1234, "count"),
        ("达３０００家", "３０００家", 3000, "count"),
        ("三千家企业", "三千家", 3000, "count"),
        ("三百多家企业", "三百多家", 300, "count"),
        ("1.5万余人", "1.5万余人", 15000, "count"),
        ("80亿的规模", "80亿", 80 * 10**8, "count"),
        ("两个平台", "两个", 2, "count"),
        ("占比2.86%", "2.86%", Decimal("2.86"), "percent"),
        ("增长30％以上", "30％", 30, "percent"),
        ("占成本的三成", "三成", 30, "percent"),
        ("百分之二十", "百分之二十", 20, "percent"),
        ("百分之三点五", "百分之三点五", Decimal("3.5"), "percent"),
        ("提高0.5个百分点", "0.5个百分点", Decimal("0.5"), "points"),
        ("第3届大赛", "第3届", 3, "ordinal"),
        ("第三届大赛", "第三届", 3, "ordinal"),
        ("登记 80 亿元", "80 亿元", 80 * 10**8, "money"),
        ("一万两千人", "一万两千人", 12000, "count"),
        ("超過３億元", "３億元", 3 * 10**8, "money"),
        ("占三分之一", "三分之一", Decimal("33.33"), "percent"),
        ("a third of them", "a third", Decimal("33.33"), "percent"),
        ("过半数", "半数", 50, "percent"),
        ("产值翻两番", "翻两番", 4, "multiple"),
        ("the output doubled", "doubled", 2, "multiple"),
        ("是去年的3倍", "3倍", 3, "multiple"),
        ("three times as many", "three times", 3, "multiple"),
        ("thirty-five parks", "thirty-five", 35, "count"),
        ("a hundred parks", "a hundred", 100, "count"),
        ("3 thousand", "3 thousand", 3000, "count"),
        ("the 12th fair", "12th", 12, "ordinal"),
        ("reach RMB 8 billion", "8 billion", 8 * 10**9, "money"),
        ("reach RMB80 billion", "80 billion", 80 * 10**9, "money"),
        ("CNY80bn", "80bn", 80 * 10**9, "money"),
        ("an 8-billion-yuan fund", "8-billion-yuan", 8 * 10**9, "money"),
        ("8 million yuan", "8 million yuan", 8 * 10**6, "money"),
        ("US$5.5 billion", "5.5 billion", 55 * 10**8, "money"),
        ("1,234 enterprises", "1,234", 1234, "count"),
        ("1.2 trillion", "1.2 trillion", 12 * 10**11, "count"),
        ("twelve parks", "twelve", 12, "count"),
        ("three million people", "three million", 3 * 10**6, "count"),
        ("up 20%", "20%", 20, "percent"),
        ("up 20 per cent", "20 per cent", 20, "percent"),
        ("up 0.5 percentage points", "0.5 percentage points", Decimal("0.5"), "points"),
        ("since March", "March", 3, "date"),
        ("RMB 8 billion in contracts (合同)", "8 billion", 8 * 10**9, "money"),
        ("技术合同登记额的目标是RMB 8 billion", "8 billion", 8 * 10**9, "money"),
        ("twelve parks (园区)", "twelve", 12, "count"),
    ],
)
def test_a_figure_has_one_value_however_written(text: str, written: str, value: Decimal, kind: str) -> None:
    assert _figures(text) == [(written, value, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "一体推进",
        "一方面",
        "百家争鸣",
        "千万不要",
        "成千上万",
        "几十亿元",
        "数百家",
        "亿元",
        "目标[1]如下[12]。",
        "one of them",
        "v2.0",
        "",
    ],
)
def test_words_and_markers_are_no_figures(text: str) -> None:
    assert _figures(text) == []


def test_tenths_need_their_own_word() -> None:
    assert _figures("2024成都会议") == [("2024", 2024, "count")]
    assert _figures("一成立就签约") == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("投资80-100亿元", [8 * 10**9, 10**10]),
        ("投资5—8亿元", [5 * 10**8, 8 * 10**8]),
        ("3至5家", [3, 5]),
        ("RMB 5-8 billion", [5 * 10**9, 8 * 10**9]),
        ("5 to 8 billion yuan", [5 * 10**9, 8 * 10**9]),
        ("8亿至100亿元", [8 * 10**8, 10**10]),
        ("12 - 15", [12, 15]),
    ],
)
def test_the_first_figure_of_a_range_has_the_unit_of_the_second(text: str, values: list[int]) -> None:
    found = find_quantities(text)
    assert [q.value for q in found] == values
    assert len({q.kind for q in found} - {"count"}) <= 1


def test_dates_are_figures_of_their_own_kind() -> None:
    assert [(v, k) for _, v, k in _figures("2025年2月6日")] == [(2025, "date"), (2, "date"), (6, "date")]


def test_currencies_are_kept_apart() -> None:
    units = [q.unit for text in ("80亿元", "80亿美元", "80亿港元") for q in find_quantities(text)]
    assert units == ["元", "美元", "港元"]
    english = [q.unit for t in ("RMB 8", "¥8", "8 yuan", "$8", "US$8", "HK$8", "8 dollars") for q in find_quantities(t)]
    assert english == ["元", "元", "元", "美元", "美元", "港元", "美元"]


@pytest.mark.parametrize(
    ("claim", "source", "missing"),
    [
        ("Contracts reached RMB 8 billion.", "登记额达80亿元", []),
        ("Contracts reached RMB 80 billion.", "登记额达80亿元", ["80 billion"]),
        ("Contracts reached RMB80 billion.", "登记额达80亿元", ["80 billion"]),
        ("Contracts reached 80 billion yuan.", "登记额达80亿元", ["80 billion yuan"]),
        ("Contracts reached US$8 billion.", "登记额达80亿元", ["8 billion"]),
        ("8 billion in contracts", "登记额达80亿元", []),
        ("增长20%", "增长20个百分点", ["20%"]),
        ("达20%", "达20家", ["20%"]),
        ("over RMB 3 million", "300多万元", []),
        ("RMB 0.5 to 0.8 billion", "5—8亿元", []),
        ("RMB 5-8 billion", "5—8亿元", ["5", "8 billion"]),
        ("30% of the cost", "成本的三成", []),
        ("高企达3,000家", "高企达3000家", []),
        ("On 6 February 2025", "2025年2月6日", []),
        ("On 7 February 2025", "2025年2月6日", ["7"]),
        ("第三届大赛共40项[1]", "大赛共40项", []),
        ("No figure here [3].", "", []),
        ("技术合同登记额的目标是RMB 80 billion", "80家", ["80 billion"]),
        ("40项", "", ["40项"]),
    ],
)
def test_a_figure_that_no_source_bears_is_named(claim: str, source: str, missing: list[str]) -> None:
    assert missing_quantities(claim, [source]) == missing


def test_any_source_may_bear_a_figure() -> None:
    assert missing_quantities("400家，80亿元，20项", ["高企400家", "登记额80亿元"]) == ["20项"]


@pytest.mark.parametrize(
    ("text", "described"),
    [
        ("登记额达80亿元", [("80亿元", "RMB 8 billion")]),
        ("引资50亿美元", [("50亿美元", "US$5 billion")]),
        ("突破400家", [("突破400家", "more than 400")]),
        ("不少于30项", [("不少于30项", "at least 30")]),
        ("增长20%以上", [("20%以上", "at least 20%")]),
        ("不到两成", [("不到两成", "less than 20%")]),
        ("300多万元", [("300多万元", "more than RMB 3 million")]),
        ("80—100亿元", [("80", "RMB 8 billion"), ("100亿元", "RMB 10 billion")]),
        ("提高5—8%", [("5", "5%"), ("8%", "8%")]),
        ("约1.26亿元", [("约1.26亿元", "about RMB 126 million")]),
        ("不超过5万元", [("不超过5万元", "at most RMB 50,000")]),
        ("提高0.5个百分点", [("0.5个百分点", "0.5 percentage points")]),
        ("2025年第三届大赛", []),
    ],
)
def test_figures_are_put_into_english(text: str, described: list[tuple[str, str]]) -> None:
    assert describe_en(text) == described


@pytest.mark.parametrize("unit", ["家", "亿元", "万元", "%", "个百分点", "项"])
@given(value=st.integers(1, 9999))
def test_the_english_of_a_figure_says_what_the_chinese_says(unit: str, value: int) -> None:
    chinese = f"达{value}{unit}"
    [(_, english)] = describe_en(chinese)
    assert missing_quantities(english, [chinese]) == []
    assert missing_quantities(chinese, [english]) == []


@given(st.text(st.sampled_from("0123456789,.%％万亿千百元家个年第余多成分之三两十点RMB$ yuan成[]"), max_size=24))
def test_figures_stand_in_order_and_apart(text: str) -> None:
    found = find_quantities(text)
    assert all(0 <= q.start < q.end <= len(text) for q in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert missing_quantities(text, [text]) == []


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("400家", "exact"),
        ("突破400家", "more"),
        ("400余家", "more"),
        ("400多家", "more"),
        ("逾400家", "more"),
        ("400家以上", "least"),
        ("不少于400家", "least"),
        ("至少 400 家", "least"),
        ("≥400家", "least"),
        ("不超过400家", "most"),
        ("最高奖励400万元", "most"),
        ("400家以内", "most"),
        ("5个工作日以内", "most"),
        ("不足400家", "less"),
        ("近400家", "nearly"),
        ("近三年", "exact"),
        ("约400家", "about"),
        ("节约400元", "exact"),
        ("400家左右", "about"),
        ("400家规模以上企业", "exact"),
        ("5家省级以上平台", "exact"),
        ("at least 400", "least"),
        ("no fewer than 400", "least"),
        ("400 or more", "least"),
        ("400 firms or more", "least"),
        ("more than RMB 400", "more"),
        ("over 400", "more"),
        ("over three years", "exact"),
        ("at most 400", "most"),
        ("up to US$400", "most"),
        ("up 400%", "exact"),
        ("no more than 400", "most"),
        ("fewer than 400", "less"),
        ("nearly 400", "nearly"),
        ("about 400", "about"),
    ],
)
def test_the_words_beside_a_figure_bound_it(text: str, bound: str) -> None:
    (found,) = find_quantities(text)
    assert found.bound == bound


@pytest.mark.parametrize("before", ["", "不少于", "突破", "不超过", "不足", "约", "近"])
@given(value=st.integers(11, 999_999), unit=st.sampled_from(["家", "亿元", "万元", "%", "个百分点"]))
def test_the_english_of_a_bounded_figure_has_its_bound(before: str, value: int, unit: str) -> None:
    chinese = f"{before}{value}{unit}"
    [(written, english)] = describe_en(chinese)
    (theirs,), (mine,) = find_quantities(chinese), find_quantities(english)
    assert written == chinese
    assert (mine.value, mine.kind, mine.bound) == (theirs.value, theirs.kind, theirs.bound)
