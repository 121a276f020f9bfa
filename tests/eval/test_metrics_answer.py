"""Judging single answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from eval import Fact
from eval.facts import Gold
from eval.judging import Verdict, cited_right, is_correct, judge, misquoted, refused
from eval.outcome import Outcome
from library.records import Answer, Citation, Sentence

MakeFact = Callable[..., Fact]
MakeAnswer = Callable[..., Answer]


def outcome(said: Answer, **changes: Any) -> Outcome:
    return Outcome("f", "多少家？", "scripted", said.to_dict(), **changes)


def accepting(*ways: str) -> dict[str, object]:
    return {"accept": (ways,)}


@pytest.mark.parametrize(
    ("accept", "text"),
    [
        ("3000家", "江门高新技术企业存量力争达到3000家[1]。"),
        ("3000家", "Jiangmen aims for 3,000 high-tech enterprises [1]."),
        ("3000家", "目标是三千家[1]。"),
        ("80亿元", "a value of RMB 8 billion [1]"),
        ("8000000000 money", "登记额达80亿元[1]"),
        ("8000000000 money", "8 billion is expected [1]"),
        ("2.91%", "2.91 per cent [1]"),
        ("2024年4月15日", "on 15 April 2024 [1]"),
        ("60%，40%", "60% at first and 40% later [1]"),
    ],
)
def test_a_value_is_right_in_any_wording(accept: str, text: str, fact: MakeFact, answer: MakeAnswer) -> None:
    assert is_correct(answer(text), fact(**accepting(accept)))


@pytest.mark.parametrize(
    ("accept", "text"),
    [
        ("3000家", "300 high-tech enterprises [1]."),
        ("3000家", "研发投入增长3000%[1]"),
        ("80亿元", "RMB 80 billion [1]"),
        ("80亿元", "8 [1]"),
        ("2.91%", "2.91个百分点[1]"),
        ("1家", "more than 400 [1]"),  # the marker is no figure
        ("2024年4月15日", "on 16 April 2024 [1]"),
        ("60%，40%", "60% [1]"),
    ],
)
def test_another_value_is_wrong(accept: str, text: str, fact: MakeFact, answer: MakeAnswer) -> None:
    assert not is_correct(answer(text), fact(**accepting(accept)))


@pytest.mark.parametrize(
    ("name", "text", "right"),
    [
        ("白玉涛", "局長是白玉濤[1]。", True),
        ("Bai Yutao", "The director is Bai Yu-tao [1].", True),
        ("Xi'an Bureau", "the xian bureau [1]", True),
        ("YC2026-05", "最高的是YC2026-05，为500万元[1]。", True),
        ("YC2026-05", "YC2026-051[1]", False),
        ("Bai Yutao", "Bai Yutaoka [1]", False),
        ("白玉涛", "白玉[1]", False),
    ],
)
def test_names_meet_whatever_their_script_case_and_spacing(
    name: str, text: str, right: bool, fact: MakeFact, answer: MakeAnswer
) -> None:
    assert is_correct(answer(text), fact(kind="name", **accepting(name))) is right


@pytest.mark.parametrize(("at_least", "right"), [(2, True), (3, False)])
def test_a_list_needs_so_many_of_its_items(at_least: int, right: bool, fact: MakeFact, answer: MakeAnswer) -> None:
    wanted = fact(kind="list", accept=(("智能装备",), ("新能源", "new energy"), ("家电",)), at_least=at_least)
    verdict = judge(outcome(answer("智能装备 and new energy [1]", "智能装备、新能源")), wanted)
    assert (verdict.correct, verdict.cited_right) == (right, right)
    assert right or "2 of 3 stated, 3 wanted" in verdict.reason


def test_what_is_flagged_as_unsupported_states_nothing(fact: MakeFact, answer: MakeAnswer) -> None:
    flagged = answer("3000家[1]。", "3000家", supported=False, reason="cites no source")
    verdict = judge(outcome(flagged), fact())
    assert (verdict.correct, verdict.cited_right) == (False, False)
    assert verdict.reason == "does not state 3000家; flagged: cites no source"


@pytest.mark.parametrize(
    ("text", "quote", "uri", "right"),
    [
        ("3,000 [1]", "存量力争达到3000家", "/pages/jiangmen.txt", True),
        ("3,000 [1]", "存量力争达到3000家", "/pages/suizhou.txt", False),  # another article
        ("3,000 [1]", "另有200家标兵", "/pages/jiangmen.txt", False),  # the passage beside it
        ("3,000 [1]", "存量力争达到3000家", "/pages/jiangmen.jsonl#7", False),
    ],
)
def test_the_cited_passage_is_of_the_article_and_bears_the_answer(
    text: str, quote: str, uri: str, right: bool, fact: MakeFact, answer: MakeAnswer
) -> None:
    assert cited_right(answer(text, quote, uri), fact()) is right


def test_an_article_is_known_by_its_name_record_or_uri(fact: MakeFact, answer: MakeAnswer) -> None:
    for uri, name in (
        ("/p/news.jsonl#7", "news#7"),
        ("https://x.example/a/art_1.html", "https://x.example/a/art_1.html"),
    ):
        assert cited_right(answer("3000家[1]", "3000家", uri), fact(gold=(Gold("other"), Gold(name))))


def test_the_sentence_that_states_the_answer_must_cite_it(fact: MakeFact, answer: MakeAnswer) -> None:
    right = answer("3000家[1]。", "3000家")
    other = Citation(2, "a2", "", "", "", "/pages/suizhou.txt", 0, 4, "400家", 0, 4)
    swapped = replace(
        right,
        sentences=(Sentence("3000家[2]。", (2,), True, "ok"), Sentence("会议召开[1]。", (1,), True, "none")),
        citations=(*right.citations, other),
    )
    assert cited_right(right, fact())
    assert is_correct(swapped, fact()) and not cited_right(swapped, fact())


def test_a_quote_that_its_article_has_not_there_is_misquoted(fact: MakeFact, answer: MakeAnswer) -> None:
    good = answer("3000家[1]", "3000家")
    assert misquoted(good, lambda _: "3000家") == []
    assert misquoted(good, lambda _: "达3000家") == [1]
    assert misquoted(answer("3000家[1]", ""), lambda _: "") == [1]
    verdict = judge(outcome(good, misquoted=(1,)), fact())
    assert verdict.correct and verdict.cited_right is False and "cites no passage" in verdict.reason


def test_only_a_refusal_is_right_where_the_shelf_has_no_answer(fact: MakeFact, answer: MakeAnswer) -> None:
    wanted = fact(kind="refusal", accept=(), at_least=0, gold=())
    said = answer("400家[1]", "400家")
    no = replace(said, status="not_found", sentences=(), citations=())
    assert refused(no) and not refused(said)
    kept, missed = judge(outcome(no), wanted), judge(outcome(said), wanted)
    assert kept == Verdict("f", False, refused=True, correct=True)
    assert (missed.correct, missed.cited_right, missed.reason) == (False, None, "answers what the shelf does not hold")
    assert judge(outcome(no), fact()).reason.startswith("refuses what the shelf holds")
