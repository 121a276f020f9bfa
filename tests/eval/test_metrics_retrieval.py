"""Whether passages hold gold places, and trec_eval's measures against figures worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from math import log2

import pytest

from eval import Fact
from eval.facts import Gold
from eval.outcome import Passage
from eval.retrieval import MEASURES, found_gold, rank_scores

MakeFact = Callable[..., Fact]


def passage(text: str, uri: str = "/p/jiangmen.txt", raw: tuple[int, int] | None = None) -> Passage:
    return Passage(uri, text, 0.0, raw)


OTHER = passage("别的内容")


def test_measures_are_as_worked_out_by_hand(fact: MakeFact) -> None:
    two = fact(gold=(Gold("jiangmen", "存量力争达到3000家"), Gold("suizhou", "达到3000家")))
    first, second = passage("江门存量力争达到3000家。"), passage("总数达到3000家", "/p/suizhou.txt")
    scores = rank_scores([OTHER, first, OTHER, OTHER, OTHER, second], two)
    assert tuple(scores) == MEASURES
    gained, best = 1 / log2(3) + 1 / log2(7), 1 + 1 / log2(3)
    assert scores == pytest.approx(
        {"recall@5": 0.5, "recall@10": 1, "success@1": 0, "success@5": 1, "mrr@10": 0.5, "ndcg@10": gained / best}
    )


def test_order_is_what_counts_and_only_the_first_ten(fact: MakeFact) -> None:
    right = passage("目标3000家")
    best = rank_scores([right, OTHER], fact())
    assert set(best.values()) == {1.0}
    assert rank_scores([OTHER, right], fact())["ndcg@10"] == pytest.approx(1 / log2(3))
    assert set(rank_scores([OTHER] * 10 + [right], fact()).values()) == {0.0}
    assert set(rank_scores([], fact()).values()) == {0.0}


def test_a_gold_place_counts_once_however_often_it_is_found(fact: MakeFact) -> None:
    again = [passage("目标3000家"), passage("目标3000家。")]
    assert rank_scores(again, fact()) == rank_scores(again[:1], fact())


def test_a_passage_may_hold_two_gold_places(fact: MakeFact) -> None:
    two = fact(gold=(Gold("jiangmen", "存量3000家"), Gold("jiangmen", "占比90%")))
    scores = rank_scores([passage("存量3000家，占比90%")], two)
    assert scores["recall@5"] == scores["ndcg@10"] == 1


@pytest.mark.parametrize(
    ("gold", "found", "held"),
    [
        (Gold("jiangmen"), passage("目标3000家"), True),
        (Gold("jiangmen"), passage("目标300家"), False),  # of the article, but it does not bear the answer
        (Gold("jiangmen"), passage("目标3000家", "/p/suizhou.txt"), False),
        (Gold("jiangmen", "高企存量力争达到三千家"), passage("高企存量，力争達到三千家！"), True),  # script and marks
        (Gold("jiangmen", "高企存量力争达到三千家"), passage("力争达到三千家"), True),  # cut, but more than half
        (Gold("jiangmen", "高企存量力争达到三千家"), passage("达到三千家"), False),  # less than half
        (Gold("jiangmen", "高企存量力争达到三千家"), passage("目标3000家"), False),  # the answer elsewhere
        (Gold("jiangmen", span=(100, 120)), passage("-", raw=(90, 110)), True),
        (Gold("jiangmen", span=(100, 120)), passage("-", raw=(90, 109)), False),
        (Gold("jiangmen", span=(100, 120)), passage("目标3000家", raw=(300, 400)), False),
        (Gold("jiangmen", span=(100, 120)), passage("目标3000家"), True),  # it does not know where it stood
        (Gold("jiangmen", span=(100, 120)), passage("-"), False),
    ],
)
def test_what_holds_a_gold_place(gold: Gold, found: Passage, held: bool, fact: MakeFact) -> None:
    assert found_gold(found, fact(gold=(gold,))) == ([0] if held else [])


def test_a_passage_with_some_of_a_list_counts(fact: MakeFact) -> None:
    wanted = fact(kind="list", accept=(("智能装备",), ("家电",)), at_least=2)
    assert found_gold(passage("涉及家电"), wanted) == [0]


def test_without_gold_there_is_nothing_to_find(fact: MakeFact) -> None:
    with pytest.raises(ValueError, match="no gold"):
        rank_scores([OTHER], fact(gold=()))
