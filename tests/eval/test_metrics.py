"""Scores of many: what each metric divides by what, intervals, slices, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from eval import Fact
from eval.metrics import LOWER_IS_BETTER, METRICS, QUANTILES, judge_all, score, score_judged
from eval.outcome import Outcome, Passage
from library.errors import UsageError
from library.records import Answer

MakeFact = Callable[..., Fact]
MakeAnswer = Callable[..., Answer]


def out(fact: Fact, said: Answer | None = None, **changes: Any) -> Outcome:
    return replace(Outcome(fact.id, fact.question, "s", said.to_dict() if said else None, seconds=1.0), **changes)


@pytest.fixture
def no(answer: MakeAnswer) -> Answer:
    return replace(answer("-", "-"), status="not_found", sentences=(), citations=())


@pytest.fixture
def run(fact: MakeFact, answer: MakeAnswer, no: Answer) -> tuple[list[Fact], list[Outcome]]:
    """Right, right and uncited, wrong and unborne, refused, failed; then of the unanswerable: refused, answered."""
    facts = [fact(id=f"q{i}") for i in range(5)]
    facts += [fact(id=f"u{i}", kind="refusal", accept=(), at_least=0, gold=(), language="en") for i in range(2)]
    said = [
        answer("3000家[1]。", "3000家"),
        answer("3000家[1]。", "目标", uri="/pages/suizhou.txt"),
        answer("300家[1]。", "3000家"),
        no,
        None,
        no,
        answer("400家[1]。", "400家"),
    ]
    outcomes = [out(f, s, seconds=float(i)) for i, (f, s) in enumerate(zip(facts, said, strict=True))]
    outcomes[4] = replace(outcomes[4], error="ModelUnreachable: gone", seconds=99.0)
    return facts, outcomes


def values(facts: list[Fact], outcomes: list[Outcome], **named: Any) -> dict[str, tuple[float | None, int]]:
    return {name: (s.value, s.n) for name, s in score(facts, outcomes, **named).overall.items()}


def test_each_metric_divides_by_what_it_speaks_of(run: Any) -> None:
    got = values(*run)
    assert got["accuracy"] == (2 / 5, 5)
    assert got["citation_accuracy"] == (1 / 5, 5)
    assert got["refusal_precision"] == (1 / 2, 2)
    assert got["refusal_recall"] == (1 / 2, 2)
    assert got["figure_faithfulness"] == (2 / 4, 4)  # 3000 and 400 are borne, 3000 in another article and 300 are not
    assert got["unborne_figures"] == (2 / 4, 4)
    assert got["wrong_values"] == (1 / 5, 5)
    assert got["quotes_exact"] == (1.0, 4)
    assert got["failures"] == (1 / 7, 7)
    assert got["consistency"] == got["citation_recall"] == got["recall@5"] == (None, 0)
    assert got["seconds_median"] == (2.5, 6)  # not the one that failed
    assert got["prompt_tokens_median"] == (None, 0)


def test_what_is_flagged_claims_and_earns_nothing(fact: MakeFact, answer: MakeAnswer) -> None:
    flagged = answer("300家[1]。", "3000家", supported=False, reason="not in the cited source: 300家")
    got = values([fact()], [out(fact(), flagged)], support=lambda claim, sources: True)
    assert got["accuracy"] == got["citation_recall"] == (0.0, 1)
    assert got["figure_faithfulness"] == got["citation_precision"] == (None, 0)
    assert got["unborne_figures"] == got["wrong_values"] == (0.0, 1)


def test_a_judge_is_told_beforehand_what_it_will_be_asked(run: Any) -> None:
    class Judge:
        told: list[str]
        asked: list[str]

        def read_ahead(self, claims: Any) -> None:
            self.told, self.asked = [claim for claim, _ in claims], []

        def __call__(self, claim: str, sources: Any) -> bool:
            self.asked.append(claim)
            return True

    judge = Judge()
    got = values(*run, support=judge)
    assert judge.told == judge.asked == ["3000家。", "3000家。", "300家。", "400家。"]
    assert got["citation_recall"] == got["citation_precision"] == (1.0, 4)


def test_misquoted_citations_are_not_exact_and_not_right(fact: MakeFact, answer: MakeAnswer) -> None:
    got = values([fact()], [out(fact(), answer("3000家[1]", "3000家"), misquoted=(1,))])
    assert (got["accuracy"], got["quotes_exact"], got["citation_accuracy"]) == ((1.0, 1), (0.0, 1), (0.0, 1))


def test_a_system_that_only_retrieves_is_scored_on_that_alone(fact: MakeFact) -> None:
    found = (Passage("/p/suizhou.txt", "3000家", 2.0), Passage("/p/jiangmen.txt", "目标3000家", 1.0))
    missed = (Passage("/p/jiangmen.txt", "别的", 2.0),)
    facts = [fact(id="a"), fact(id="b"), fact(id="u", kind="refusal", accept=(), at_least=0, gold=())]
    got = values(facts, [out(facts[0], ranked=found), out(facts[1], ranked=missed), out(facts[2], ranked=missed)])
    assert got["mrr@10"] == (0.25, 2)
    assert got["recall@5"] == got["success@5"] == (0.5, 2)
    assert got["success@1"] == (0.0, 2)
    assert {got[name] for name in ("accuracy", "refusal_recall", "refusal_precision", "wrong_values")} == {(None, 0)}


def test_a_question_without_an_outcome_counts_as_failed(fact: MakeFact, answer: MakeAnswer) -> None:
    facts = [fact(id="a"), fact(id="b")]
    rows = judge_all(facts, [out(facts[0], answer("3000家[1]", "3000家"))])
    assert rows[1].verdict.reason == "was not asked" and rows[1].outcome is None
    scores = score_judged(rows).overall
    assert (scores["accuracy"].value, scores["failures"].value) == (0.5, 0.5)


@pytest.mark.parametrize(("ids", "message"), [(("a", "a"), "Two outcomes"), (("a", "z"), "No fact has the id 'z'")])
def test_outcomes_that_do_not_fit_the_facts_are_refused(ids: tuple[str, str], message: str, fact: MakeFact) -> None:
    with pytest.raises(UsageError, match=message):
        score([fact(id="a")], [out(fact(id=i)) for i in ids])


def test_intervals_hold_the_value_and_narrow_with_more_questions(fact: MakeFact, answer: MakeAnswer) -> None:
    right, wrong = answer("3000家[1]", "3000家"), answer("300家[1]", "300家")

    def accuracy(n: int) -> Any:
        facts = [fact(id=str(i)) for i in range(n)]
        outcomes = [out(f, right if i % 4 else wrong) for i, f in enumerate(facts)]
        return score(facts, outcomes).overall["accuracy"]

    few, many = accuracy(12), accuracy(120)
    for s in (few, many):
        assert s.value == 0.75 and s.low < 0.75 < s.high
    assert many.high - many.low < 0.6 * (few.high - few.low)
    # A binomial's standard error is .0395 at 120 questions; the percentile interval is about 1.96 of them wide.
    assert many.high - many.low == pytest.approx(2 * 1.96 * 0.0395, rel=0.1)
    assert accuracy(12) == few  # the seed is fixed
    one = accuracy(1)
    assert (one.value, one.low, one.high, one.n) == (0.0, None, None, 1)


def test_slices_part_the_questions(run: Any) -> None:
    facts, outcomes = run
    facts = [replace(f, half="held" if i % 2 else "open") for i, f in enumerate(facts)]
    scores = score(facts, outcomes)
    assert {name: set(parts) for name, parts in scores.slices.items()} == {
        "half": {"open", "held"}, "language": {"zh", "en"}, "kind": {"value", "refusal"},
        "origin": {"quoted", "none"},
    }  # fmt: skip
    halves = scores.slices["half"]
    assert halves["open"]["accuracy"].n + halves["held"]["accuracy"].n == scores.overall["accuracy"].n == 5
    assert scores.slices["language"]["en"]["accuracy"].n == 0
    assert scores.slices["kind"]["refusal"]["refusal_recall"].value == 0.5
    plain = json.loads(json.dumps(scores.to_dict()))
    assert plain["overall"]["accuracy"].keys() == {"value", "low", "high", "n"}
    assert plain["slices"]["half"]["open"].keys() == plain["overall"].keys()


def test_every_metric_is_told_of_nothing() -> None:
    scores = score([], [])
    assert set(scores.overall) == {*METRICS, *QUANTILES} >= LOWER_IS_BETTER
    assert {(s.value, s.low, s.n) for s in scores.overall.values()} == {(None, None, 0)}


def test_tokens_and_seconds_are_quantiles(fact: MakeFact, answer: MakeAnswer) -> None:
    facts = [fact(id=str(i)) for i in range(11)]
    said = answer("3000家[1]", "3000家")
    got = values(facts, [out(f, said, seconds=float(i), prompt_tokens=100 * i) for i, f in enumerate(facts)])
    assert (got["seconds_median"], got["seconds_p90"]) == ((5.0, 11), (9.0, 11))
    assert got["prompt_tokens_median"] == (500.0, 11)


@pytest.mark.parametrize(
    ("zh", "en", "alike"),
    [
        ("3000家[1]。", "3,000 [1].", True),
        ("300家[1]。", "300 firms [1].", True),  # wrong alike
        ("300家[1]。", "400 firms [1].", False),
        ("3000家[1]。", "300 firms [1].", False),
        ("登记额80亿元[1]。", "RMB 8 billion [1].", True),
        ("登记额80亿元[1]。", "RMB 80 billion [1].", False),
        ("局长孟昭文表示祝贺[1]。", "Meng Zhaowen congratulates [1].", True),
        ("局长孟昭文表示祝贺[1]。", "Meng Zhaowu congratulates [1].", False),
        ("在随州举行[1]。", "It was held in Suizhou [1].", True),
        ("在随州举行[1]。", "It was held in Huizhou [1].", False),
        ("会议举行[1]。", "A meeting was held [1].", False),  # nothing to compare
        (None, None, True),
        (None, "3,000 [1].", False),
    ],
)
def test_a_pair_is_consistent_where_both_say_the_same(
    zh: str | None, en: str | None, alike: bool, fact: MakeFact, answer: MakeAnswer, no: Answer
) -> None:
    facts = [fact(id="z", pair="p"), fact(id="e", pair="p", language="en")]
    said = [answer(text, "3000家") if text else no for text in (zh, en)]
    scores = score(facts, [out(f, s) for f, s in zip(facts, said, strict=True)])
    assert (scores.overall["consistency"].value, scores.overall["consistency"].n) == (float(alike), 1)


def test_a_failed_half_of_a_pair_agrees_with_nothing(fact: MakeFact, no: Answer) -> None:
    facts = [fact(id="z", pair="p"), fact(id="e", pair="p", language="en")]
    assert values(facts, [out(facts[0], no), out(facts[1], error="gone")])["consistency"] == (0.0, 1)
    assert values(facts[:1], [out(facts[0], no)])["consistency"] == (None, 0)
