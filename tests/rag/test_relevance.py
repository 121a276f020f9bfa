"""What a sentence says beside what a question asks for, case by case."""

from __future__ import annotations

import pytest

from library.records import Sentence
from rag.conclusions import conclusion
from rag.evidence import Evidence
from rag.grounding import find_strange_names
from rag.items import asked_number, is_enumeration, item_number
from rag.query import understand
from rag.relevance import find_miss, stands
from rag.translate.rendering import render_figures


def _evidence(text: str) -> Evidence:
    return Evidence("a", "a.txt", "云川科技", "云川", "2025-02-06", 0, len(text), text, coverage=0.5)


def _sentence(text: str) -> Sentence:
    return Sentence(f"{text}[1]", (1,), True, "none")


def _miss(question: str, said: str, quote: str) -> str:
    return find_miss(understand(question, None), _sentence(said), [_evidence(quote)], [], "zh")


@pytest.mark.parametrize(
    ("question", "said", "misses"),
    [
        ("云川高新区的考核等次是什么？", "云川高新区的考核等次为优", False),
        ("云川高新区的考核等次是什么？", "云川高新区的考核等次", True),
        ("中科院与江门签约共建的实验室叫什么名字？", "嫦娥储能实验室", False),
        ("病人用了什么镇痛药？", "羟考酮缓释片", False),
    ],
)
def test_what_is_new_in_an_answer_may_be_one_character(question: str, said: str, misses: bool) -> None:
    assert bool(_miss(question, said, f"{said}，青石镇也来了。")) is misses


def test_what_is_there_and_what_is_aimed_for_stand_in_one_sentence() -> None:
    query = understand("江门市目前有多少家高企？", None)
    said = Sentence("江门市高企已达2900家，力争明年达3500家[1]", (1,), True, "ok")
    assert find_miss(query, said, [_evidence("江门市高企已达2900家，力争明年达3500家。")], [], "zh") == ""
    plan = Sentence("江门力争高企达3000家[1]", (1,), True, "ok")
    assert find_miss(query, plan, [_evidence("江门力争高企达3000家。")], [], "zh")


@pytest.mark.parametrize(
    ("question", "quote", "misses"),
    [
        ("园区计划何时突破200亿元？", "到2027年，园区产值要突破200亿元。", False),
        ("When will the park pass RMB 20 billion?", "到2027年，园区产值要突破200亿元。", False),
        ("园区计划何时突破200亿元？", "项目计划2026年6月通线。", True),
        ("2024年园区计划何时通线？", "项目计划2026年6月通线。", False),  # a year is no figure of what is asked
        ("这三个项目何时通线？", "项目计划2026年6月通线。", False),
    ],
)
def test_what_is_asked_of_a_figure_is_told_with_it(question: str, quote: str, misses: bool) -> None:
    said = "项目计划2026年6月通线" if "通线" in quote else "到2027年"
    assert bool(_miss(question, said, quote)) is misses


@pytest.mark.parametrize(
    ("question", "said", "quote", "misses"),
    [
        ("示范区二期什么时候完工？", "示范区一期将于8月底完成建设", "示范区一期将于8月底完成建设。", True),
        ("示范区一期什么时候完工？", "示范区一期将于8月底完成建设", "示范区一期将于8月底完成建设。", False),
        ("继一期之后，示范区接下来建什么？", "二期建设中试基地", "示范区二期建设中试基地。", False),
        ("江门2025年高企目标是2500家吗？", "力争2025年高企达3000家", "力争2025年高企达3000家。", False),
    ],
)
def test_another_phase_is_no_answer(question: str, said: str, quote: str, misses: bool) -> None:
    assert bool(_miss(question, said, quote)) is misses


def test_an_area_tells_no_date() -> None:
    query, quote = understand("云川中试基地何时建成？", None), _evidence("基地于2024年6月建成，建筑面积3000平方米。")
    assert not stands(query, [Sentence("建筑面积3000平方米[1]", (1,), True, "ok")], [quote])
    assert stands(query, [Sentence("三年内建成[1]", (1,), True, "ok")], [quote])


def test_a_decimal_numbers_no_item() -> None:
    assert not is_enumeration(["1.2亿元用于平台建设。"])
    assert is_enumeration(["1.建设平台。", "2.引进人才。"])
    assert item_number("十一、落实责任") == 11
    assert (asked_number("这项工作用了三个月吗？"), asked_number("六大行动有哪些？")) == (0, 6)


def test_a_difference_keeps_its_currency() -> None:
    said = {"江门": "江门出口额达3亿美元。", "随州": "随州出口额达1亿美元。"}
    assert "2亿美元" in conclusion("两市相差多少？", said)


def test_figures_that_share_a_word_are_put_into_english() -> None:
    assert "3,000" in render_figures("全市有3000家左右400家")


def test_a_name_is_not_known_by_one_character() -> None:
    assert find_strange_names("会议由陈曾主持。", "陈明主持会议")
