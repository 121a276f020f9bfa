"""Scores of answers to questions with reference answers, from outcomes alone. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from eval.bench.references import f1, holds, is_right
from eval.judging import read_answer, refused, supported
from eval.metrics import QUANTILES, Score, quantile, ratio
from eval.outcome import Outcome
from library.records import Answer
from rag.verify import MARKER


@dataclass(frozen=True, slots=True)
class Expected:
    """What is right for one question: answers in its language, in its sources' language, and the sources by URI."""

    accepted: tuple[str, ...]
    references: tuple[str, ...]
    is_source: Callable[[str], bool]

    @property
    def figures(self) -> tuple[str, ...]:
        """References whose figures count in another language."""
        return () if self.accepted == self.references else self.references


@dataclass(frozen=True, slots=True)
class Marked:
    """One outcome judged. ``text`` is what it says without markers; citations are counted, and those of the source."""

    right: bool
    right_either: bool
    refused: bool
    failed: bool
    extractive: bool
    text: str
    f1: float
    quoted: bool
    citations: int
    of_source: int
    misquoted: int


def mark(outcome: Outcome, expected: Expected) -> Marked:
    """One outcome judged. Sentences that the system itself flags as unsupported say nothing and cite nothing."""
    if outcome.answer is None:
        return Marked(False, False, False, bool(outcome.error), False, "", 0.0, False, 0, 0, 0)
    answer = read_answer(outcome.answer)
    text = MARKER.sub("", " ".join(s.text for s in supported(answer)))
    right = bool(text) and is_right(text, expected.accepted, expected.figures)
    either = right or (bool(text) and holds(text, expected.references))
    cited = {n for s in supported(answer) for n in s.citations}
    citations = [c for c in answer.citations if c.n in cited]
    return Marked(
        right, either, refused(answer), False, answer.status == "extractive", text, f1(text, expected.accepted),
        any(holds(c.quote, expected.references) for c in citations), len(citations),
        sum(expected.is_source(c.uri) for c in citations), len(set(outcome.misquoted) & cited),
    )  # fmt: skip


def answer_scores(marks: Sequence[Marked], outcomes: Sequence[Outcome]) -> dict[str, Score]:
    """The scores of answers to questions that the sources answer, each with its interval.

    right             a reference is in the answer, or F1 is .7 or more; refusals and failures are not right
    right_either      right, or a reference in the sources' language is in the answer, which keeps key words in it
    f1                mean of the best F1 with a reference
    quotes_hold       of the right answers, those with a cited quote that has a reference
    citations_gold    of the citations, those of the question's own source
    quotes_exact      of the citations, those whose quote stands where they say
    refused           of all questions
    extractive        of all questions, answered with quotations because no written answer stood
    failures          of all questions, ended in an error
    """
    scores = {
        "right": _share([m.right for m in marks]),
        "right_either": _share([m.right_either for m in marks]),
        "f1": ratio([(m.f1, 1.0) for m in marks]),
        "quotes_hold": _share([m.quoted for m in marks if m.right]),
        "citations_gold": ratio([(float(m.of_source), float(m.citations)) for m in marks if m.citations]),
        "quotes_exact": ratio([(float(m.citations - m.misquoted), float(m.citations)) for m in marks if m.citations]),
        "refused": _share([m.refused for m in marks]),
        "extractive": _share([m.extractive for m in marks]),
        "failures": _share([m.failed for m in marks]),
    }
    return scores | costs(outcomes)


def refusal_scores(outcomes: Sequence[Outcome]) -> dict[str, Score]:
    """The scores of questions that nothing on the shelf was written to answer: the share refused, and of failures."""
    return {
        "refused": _share([_refused(o) for o in outcomes]),
        "failures": _share([bool(o.error) for o in outcomes]),
    } | costs(outcomes)


def costs(outcomes: Sequence[Outcome]) -> dict[str, Score]:
    """Seconds and tokens of the questions that did not fail."""
    counted = [o for o in outcomes if not o.error]
    return {
        name: quantile([float(v) for o in counted if (v := getattr(o, field)) is not None], q)
        for name, (field, q) in QUANTILES.items()
    }


def plain(scores: dict[str, Score]) -> dict[str, Any]:
    """Scores as JSON."""
    return {name: score.to_dict() for name, score in scores.items()}


def _refused(outcome: Outcome) -> bool:
    answer: Answer | None = read_answer(outcome.answer) if outcome.answer else None
    return answer is not None and refused(answer)


def _share(hits: Sequence[bool]) -> Score:
    return ratio([(float(hit), 1.0) for hit in hits])
