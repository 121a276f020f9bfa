from __future__ import annotations

import pytest

from rag.evidence import Evidence
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


@pytest.mark.parametrize(
    ("sentence", "reason", "numbers"),
    [
        ("随州力争高企突破400家。", "cites no source", "mismatch"),
        ("随州力争高企突破900家[7]。", "does not exist: [7]", "mismatch"),
        ("随州力争高企突破400家[1][2]。", "does not exist: [2]", "ok"),
        ("随州力争高企突破500家[1]。", "500家", "mismatch"),
        ("Contracts worth RMB 80 billion [1].", "80 billion", "mismatch"),
        ("研发投入增长400%[1]。", "400%", "mismatch"),
        ("会议要求加快发展。", "cites no source", "none"),
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
    assert supported or "not in the cited source" in checked.reason


def test_a_marker_that_names_nothing_is_put_right_where_one_piece_alone_bears_the_figure() -> None:
    (sentence,) = check_answer("随州力争高企突破400家[7]。", [evidence()])
    assert (sentence.supported, sentence.citations, sentence.text) == (True, (1,), "随州力争高企突破400家[1]。")
    (doubtful,) = check_answer("随州力争高企突破400家[7]。", [evidence(), evidence()])
    assert not doubtful.supported
