"""The weighing of signals, and the fit of their weights."""

from __future__ import annotations

import pytest

from eval.answerable_fit import Case, auc, centred, cross_validated, curve, fit
from library.models import ENCODER_NAME
from library.records import Passage
from rag.answerable import answerable, found_signals, weighed
from rag.evidence import Evidence
from rag.retrieve import understand

QUESTION = understand("江门市的孵化器目标是多少家？", None)


def evidence(text: str, article: str = "a", similarity: float = 0.9) -> Evidence:
    return Evidence(article, f"{article}.txt", "", "江门", "2024-04-15", 0, len(text), text, similarity)


def passage(text: str, article: str = "a") -> Passage:
    return Passage(article, f"{article}.txt", "", "江门", "2024-04-15", 0, len(text), text, 0.0)


def test_signals_tell_what_stands_there() -> None:
    there, not_there = "全市力争建成孵化器60家。", "全市力争建成实验室60家。"
    good = found_signals(QUESTION, [evidence(there)], [passage(there)], ENCODER_NAME)
    bad = found_signals(QUESTION, [evidence(not_there)], [passage(not_there)], ENCODER_NAME)
    assert (good["sentence"], good["rarest"], good["agreed"], good["figure"]) == (1.0, 0.0, 1.0, 1.0)
    assert bad["sentence"] < 0.5 < bad["rarest"]
    assert answerable(good, "zh") > answerable(bad, "zh")


def test_a_rare_word_counts_for_more_than_a_common_one() -> None:
    query = understand("氢能膜电极的企业", None)
    rare, common = "氢能膜电极攻关。", "企业座谈会召开。"
    signals = [found_signals(query, [evidence(t)], [passage(t)], ENCODER_NAME)["sentence"] for t in (rare, common)]
    assert signals[0] > 0.6 > 0.4 > signals[1]


def test_cosines_of_an_encoder_that_was_not_measured_are_left_out() -> None:
    text = "全市力争建成孵化器60家。"
    signals = found_signals(QUESTION, [evidence(text)], [passage(text)], "another-encoder")
    assert "similarity" not in signals
    assert 0 < answerable(signals, "zh") < 1


def test_nothing_found_has_no_signals() -> None:
    assert found_signals(QUESTION, [], [], ENCODER_NAME) == {}


def test_the_fit_finds_what_tells_and_drops_what_does_not() -> None:
    rows = [{"telling": n / 20, "same": 1.0} for n in range(20)]
    truth = [n >= 10 for n in range(20)]
    weights = fit(rows, truth)
    assert weights["telling"][2] > 0 and "same" not in weights
    assert weighed({"telling": 1.0}, weights) > 0.5 > weighed({"telling": 0.0}, weights)


def test_weights_are_measured_from_where_the_signals_lie() -> None:
    weights = fit([{"x": n / 20} for n in range(20)], [n >= 10 for n in range(20)])
    shifted = centred(weights, [{"x": 5 + n / 10} for n in range(20)])
    assert shifted["x"][2] == weights["x"][2] and weighed({"x": 6.9}, shifted) > 0.5 > weighed({"x": 5.0}, shifted)
    assert shifted["x"][1] == weights["x"][1] and centred(weights, []) == weights


def test_the_curve_and_the_area_under_it() -> None:
    cases = [Case(str(n // 2), n % 2 == 0, {"x": 1.0 - n % 2 + n / 100}) for n in range(40)]
    truth, scores = [c.answerable for c in cases], cross_validated(cases)
    assert auc(scores, truth) == 1.0
    thresholds = list(curve(scores, truth))
    assert all(a <= b for _, a, b in thresholds)
    assert thresholds[0][1] == 0.0


@pytest.mark.parametrize("scores", [[0.5, 0.5, 0.5, 0.5]])
def test_scores_that_tell_nothing_have_half_the_area(scores: list[float]) -> None:
    assert auc(scores, [True, True, False, False]) == 0.5
