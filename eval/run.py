"""Asks an assistant every fact's question and judges the answers; a failing question is recorded, never fatal."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from eval.facts import Fact
from eval.judging import Body, Verdict, judge, misquoted
from eval.matching import article_name
from eval.metrics import Judged, score_judged
from eval.outcome import Outcome
from library.errors import KejianError, UsageError
from library.records import Answer
from rag import Assistant

log = logging.getLogger(__name__)
Progress = Callable[[int, int, str], None]
"""Called with questions done, questions in all, and the id of the one just done."""


@dataclass(frozen=True, slots=True)
class FactScores:
    """Scores from 0 to 1, None where there is nothing to divide by. See ``METRICS``."""

    questions: int
    answerable: int
    accuracy: float | None
    citation_accuracy: float | None
    refusal_precision: float | None
    refusal_recall: float | None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class FactResult:
    """One question, its answer and the verdict. ``answer`` is None where the assistant failed."""

    fact: Fact
    answer: Answer | None
    verdict: Verdict
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """``status`` is the answer's, or ``failed``; ``cited`` has the articles as facts name them."""
        a = self.answer
        return {
            "id": self.fact.id, "kind": self.fact.kind, "question": self.fact.question,
            "expected": self.fact.expected, "answer": a.answer if a else "", "status": a.status if a else "failed",
            "cited": list(dict.fromkeys(article_name(c.uri) for c in a.citations)) if a else [],
            "correct": self.verdict.correct, "cited_right": self.verdict.cited_right,
            "reason": self.verdict.reason, "seconds": self.seconds,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class FactsRun:
    """What ``run_facts`` returns; ``model`` is ``none`` where answers were quoted instead of written."""

    results: tuple[FactResult, ...]
    scores: FactScores
    model: str
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "scores": self.scores.to_dict(), "model": self.model, "seconds": self.seconds,
            "results": [r.to_dict() for r in self.results],
        }  # fmt: skip


def run_facts(assistant: Assistant, facts: Sequence[Fact], progress: Progress | None = None) -> FactsRun:
    """Asks every question once, in order.

    Args:
        assistant: its library holds the articles that the facts speak of.
        facts: see ``load_facts``.
        progress: see ``Progress``.

    Raises:
        UsageError: the assistant has no library, so no question can be asked.
    """
    library = assistant.library
    if library is None:
        raise UsageError("Facts are asked of a library, and this assistant has none. Open one first.")
    began, results = time.monotonic(), []
    for done, fact in enumerate(facts, 1):
        results.append(_ask(assistant, fact, lambda article_id: library.get(article_id).body))
        if progress:
            progress(done, len(facts), fact.id)
    scores = _scores(results)
    model = assistant.model.name if assistant.model else "none"
    return FactsRun(tuple(results), scores, model, round(time.monotonic() - began, 2))


def _scores(results: Sequence[FactResult]) -> FactScores:
    scores = score_judged([Judged(r.fact, None, r.verdict) for r in results]).overall
    names = ("accuracy", "citation_accuracy", "refusal_precision", "refusal_recall")
    answerable = sum(r.fact.answerable for r in results)
    return FactScores(len(results), answerable, *(scores[name].value for name in names))


def _ask(assistant: Assistant, fact: Fact, body: Body) -> FactResult:
    began, answer, asked = time.monotonic(), None, Outcome(fact.id, fact.question, "kejian")
    try:
        answer = assistant.ask(fact.question)
        asked = replace(asked, answer=answer.to_dict(), misquoted=tuple(misquoted(answer, body)))
    except Exception as error:  # one question that trips something must not cost the rest of the run
        if not isinstance(error, KejianError):
            log.exception("unexpected failure on %s", fact.id)
        asked = replace(asked, answer=None, error=f"{type(error).__name__}: {error}")
    return FactResult(fact, answer, judge(asked, fact), round(time.monotonic() - began, 2))
