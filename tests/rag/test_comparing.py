"""Questions that compare cities, taken apart and put together again without a model."""

from __future__ import annotations

import pytest

from rag.comparing import city_question, years_of
from rag.conclusions import composed_en, conclusion
from rag.query import understand

WANTS_TARGET = [
    "江门的高企目标比随州高吗？",
    "江门的高企目标比随州的高还是低？",
    "随州的高企目标有没有江门多？",
    "江门的高企目标和随州的一样吗？",
    "江门的高企目标和随州一样高吗？",
    "江门的高企目标是随州的几倍？",
    "江门的高企目标是否高于随州，高多少？",
    "江门和随州的高企目标相差几家？",
    "江门和随州的高企目标差距有多大？",
    "江门和随州的高企目标有什么差别？",
    "江门和随州的高企目标加起来是多少？",
    "江门和随州的高企目标之和是多少？",
    "江门和随州的高企目标，哪个更高？",
    "江门和随州的高企目标是多少，两者相差多少？",
    "江门和随州的高企目标是多少，两市加起来呢？",
    "江门和随州谁的高企目标更大一些？",
    "江门跟随州比，哪边的高企目标多？",
    "与随州相比，江门的高企目标是多还是少？",
    "哪个更高，江门的还是随州的高企目标？",
    "请对比一下江门和随州的高企目标",
    "按高企目标，把江门、随州从高到低排个序",
    "江门、随州的高企目标从高到低怎么排？",
]


@pytest.mark.parametrize("question", WANTS_TARGET)
def test_each_city_is_asked_for_its_own(question: str) -> None:
    query = understand(question, None)
    assert query.compares and set(query.cities) == {"江门", "随州"}
    for city in query.cities:
        asked = city_question(question, query.cities, city)
        assert asked.replace("市高企", "市的高企") == f"{city}市的高企目标是多少？"


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("江门比随州多几家高企？", "江门市有几家高企？"),
        ("江门和随州一共要有多少家高企？", "江门市要有多少家高企？"),
        ("江门和随州各计划新增多少个省级科普基地，谁更多？", "江门市计划新增多少个省级科普基地？"),
        ("江门和随州在成果转化上各打算怎么做，比较一下", "江门市在成果转化上打算怎么做？"),
        ("比较江门和随州的揭榜挂帅项目所针对的领域", "江门市的揭榜挂帅项目所针对的领域是什么？"),
        ("随州与江门的科技局长分别是谁", "江门市的科技局长是谁？"),
        ("江门和随州的优势产业一样吗？", "江门市的优势产业是什么？"),
        ("江门和随州的做法有何区别？", "江门市的做法是什么？"),
        ("江门和随州如何支持小微企业？", "江门市如何支持小微企业？"),
        ("相比随州，江门的高企目标如何？", "江门市的高企目标是多少？"),
        ("请问江门和随州的高企目标各是多少？", "江门市的高企目标是多少？"),
        ("江门和随州都提了哪些对接高校的做法？", "江门市提了哪些对接高校的做法？"),
    ],
)
def test_what_else_is_asked_stays(question: str, asked: str) -> None:
    assert city_question(question, ["江门", "随州"], "江门") == asked


@pytest.mark.parametrize(
    "zh", ["今年产值是去年的2倍", "随州增速更快", "合计新增高企20家，共3个园区", "研发投入增速比全省高2.1个百分点"]
)
def test_what_the_model_wrote_is_no_conclusion(zh: str) -> None:
    assert composed_en(zh, ["江门", "随州"]) == ""


def test_many_cities_take_no_time() -> None:
    cities = list(
        dict.fromkeys(
            "广州 深圳 珠海 汕头 佛山 韶关 湛江 肇庆 江门 茂名 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山".split()
        )
    )
    question = f"{'， '.join(cities)}的高企目标分别是多少？" + "江门、" * 160
    assert years_of(question, cities, ["2025"])["江门"] == ("2025",)
    assert city_question(question, cities, "江门")


@pytest.mark.parametrize(
    "question",
    [
        "随州和武汉共建的离岸科创中心一共投资多少？",
        "江门的高企目标是多少？",
        "惠州与深圳联合建设的实验室有多高？",
        "What do Suizhou and Wuhan build together to attract talent?",
        "What does Suizhou, working with Wuhan as well as Xiangyang, want to build?",
        "惠州有没有在深圳设立高层次人才飞地？",
        "惠州计划引进深圳不少于多少家企业？",
        "What do Suizhou and Wuhan build together?",
        "Which platforms of provincial level or above does Suizhou build with help from Wuhan?",
    ],
)
def test_who_works_together_is_not_compared(question: str) -> None:
    assert not understand(question, None).compares


SAID = {"江门": "江门力争达到3000家。", "云川": "云川的目标是820家。", "随州": "随州突破400家。"}
TWO = {city: SAID[city] for city in ("随州", "江门")}
HIGHER, ORDER = "'s figure is higher than ", "From the highest to the lowest"
RATES = {"江门": "江门力争增长10%。", "随州": "随州增长20%以上。"}


@pytest.mark.parametrize(
    ("question", "said", "zh", "en"),
    [
        ("江门的高企目标比随州高吗？", TWO, "江门更高", "Jiangmen has the higher figure"),
        ("江门的高企目标比随州低吗？", TWO, "随州更低", "Suizhou has the lower figure"),
        ("哪边的高企多？", TWO, "江门更多", "Jiangmen has the higher figure"),
        ("江门和随州的一样多吗？", TWO, "江门更多", "Jiangmen has the higher figure"),
        ("随州有没有江门多？", TWO, "江门更多", "Jiangmen has the higher figure"),
        ("谁的最少？", SAID, "随州最少", "Suizhou has the lowest figure"),
        ("相差几家？", TWO, "江门比随州多2600家", f"Jiangmen{HIGHER}Suizhou's by 2,600"),
        ("随州比江门少多少家？", TWO, "江门比随州多2600家", f"Jiangmen{HIGHER}Suizhou's by 2,600"),
        (
            "增长目标高多少？",
            RATES,
            "随州比江门高10个百分点",
            "Suizhou's figure is higher than Jiangmen's by 10 percentage points",
        ),
        ("加起来多少家？", SAID, "合计4220家", "The total is 4,220"),
        ("一共要有多少家？", TWO, "合计3400家", "The total is 3,400"),
        (
            "排个名",
            SAID,
            "从高到低依次是江门、云川、随州",
            "From the highest to the lowest: Jiangmen, Yunchuan, Suizhou",
        ),
        (
            "How big is the gap, in total?",
            TWO,
            "江门比随州多2600家",
            f"Jiangmen{HIGHER}Suizhou's by 2,600",
        ),
        ("How many do they aim for together?", TWO, "合计3400家", "The total is 3,400"),
        ("Is Suizhou's target above Jiangmen's? Which is higher?", RATES, "随州更高", "Suizhou has the higher figure"),
        ("哪个更高？", {"江门": "江门10%。", "随州": "随州10%。"}, "数字一样", "The figures are the same"),
    ],
)
def test_what_follows_is_computed(question: str, said: dict[str, str], zh: str, en: str) -> None:
    loosely = "数字" not in zh  # 突破400家 and 20%以上 are no exact figures
    assert conclusion(question, said) == f"{'按所列数字，' if loosely else ''}{zh}。"
    assert composed_en(zh, SAID) == en
    assert not loosely or composed_en(f"按所列数字，{zh}", SAID).startswith("By the figures given, ")


def test_figures_of_one_year_without_bounds_differ_by_so_much() -> None:
    said = {"江门": "江门2025年的目标是3000家。", "随州": "随州2025年的目标是400家。"}
    assert conclusion("相差几家？", said) == "江门比随州多2600家。"
    assert conclusion("江门是随州的几倍？", said) == "江门是随州的7.5倍。"
    assert composed_en("江门是随州的7.5倍", ["江门", "随州"]) == "Jiangmen's figure is 7.5 times Suizhou's"
    assert conclusion("相差几家？", {**said, "随州": "随州2024年的目标是400家。"}).startswith("按所列数字")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("江门和随州的局长是谁？", {"江门": "局长是刘长虹。", "随州": "局长是白玉涛。"}),
        ("加起来多少？", RATES),  # rates don't add up
        ("谁的增速更高？", {"江门": "江门同比下降5.2%。", "随州": "随州同比下降2.1%。"}),
        ("谁的增速更高？", {"江门": "江门增长-2.5%。", "随州": "随州增长2%。"}),
        ("谁的更多？", {"江门": "江门不超过30亿元。", "随州": "随州20亿元以上。"}),
        ("谁的更多？", {"江门": "江门2000至5000家。", "随州": "随州3000家。"}),
        ("谁的更多？", {"江门": "江门已达2900家。", "随州": "随州力争3000家。"}),
        ("一样吗？", {"江门": "江门400家以上。", "随州": "随州400家。"}),
        ("加起来多少？", {"江门": "江门高企3000家。", "随州": "随州科技型中小企业4000家。"}),
        ("加起来多少？", {"江门": "江门新增高企300家。", "随州": "随州高企总数达400家。"}),
        ("谁的产值更多？", {"江门": "江门2025年上半年产值20亿元。", "随州": "随州2025年产值30亿元。"}),
        ("随州和云川加起来有江门多吗？", SAID),
        ("哪个更多？", {"江门": "江门的目标是3000家。", "随州": "随州增长20%。"}),
        ("哪个更多？", {"江门": "江门的目标是3000家，新增5家。", "随州": "随州突破400家。"}),
        ("哪个更多？", {"江门": "江门的目标是3000家。"}),
        ("江门和随州的目标各是多少？", TWO),
        ("江门和随州各有几家入选百强？", TWO),
        ("Jiangmen and Suizhou: enterprises at provincial level and above?", TWO),
    ],
)
def test_nothing_is_concluded_that_does_not_follow(question: str, said: dict[str, str]) -> None:
    assert conclusion(question, said) == ""
