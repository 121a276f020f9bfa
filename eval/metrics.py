"""The scores of a system over many questions, with bootstrap intervals, from facts and outcomes alone.

One answer is judged in ``eval.judging``; here the verdicts are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from eval.citations import ReadsAhead, Support, citation_precision, citation_recall, claims_of
from eval.consistency import consistent
from eval.facts import Fact
from eval.judging import Verdict, judge, read_answer, refused
from eval.matching import article_name, is_article, stated
from eval.outcome import Outcome
from eval.retrieval import MEASURES
from library.errors import UsageError

__all__ = [
    "LOWER_IS_BETTER", "METRICS", "Judged", "Score", "Scores", "Verdict", "article_name", "is_article", "judge",
    "judge_all", "quantile", "ratio", "score", "score_judged", "stated",
]  # fmt: skip

RESAMPLES = 2000
SEED = 20_261_122

Part = tuple[float, float] | None
"""What a question adds to a metric's numerator and denominator; None where the metric does not speak of it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, what a system made of it, and the verdict; ``consistent`` is told on the Chinese one of a pair."""

    fact: Fact
    outcome: Outcome | None
    verdict: Verdict
    consistent: bool | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """A metric's value, its 95% interval, and ``n``: how many questions, citations or figures it is over.

    ``value`` is None where there is nothing to divide by, the interval where there are not two questions.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of all questions by metric, and of slices: ``slices["language"]["en"]["accuracy"]``."""

    overall: Mapping[str, Score]
    slices: Mapping[str, Mapping[str, Mapping[str, Score]]]

    def to_dict(self) -> dict[str, Any]:
        """``{overall: {metric: {value, low, high, n}}, slices: {half|language|kind|origin: {part: {metric: …}}}}``."""
        parts = {name: {part: _plain(s) for part, s in of.items()} for name, of in self.slices.items()}
        return {"overall": _plain(self.overall), "slices": parts}


def score(facts: Sequence[Fact], outcomes: Iterable[Outcome], support: Support | None = None) -> Scores:
    """The scores of one system; see ``judge_all`` for what is asked of the arguments."""
    return score_judged(judge_all(facts, outcomes, support))


def judge_all(facts: Sequence[Fact], outcomes: Iterable[Outcome], support: Support | None = None) -> list[Judged]:
    """One system's outcomes judged, in the order of the facts.

    Args:
        facts: those that were asked. One without an outcome counts as failed: no answer is never better than a bad one.
        outcomes: one system's, in any order.
        support: judges citations, see ``eval.support``; without it their recall and precision are left open.

    Raises:
        UsageError: there are two outcomes of one question, or one of a question that the facts do not have.
    """
    by_id = _by_id(outcomes, {fact.id for fact in facts})
    if isinstance(support, ReadsAhead):
        answers = [read_answer(o.answer) for o in by_id.values() if o.answer and not o.error]
        support.read_ahead(claim for answer in answers if not refused(answer) for claim in claims_of(answer))
    verdicts = {fact.id: judge(by_id.get(fact.id), fact, support) for fact in facts}
    english = {fact.pair: fact.id for fact in facts if fact.pair and fact.language == "en"}
    rows = []
    for fact in facts:
        verdict, outcome, twin, alike = verdicts[fact.id], by_id.get(fact.id), english.get(fact.pair), None
        if fact.language == "zh" and twin and verdict.correct is not None and verdicts[twin].correct is not None:
            alike = consistent((verdict, outcome), (verdicts[twin], by_id.get(twin)))
        rows.append(Judged(fact, outcome, verdict, alike))
    return rows


def score_judged(rows: Sequence[Judged]) -> Scores:
    """The scores of what ``judge_all`` returned, overall and by half, language, kind of question and origin."""
    slices = {
        name: {part: _scores([r for r in rows if getattr(r.fact, name) == part]) for part in _parts(rows, name)}
        for name in ("half", "language", "kind", "origin")
    }
    return Scores(_scores(rows), slices)


def _by_id(outcomes: Iterable[Outcome], asked: set[str]) -> dict[str, Outcome]:
    by_id: dict[str, Outcome] = {}
    for outcome in outcomes:
        if outcome.id in by_id:
            raise UsageError(f"Two outcomes are of {outcome.id!r}; score one system and one run at a time.")
        if outcome.id not in asked:
            raise UsageError(f"No fact has the id {outcome.id!r}; score a run with the facts that it was made with.")
        by_id[outcome.id] = outcome
    return by_id


def _parts(rows: Sequence[Judged], name: str) -> list[str]:
    return list(dict.fromkeys(str(getattr(row.fact, name)) for row in rows))


def _plain(scores: Mapping[str, Score]) -> dict[str, Any]:
    return {name: s.to_dict() for name, s in scores.items()}


# The metrics -----------------------------------------------------------------------------------------------


def _share(hit: bool | None) -> Part:
    return None if hit is None else (float(hit), 1.0)


def _mean(value: float | None) -> Part:
    return None if value is None else (value, 1.0)


def _of(hits: int, all_: int) -> Part:
    return (float(hits), float(all_)) if all_ else None


def _accuracy(row: Judged) -> Part:
    return _share(row.verdict.correct) if row.fact.answerable else None


def _refusal_precision(row: Judged) -> Part:
    return _share(not row.fact.answerable) if row.verdict.refused else None


def _refusal_recall(row: Judged) -> Part:
    return None if row.fact.answerable or row.verdict.correct is None else _share(row.verdict.refused)


def _figures(row: Judged) -> Part:
    shown = [s for s in row.verdict.sentences if not s.flagged]
    return _of(sum(len(s.figures) - len(s.unborne) for s in shown), sum(len(s.figures) for s in shown))


def _unborne(row: Judged) -> Part:
    shown = [s for s in row.verdict.sentences if not s.flagged]
    return _share(any(s.unborne for s in shown)) if row.verdict.answered else None


def _wrong_value(row: Judged) -> Part:
    if row.fact.kind != "value" or row.verdict.correct is None:
        return None
    stating = any(s.figures for s in row.verdict.sentences if not s.flagged)
    return _share(stating and not row.verdict.correct)


def _retrieval(measure: str) -> Callable[[Judged], Part]:
    return lambda row: _mean(row.verdict.retrieval[measure]) if row.verdict.retrieval else None


METRICS: dict[str, Callable[[Judged], Part]] = {
    "accuracy": _accuracy,
    "citation_accuracy": lambda row: _share(row.verdict.cited_right),
    "citation_recall": lambda row: _mean(citation_recall(row.verdict.sentences)),
    "citation_precision": lambda row: _mean(citation_precision(row.verdict.sentences)),
    "quotes_exact": lambda row: _of(row.verdict.citations - row.verdict.misquoted, row.verdict.citations),
    "figure_faithfulness": _figures,
    "unborne_figures": _unborne,
    "wrong_values": _wrong_value,
    "refusal_precision": _refusal_precision,
    "refusal_recall": _refusal_recall,
    "consistency": lambda row: _share(row.consistent),
    "failures": lambda row: _share(row.verdict.failed),
    **{measure: _retrieval(measure) for measure in MEASURES},
}
"""Ratios, by name, of what the questions add up to. Where the name does not say it:

accuracy             right answers among the answerable questions; a refusal or a failure is not right
citation_accuracy    rightly cited answers among the answerable questions, see ``cited_right``
citation_recall      mean over the answers of the share of sentences that their citations support (Gao et al. 2023)
citation_precision   mean over the answers of the share of citations that count (Gao et al. 2023)
quotes_exact         citations whose quote stands where they say
figure_faithfulness  figures, of sentences shown as supported, that what they cite bears
unborne_figures      answers with such a figure that nothing cited bears (lower is better)
wrong_values         value questions answered with another figure than is accepted, and not flagged (lower is better)
refusal_precision    unanswerable questions among the refused ones
refusal_recall       refused questions among the unanswerable ones
consistency          pairs of a Chinese and an English question that are answered alike, see ``consistent``
failures             questions that ended in an error (lower is better)
recall@5 …           see ``rank_scores``, of answerable questions

Refusal has its usual precision and recall as the class to be found; mixing answerable and unanswerable questions
follows SQuAD 2.0 (Rajpurkar, Jia and Liang, ACL 2018).
"""

QUANTILES: dict[str, tuple[str, float]] = {
    "seconds_median": ("seconds", 0.5),
    "seconds_p90": ("seconds", 0.9),
    "prompt_tokens_median": ("prompt_tokens", 0.5),
    "computed_tokens_median": ("computed_tokens", 0.5),
    "output_tokens_median": ("output_tokens", 0.5),
}
"""Quantiles of what an outcome counts; lower is better. Questions that ended in an error are left out."""

LOWER_IS_BETTER = frozenset({"unborne_figures", "wrong_values", "failures", *QUANTILES})


def _scores(rows: Sequence[Judged]) -> dict[str, Score]:
    ranks = any(row.outcome and row.outcome.ranked for row in rows)
    scores = {
        name: ratio([] if name in MEASURES and not ranks else [p for row in rows if (p := part(row))])
        for name, part in METRICS.items()
    }
    counted = [row.outcome for row in rows if row.outcome and not row.outcome.error]
    for name, (field, q) in QUANTILES.items():
        scores[name] = quantile([float(v) for o in counted if (v := getattr(o, field)) is not None], q)
    return scores


# Intervals -------------------------------------------------------------------------------------------------


def ratio(parts: Sequence[tuple[float, float]]) -> Score:
    """A ratio of sums, from what each question adds to either.

    Questions are drawn, not sentences, for those of one answer stand and fall together.
    """
    hits, all_ = np.array(parts, dtype=float).reshape(-1, 2).T
    return _bootstrapped((hits, all_), lambda a, b, axis: a.sum(axis) / b.sum(axis), int(all_.sum()))


def quantile(values: Sequence[float], q: float) -> Score:
    """The ``q``-quantile, ``q`` from 0 to 1."""
    return _bootstrapped((np.array(values),), lambda a, axis: np.quantile(a, q, axis=axis), len(values))


def _bootstrapped(data: tuple[Any, ...], statistic: Callable[..., Any], n: int) -> Score:
    """The percentile interval of Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13."""
    if not len(data[0]):
        return Score(None, None, None, 0)
    value = float(statistic(*data, axis=-1))
    if len(data[0]) < 2:
        return Score(value, None, None, n)
    from scipy import stats  # half a second, which the app, too, would wait for as it opens

    drawn = stats.bootstrap(
        data, statistic, n_resamples=RESAMPLES, paired=True, vectorized=True, method="percentile",
        rng=np.random.default_rng(SEED),
    )  # fmt: skip
    return Score(value, float(drawn.confidence_interval.low), float(drawn.confidence_interval.high), n)
