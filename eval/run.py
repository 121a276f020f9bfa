"""Asks an assistant every fact's question and judges the answers; a failing question is recorded, never fatal."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from eval.facts import Fact
from eval.metrics import Body, Scores, Verdict, article_name, judge, score
from library.errors import KejianError, UsageError
from library.records import Answer
from rag import Assistant

log = logging.getLogger(__name__)
Progress = Callable[[int, int, str], None]
"""Called with questions done, questions in all, and the id of the one just done."""


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
    scores: Scores
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
    scores = score([r.verdict for r in results])
    model = assistant.model.name if assistant.model else "none"
    return FactsRun(tuple(results), scores, model, round(time.monotonic() - began, 2))


def _ask(assistant: Assistant, fact: Fact, body: Body) -> FactResult:
    began, answer = time.monotonic(), None
    try:
        answer = assistant.ask(fact.question)
        verdict = judge(answer, fact, body)
    except Exception as error:  # one question that trips something must not cost the rest of the run
        if not isinstance(error, KejianError):
            log.exception("unexpected failure on %s", fact.id)
        verdict = Verdict(
            fact.answerable, False, False, False if fact.answerable else None, f"{type(error).__name__}: {error}"
        )
    return FactResult(fact, answer, verdict, round(time.monotonic() - began, 2))
