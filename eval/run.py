"""Asks systems the questions of a stored run, and judges what was stored of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from eval.citations import Support
from eval.matching import article_name
from eval.metrics import Judged, Scores, judge_all, score_judged
from eval.provenance import file_sha256, pages_sha256, settings_of, source_sha256, versions
from eval.runs import Run, RunInfo
from eval.selection import Selection
from eval.systems import System
from library.errors import UsageError
from rag import Assistant

Progress = Callable[[int, int, str], None]
"""Called with questions done, questions in all, and the id of the one just done."""


def describe(assistant: Assistant, selection: Selection, systems: Sequence[str], facts: Path) -> RunInfo:
    """What a run of those facts with that assistant is made with.

    Raises:
        UsageError: the assistant has no library, so no question can be asked.
    """
    library = assistant.library
    if library is None:
        raise UsageError("Facts are asked of a library, and this assistant has none. Open one first.")
    return RunInfo(
        suite=selection.suite, asked=tuple(f.id for f in selection.asked),
        skipped=tuple(f.id for f in selection.skipped),
        absent=selection.absent, systems=tuple(systems), facts_file=facts.name,
        facts_sha256=file_sha256(facts), pages=pages_sha256(library), articles=len(library.articles()),
        model=assistant.model.name if assistant.model else "none", encoder=library.encoder.name,
        settings=settings_of(library), versions=versions(), code=source_sha256(),
    )  # fmt: skip


def ask_missing(run: Run, systems: Sequence[System], progress: Progress | None = None) -> None:
    """Asks what the run still lacks; every outcome is on disk before the next question.

    Raises:
        UsageError: another process is at this run, or it wants a system that is not among those given.
    """
    questions, by_name = {fact.id: fact.question for fact in run.facts()}, {s.name: s for s in systems}
    if strangers := [name for name in run.info.systems if name not in by_name]:
        raise UsageError(f"Run {run.info.id} asks {strangers[0]!r} too. Name it with --system.")
    with run.writing() as write:
        missing = run.missing()
        total = len(run.info.asked) * len(run.info.systems)
        for done, (id, name) in enumerate(missing, total - len(missing) + 1):
            write(by_name[name].run(id, questions[id]))
            if progress:
                progress(done, total, id)


@dataclass(frozen=True)
class Evaluation:
    """A stored run, judged: ``judged`` has a row a question, by system, in the order of the facts.

    ``cleaning`` has the scores of ``eval.cleaning``, empty where they were not measured.
    """

    info: RunInfo
    judged: Mapping[str, Sequence[Judged]]
    cleaning: Mapping[str, float | None] = field(default_factory=dict)

    @cached_property
    def scores(self) -> dict[str, Scores]:
        return {name: score_judged(rows) for name, rows in self.judged.items()}

    @property
    def main(self) -> str:
        """The system that floors and the plain scores are about: Kejian, or the first one."""
        return "kejian" if "kejian" in self.judged else next(iter(self.judged))

    def measured(self) -> dict[str, dict[str, float | None]]:
        """The main system's values by half (``all``, ``open``, ``held``) and metric, as floors compare them."""
        scores = self.scores[self.main]
        parts = {"all": scores.overall, **scores.slices["half"]}
        measured = {half: {name: s.value for name, s in of.items()} for half, of in parts.items()}
        measured["all"] |= self.cleaning
        return measured

    def to_dict(self) -> dict[str, Any]:
        """``scores``, ``model``, ``seconds``, ``results``: the main system's; ``systems``: each, with intervals."""
        rows = self.judged[self.main]
        overall = self.scores[self.main].overall
        return {
            "run": self.info.id, "model": self.info.model, "seconds": _seconds(rows),
            "scores": {
                "questions": len(rows), "answerable": sum(r.fact.answerable for r in rows),
                **{name: s.value for name, s in overall.items()},
            },
            "cleaning": dict(self.cleaning),
            "skipped": list(self.info.skipped),
            "results": [result(row) for row in rows],
            "systems": {
                name: {**self.scores[name].to_dict(), "results": [result(row) for row in of]}
                for name, of in self.judged.items()
            },
        }  # fmt: skip


def evaluate(run: Run, support: Support | None = None) -> Evaluation:
    """Judges a run from its folder alone; a question that was not asked yet counts as failed.

    Args:
        run: see ``eval.runs``.
        support: judges citations, see ``eval.support``; without it their recall and precision are left open.
    """
    facts = run.facts()
    judged = {name: judge_all(facts, run.outcomes(name), support) for name in run.info.systems}
    return Evaluation(run.info, judged, run.cleaning())


def result(row: Judged) -> dict[str, Any]:
    """One question's line: ``status`` is the answer's, or ``failed``; ``cited`` has the articles as facts name them."""
    answer = (row.outcome.answer if row.outcome else None) or {}
    return {
        "id": row.fact.id, "kind": row.fact.kind, "language": row.fact.language, "half": row.fact.half,
        "question": row.fact.question, "expected": row.fact.expected, "answer": answer.get("answer", ""),
        "status": "failed" if row.verdict.failed else answer.get("status", ""),
        "cited": list(dict.fromkeys(article_name(c["uri"]) for c in answer.get("citations", ()))),
        "correct": row.verdict.correct, "cited_right": row.verdict.cited_right, "reason": row.verdict.reason,
        "seconds": round(row.outcome.seconds, 2) if row.outcome else 0.0,
    }  # fmt: skip


def _seconds(rows: Sequence[Judged]) -> float:
    return round(sum(row.outcome.seconds for row in rows if row.outcome), 2)
