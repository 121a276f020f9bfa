from __future__ import annotations

from dataclasses import replace

import pytest

from rag.evidence import Evidence
from rag.grounding import find_strange_names
from rag.verify import check_answer, normalize_markers, renumber

QUOTE = "力争高新技术企业总数突破400家，技术合同登记额达80亿元，研发投入增长20%以上。"


def evidence(text: str = QUOTE, published: str = "2025-02-06") -> Evidence:
    return Evidence("a", "a.txt", "标题", "随州", published, 0, len(text), text)


@pytest.mark.parametrize(
    "sentence",
    [
        "随州力争高企突破400家[1]。",
        "Suizhou aims for more than 400 high-tech enterprises [1].",
        "Contracts worth RMB 8 billion are to be registered [1].",
        "R&D spending is to grow by at least 20 percent [1].",
        "This was said on 6 February 2025 [1].",
        "力争研发投入增长[1]。",
    ],
)
def test_what_the_quote_bears_is_supported(sentence: str) -> None:
    (checked,) = check_answer(sentence, [evidence()])
    assert (checked.supported, checked.reason, checked.citations) == (True, "", (1,))


@pytest.mark.parametrize("sentence", ["随州力争高企突破400家。", "Contracts worth RMB 8 billion."])
def test_an_unmarked_sentence_is_given_to_the_evidence_that_bears_it(sentence: str) -> None:
    (checked,) = check_answer(sentence, [evidence()])
    assert (checked.supported, checked.citations) == (True, (1,))
    assert checked.text == f"{sentence[:-1]}[1]{sentence[-1]}"


@pytest.mark.parametrize(
    ("sentence", "reason", "numbers"),
    [
        ("随州力争高企突破900家[7]。", "不存在：[7]", "mismatch"),
        ("随州力争高企突破400家[1][2]。", "不存在：[2]", "ok"),
        ("随州力争高企突破500家[1]。", "500家", "mismatch"),
        ("Contracts worth RMB 80 billion [1].", "80 billion", "mismatch"),
        ("研发投入增长400%[1]。", "400%", "mismatch"),
        ("会议要求加快发展。", "没有标注出处", "none"),
        ("Contracts worth RMB 80 billion.", "cites no source", "mismatch"),
    ],
)
def test_what_it_does_not_bear_is_caught(sentence: str, reason: str, numbers: str) -> None:
    (checked,) = check_answer(sentence, [evidence()])
    assert not checked.supported
    assert reason in checked.reason
    assert checked.numbers == numbers


def test_each_sentence_answers_for_itself() -> None:
    first, second = check_answer("高企突破400家[1]。还要突破900家[1]。", [evidence()])
    assert first.supported and not second.supported


def test_markers_in_other_forms_are_understood() -> None:
    assert normalize_markers("甲[1，2]。乙【3】") == "甲[1][2]。乙[3]"


def test_renumbering_drops_markers_without_a_number() -> None:
    (checked,) = check_answer("突破400家[1][9]。", [evidence()])
    assert renumber(checked, {1: 3}).text == "突破400家[3]。"
    assert renumber(checked, {1: 3}).citations == (3,)


@pytest.mark.parametrize(
    ("sentence", "supported"),
    [
        ("随州的目标是技术合同登记额达80亿元[1]。", True),
        ("随州要修桥[1]、栽树[1]。", False),
        ("随州的三项工作是兴办夜校和扩建码头[1]。", False),
        ("Suizhou set three tasks: planting trees [1].", False),
    ],
)
def test_what_the_model_made_up_is_not_supported(sentence: str, supported: bool) -> None:
    (checked,) = check_answer(sentence, [evidence()], "随州的目标是什么？")
    assert checked.supported is supported
    assert supported or checked.reason.startswith(("not in the cited source", "引文中没有"))


def test_a_marker_that_names_nothing_is_put_right_where_one_piece_alone_bears_the_figure() -> None:
    (sentence,) = check_answer("随州力争高企突破400家[7]。", [evidence()])
    assert (sentence.supported, sentence.citations, sentence.text) == (True, (1,), "随州力争高企突破400家[1]。")
    (doubtful,) = check_answer("随州力争高企突破400家[7]。", [evidence(), evidence()])
    assert not doubtful.supported


ROADS = "全市改造农村公路120公里，局长白玉涛出席开工仪式。"


def test_a_sentence_is_given_to_the_piece_that_bears_it() -> None:
    (sentence,) = check_answer("力争高企突破400家[1]。", [evidence(ROADS), evidence()])
    assert (sentence.supported, sentence.citations, sentence.text) == (True, (2,), "力争高企突破400家[2]。")


def test_a_marker_that_bears_nothing_is_dropped() -> None:
    (sentence,) = check_answer("力争高企突破400家[1][2]。", [evidence(), evidence(ROADS)])
    assert (sentence.supported, sentence.citations, sentence.text) == (True, (1,), "力争高企突破400家[1]。")


def test_two_markers_that_each_bear_a_part_are_kept() -> None:
    text = "力争高企突破400家[1]，改造农村公路120公里[2]。"
    (sentence,) = check_answer(text, [evidence(), evidence(ROADS)])
    assert (sentence.supported, sentence.citations, sentence.text) == (True, (1, 2), text)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("局长白玉涛出席开工仪式[1]。", ""),
        ("局长方金旺出席开工仪式[1]。", "引文中没有这个名称：方金旺"),
        ("Director Bai Yutao attended the opening ceremony [1].", ""),
        ("Director Fang Jinwang attended the opening ceremony [1].", "not in the cited source: Fang Jinwang"),
        ("Jiangmen rebuilt 120 km of rural roads [1].", "is said of another place"),
        ("The opening ceremony took place in Jiangmen [1].", "not in the cited source: Jiangmen"),
    ],
)
def test_names_and_places_stand_in_the_quote(sentence: str, reason: str) -> None:
    (checked,) = check_answer(sentence, [evidence(ROADS)])
    assert checked.supported is not bool(reason)
    assert reason in checked.reason


def test_a_name_of_the_question_may_be_said() -> None:
    assert find_strange_names("局长方金旺没有出席。", f"{ROADS}\n局长方金旺出席了吗？") == []
    assert find_strange_names("局长方金旺出席了会议。", ROADS) == ["方金旺"]


def test_english_words_without_a_counterpart_are_not_supported() -> None:
    (checked,) = check_answer("The museum sold paintings and antique furniture [1].", [evidence(ROADS)])
    assert not checked.supported


def test_below_the_floor_nothing_is_supported() -> None:
    sentence, pieces = "全市力争高企总数突破400家[1]。", [evidence()]
    (near,) = check_answer(sentence, pieces, similarity=lambda claim, quote: 0.9, floor=0.8)
    (far,) = check_answer(sentence, pieces, similarity=lambda claim, quote: 0.7, floor=0.8)
    assert near.supported
    assert (far.supported, far.reason) == (False, "与引文的内容不够相近")


@pytest.mark.parametrize(
    "sentence",
    [
        "力争高企突破4000家[1]。",
        "技术合同登记额达400家[1]。",
        "研发投入增长20个百分点以上[1]。",
        "研发投入下降20%以上[1]。",
        "江门力争高企突破400家[1]。",
        "高企已经突破了400家[1]。",
        "2023年力争高企突破400家[1]。",
        "More than 400 sci-tech SMEs are planned [1].",
        "R&D spending is to grow by at most 20% [1].",
        "Contracts worth US$8 billion are to be registered [1].",
    ],
)
@pytest.mark.parametrize("others", [[], [ROADS]])
def test_a_wrong_figure_is_not_supported_whatever_else_there_is(sentence: str, others: list[str]) -> None:
    (checked,) = check_answer(sentence, [evidence(), *map(evidence, others)])
    assert (checked.supported, checked.numbers) == (False, "mismatch")


def test_a_deed_or_an_office_of_another_person_is_not_supported() -> None:
    quote = evidence("局长刘长虹到会讲话，主持会议的是副局长方金旺。")
    right, deed, office = (
        check_answer(sentence, [quote])[0]
        for sentence in ("方金旺主持会议[1]。", "局长刘长虹主持会议[1]。", "科技局局长是方金旺[1]。")
    )
    assert right.supported
    assert (deed.supported, deed.reason) == (False, "引文中这件事或这个职务不是刘长虹的")
    assert (office.supported, office.reason) == (False, "引文中这件事或这个职务不是方金旺的")


@pytest.mark.parametrize(
    ("before", "supported"),
    [("风帆蜡嘴雀，是雀科的一种。", True), ("灰背隼，是隼科的一种。", False)],
)
def test_what_a_quote_speaks_of_may_be_named_before_it(before: str, supported: bool) -> None:
    quote = replace(evidence("体长可达19.7公分。"), before=before)
    (checked,) = check_answer("风帆蜡嘴雀的体长可达19.7公分[1]。", [quote], "风帆蜡嘴雀的体长是多少？")
    assert checked.supported is supported


@pytest.mark.parametrize(
    ("before", "supported"),
    [("云岭铁路是一条支线。", True), ("云岭隧道是一条支线。", False)],
)
def test_an_indicator_that_a_quote_does_not_name_may_be_named_before_it(before: str, supported: bool) -> None:
    quote = replace(evidence("沿线设有汉沟、下仓等8个车站。"), before=before)
    (checked,) = check_answer("云岭铁路沿线设有8个车站[1]。", [quote], "云岭铁路有几个车站？")
    assert checked.supported is supported


def test_a_space_within_a_name_makes_it_no_other() -> None:
    assert find_strange_names("云岭实验室取得了进展。", "设在云 岭的一家实验室取得了进展。") == []
    assert find_strange_names("云岭实验室取得了进展。", "设在云山的一家实验室取得了进展。") == ["云岭"]
