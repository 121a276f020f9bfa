"""Citation recall and precision by sentence, after ALCE, with a judge that looks words up."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from eval.citations import Checked, Source, check_sentences, citation_precision, citation_recall, source_of
from library.records import Answer, Citation, Sentence

QUOTES = {1: "甲乙", 2: "丙", 3: "丁", 4: "甲乙丙"}


def bears(claim: str, sources: Sequence[Source]) -> bool:
    """Whether every Chinese character of the claim is quoted."""
    assert sources and "[" not in claim
    return set(claim) - set("。 ") <= set("".join(s.quote for s in sources))


def saying(*sentences: tuple[str, Sequence[int], bool]) -> Answer:
    citations = tuple(Citation(n, "a", "", "", "", "u", 0, 1, q, 0, 1) for n, q in QUOTES.items())
    said = tuple(Sentence(text, tuple(cited), trusted, "ok") for text, cited, trusted in sentences)
    return Answer("?", "zh", "answered", "", said, citations, "m", 0.1)


@pytest.mark.parametrize(
    ("text", "cited", "recall", "precision"),
    [
        ("甲[1]。", [1], 1, 1),
        ("甲丙[1][2]。", [1, 2], 1, 1),  # each needed
        ("甲[1][2]。", [1, 2], 1, 1 / 2),  # 2 bears nothing of it
        ("甲[1][4]。", [1, 4], 1, 1),  # either would do, and each alone supports
        ("甲乙丙[4][3][2]。", [4, 3, 2], 1, 1 / 3),
        ("甲丁[1][2]。", [1, 2], 0, 0),  # together not enough: none counts
        ("甲。", [], 0, 0),
        ("甲[9]。", [9], 0, 0),  # there is no such citation
    ],
)
def test_recall_and_precision_of_a_sentence(text: str, cited: list[int], recall: float, precision: float) -> None:
    checked = check_sentences(saying((text, cited, True)), bears)
    assert citation_recall(checked) == recall
    assert citation_precision(checked) == pytest.approx(precision)


def test_the_number_of_an_item_and_chinese_beside_english_assert_nothing() -> None:
    asked = []

    def note(claim: str, sources: Sequence[Source]) -> bool:
        asked.append(claim)
        return True

    answer = saying(
        ("(2) 甲乙[1]", [1], True), ("It is the Park of A (甲乙; 丙)[2].", [2], True), ("甲(乙)[1]。", [1], True)
    )
    checked = check_sentences(answer, note)
    assert asked == ["甲乙", "It is the Park of A.", "甲(乙)。"]
    assert not any(c.figures for c in checked)


def test_an_answer_is_the_mean_of_its_sentences_and_of_its_citations() -> None:
    checked = check_sentences(
        saying(("甲[1]。", [1], True), ("丙丁[2]。", [2], True), ("丙[2][3]。", [2, 3], True)), bears
    )
    assert citation_recall(checked) == pytest.approx(2 / 3)
    assert citation_precision(checked) == pytest.approx(2 / 4)


def test_a_flagged_sentence_earns_no_recall_and_has_no_precision() -> None:
    checked = check_sentences(saying(("甲[1]。", [1], False), ("丙[2]。", [2], True)), bears)
    assert (citation_recall(checked), citation_precision(checked)) == (0.5, 1)
    assert [c.supported for c in checked] == [False, True]


def test_a_record_of_several_sentences_is_cut_as_chinese_and_english_cut_them() -> None:
    checked = check_sentences(saying(("甲[1]。丙[3]！It is 2.5 [2]. 丁[3]。", [1, 2, 3], True)), bears)
    assert [(c.text, c.citations) for c in checked] == [
        ("甲[1]。", (1,)), ("丙[3]！", (3,)), ("It is 2.5 [2].", (2,)), ("丁[3]。", (3,)),
    ]  # fmt: skip


def test_without_a_judge_support_is_open_but_figures_are_read() -> None:
    answer = saying(("甲有400家，增长20%[1]。", [1], True))
    (checked,) = check_sentences(answer)
    assert (checked.supported, checked.precise) == (None, ())
    assert checked.figures == ("400家", "20%") == checked.unborne
    assert citation_recall([checked]) is citation_precision([checked]) is None
    assert citation_recall([]) is citation_precision([]) is None


def test_a_title_and_a_date_bear_what_they_say() -> None:
    citation = Citation(1, "a", "高企目标820家", "云川市", "2026-02-27", "u", 0, 2, "会议", 0, 2)
    assert source_of(citation) == Source("会议", "高企目标820家\n云川市\n2026年02月27日")
    sentence = Sentence("2026年2月27日提出820家，另有5家[1]。", (1,), True, "ok")
    answer = Answer("?", "zh", "answered", "", (sentence,), (citation,), "m", 0.1)
    (checked,) = check_sentences(answer)
    assert checked.unborne == ("5家",)
    assert isinstance(checked, Checked)
