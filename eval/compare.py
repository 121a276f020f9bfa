"""Two runs side by side: what each metric gained or lost, and which questions changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from eval.metrics import LOWER_IS_BETTER, METRICS, QUANTILES, RESAMPLES, SEED, Judged
from eval.run import Evaluation
from library.errors import UsageError


@dataclass(frozen=True, slots=True)
class Difference:
    """A metric before and after, over the questions of both runs; the interval is of ``after - before``, at 95%.

    It is the paired bootstrap's: the same questions are drawn of both runs (Efron and Tibshirani, 1993; for systems
    over one test set: Koehn, "Statistical Significance Tests for Machine Translation Evaluation", EMNLP 2004).
    """

    metric: str
    before: float | None
    after: float | None
    low: float | None
    high: float | None

    @property
    def verdict(self) -> str:
        """``better`` or ``worse`` where the interval leaves out zero, else ``same``."""
        if self.low is None or self.high is None or self.low <= 0 <= self.high:
            return "same"
        return "better" if (self.low > 0) != (self.metric in LOWER_IS_BETTER) else "worse"


@dataclass(frozen=True, slots=True)
class Change:
    """A question that is right in one run and wrong in the other."""

    id: str
    question: str
    half: str
    before: bool
    after: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What ``compare`` returns; ``changes`` has what got worse first."""

    before: str
    after: str
    questions: int
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]

    def to_dict(self) -> dict[str, Any]:
        differences = [{**asdict(d), "verdict": d.verdict} for d in self.differences]
        return {**asdict(self), "differences": differences}


def compare(before: Evaluation, after: Evaluation) -> Comparison:
    """The main systems of two runs over the questions that both asked in the same words.

    Raises:
        UsageError: they have no question in common.
    """
    old = {row.fact.id: row for row in before.judged[before.main]}
    pairs = [
        (old[row.fact.id], row)
        for row in after.judged[after.main]
        if row.fact.id in old and old[row.fact.id].fact.question == row.fact.question
    ]
    if not pairs:
        raise UsageError(f"The runs {before.info.id} and {after.info.id} have no question in common.")
    differences = [*(_ratios(name, pairs) for name in METRICS), *(_quantiles(name, pairs) for name in QUANTILES)]
    changes = [
        Change(
            b.fact.id, b.fact.question, b.fact.half, bool(a.verdict.correct), bool(b.verdict.correct), b.verdict.reason
        )
        for a, b in pairs
        if a.verdict.correct is not None and b.verdict.correct is not None and a.verdict.correct != b.verdict.correct
    ]
    return Comparison(
        before.info.id, after.info.id, len(pairs), tuple(d for d in differences if d is not None),
        tuple(sorted(changes, key=lambda change: change.after)),
    )  # fmt: skip


Pairs = Sequence[tuple[Judged, Judged]]


def _ratios(name: str, pairs: Pairs) -> Difference | None:
    parts = [[METRICS[name](row) or (0.0, 0.0) for row in pair] for pair in pairs]
    columns = np.array(parts, dtype=float).reshape(len(pairs), 4).T
    return _difference(name, tuple(columns), _share)


def _share(numbers: Any, of: Any, axis: int) -> Any:
    with np.errstate(invalid="ignore", divide="ignore"):
        return numbers.sum(axis) / of.sum(axis)


def _quantiles(name: str, pairs: Pairs) -> Difference | None:
    field, q = QUANTILES[name]
    both = [(getattr(a.outcome, field, None), getattr(b.outcome, field, None)) for a, b in pairs]
    known = [(a, b) for a, b in both if a is not None and b is not None]
    if not known:
        return None
    columns = np.array(known, dtype=float).T
    return _difference(name, tuple(columns), lambda values, axis: np.quantile(values, q, axis=axis))


def _difference(name: str, columns: tuple[Any, ...], statistic: Any) -> Difference | None:
    """The first half of the columns is the run before, the second the run after."""
    half = len(columns) // 2
    before, after = (float(statistic(*columns[part], axis=-1)) for part in (slice(None, half), slice(half, None)))
    if np.isnan(before) or np.isnan(after):
        return (
            None
            if np.isnan(before) and np.isnan(after)
            else Difference(name, _number(before), _number(after), None, None)
        )
    # Not scipy's bootstrap, which gives up where a metric speaks of none of the questions drawn once.
    drawn = np.random.default_rng(SEED).integers(0, len(columns[0]), (RESAMPLES, len(columns[0])))
    sides = [
        statistic(*(column[drawn] for column in columns[part]), axis=-1) for part in (slice(half), slice(half, None))
    ]
    low, high = (_number(float(bound)) for bound in np.nanpercentile(sides[1] - sides[0], [2.5, 97.5]))
    return Difference(name, before, after, low, high)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else value
