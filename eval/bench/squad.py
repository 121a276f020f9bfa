"""Public sets of questions over paragraphs: how well their paragraph is found, and how well they are answered.

Every paragraph is an article, without a title, of a library of its own. Retrieval is measured by paragraphs, answers
by the set's references. Further questions are asked of the same shelf without their paragraphs, to be refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from eval.bench.answered import Expected, answer_scores, mark, plain, refusal_scores
from eval.bench.journal import Journal
from eval.bench.questions import Corpus, Question, load_squad
from eval.bench.shelf import Shelf, number, open_shelf, without
from eval.metrics import ratio
from eval.outcome import Outcome
from eval.provenance import file_sha256, settings_of, source_sha256, versions
from eval.retrieval import trec_scores
from eval.systems import System, open_systems
from library.encoder import Encoder
from library.errors import UsageError
from library.library import Library
from library.records import Passage
from library.settings import Settings
from rag import Assistant
from rag.llm import ChatModel, open_model

Progress = Callable[[float, float, str], None]
Search = Callable[[str], Sequence[Passage]]

_DEEP = 10
# With one paragraph to be found, success at 1 is recall at 1, and recall at 10 success at 10.
_MEASURES = {"ndcg@10": "ndcg@10", "success@1": "recall@1", "recall@10": "recall@10", "mrr@10": "mrr@10"}


@dataclass(frozen=True, slots=True)
class SquadPlan:
    """What to measure. ``sample`` 0 is all questions; ``translated`` lets the model put English questions into Chinese
    for retrieval, as it does when it is asked. ``answers`` and ``unanswerable`` are numbers of questions to ask."""

    sample: int = 0
    seed: int = 0
    answers: int = 0
    unanswerable: int = 0
    translated: bool = False
    peers: bool = False

    @property
    def systems(self) -> tuple[str, ...]:
        """Those that answer. LlamaIndex's query engine cites nothing, so there is little to hold against it here."""
        return ("kejian", "llama_index_citation") if self.peers else ("kejian",)


@dataclass(frozen=True, slots=True)
class SquadRun:
    """A finished benchmark; ``retrieval``, ``answers`` and ``unanswerable`` are scores by system, then by name."""

    corpus: str
    questions: str
    paragraphs: int
    total: int
    plan: SquadPlan
    encoder: str
    model: str
    folder: str
    seconds: float
    retrieval: dict[str, Any]
    answers: dict[str, Any]
    unanswerable: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        return {"bench": "squad", **asdict(self)}


@dataclass(frozen=True, slots=True)
class _Bench:
    """What all parts of a run share."""

    corpus: Corpus
    plan: SquadPlan
    model: ChatModel | None
    journal: Journal
    progress: Progress | None

    def drawn(self, what: str, questions: Sequence[Question]) -> list[Question]:
        """The questions in an order that the seed and the purpose decide."""
        return Random(f"{self.plan.seed}/{what}").sample(questions, len(questions))

    def asked(self) -> list[Question]:
        return self.drawn("answers", self.corpus.questions)[: self.plan.answers]

    def homeless(self) -> list[Question]:
        """Further questions, each of another paragraph, that is to be taken off the shelf."""
        taken = {q.id for q in self.asked()}
        rest = [q for q in self.drawn("unanswerable", self.corpus.questions) if q.id not in taken]
        first = {q.paragraph: q for q in reversed(rest)}
        return [q for q in rest if first[q.paragraph] is q][: self.plan.unanswerable]

    def tell(self, done: int, total: int, what: str) -> None:
        if self.progress:
            self.progress(done, total, what)


def run_squad(
    path: Path,
    plan: SquadPlan,
    other: Path | None = None,
    settings: Settings | None = None,
    *,
    encoder: Encoder | None = None,
    model: ChatModel | None = None,
    progress: Progress | None = None,
) -> SquadRun:
    """Runs the benchmark; what an earlier run of the same made, and left in the folder of runs, is not made again.

    Args:
        path: the set, see ``load_squad``.
        plan: what to measure.
        other: the same questions in another language, to be asked in the place of the set's.
        settings: default to those of file and environment.
        encoder: one of your own; defaults to what the settings name.
        model: one of your own; defaults to what the settings name.
        progress: called with what is done, what is to be done in all, and which part it is.

    Raises:
        UsageError: a file is not of the form, or the plan asks for more than it holds.
    """
    began, settings = perf_counter(), settings or Settings()
    corpus = load_squad(path, other)
    _check(plan, corpus)
    model = model or open_model(settings)
    with open_shelf(corpus.paragraphs, settings, encoder, progress) as shelf:
        journal = Journal(settings.runs, _info(path, other, plan, shelf.library, model))
        bench = _Bench(corpus, plan, model, journal, progress)
        retrieval = _retrieval(bench, shelf)
        answers = _answers(bench, shelf)
    unanswerable = _unanswerable(bench, shelf)
    run = SquadRun(
        path.name, other.name if other else path.name, len(corpus.paragraphs), len(corpus.questions), plan,
        shelf.library.encoder.name, model.name if model else "none", str(journal.folder),
        round(perf_counter() - began, 1), retrieval, answers, unanswerable,
    )  # fmt: skip
    journal.finish(run.to_dict())
    return run


def _check(plan: SquadPlan, corpus: Corpus) -> None:
    if plan.answers > len(corpus.questions):
        raise UsageError(f"There are {len(corpus.questions)} questions, fewer than --answers {plan.answers}.")
    if plan.unanswerable > len(corpus.paragraphs) // 2:
        raise UsageError(
            f"--unanswerable {plan.unanswerable} would take more than half of the {len(corpus.paragraphs)} paragraphs "
            "off the shelf. Ask fewer."
        )


def _info(path: Path, other: Path | None, plan: SquadPlan, library: Library, model: ChatModel | None) -> dict[str, Any]:
    # Peers are asked besides, and change nothing for the others; so they may be added to a run.
    chosen = {name: value for name, value in asdict(plan).items() if name != "peers"}
    return {
        "bench": "squad", "corpus": file_sha256(path), "questions": file_sha256(other or path), "plan": chosen,
        "model": model.name if model else "none", "settings": settings_of(library), "versions": versions(),
        "code": source_sha256(), "bench_code": file_sha256(Path(__file__)),
    }  # fmt: skip


# Retrieval -------------------------------------------------------------------------------------------------


def _searches(bench: _Bench, library: Library) -> dict[str, Search]:
    """All that ``ask`` does to find passages, and each index alone; as deep as the fusion looks, for folding."""
    k = library.settings.retrieval.candidates
    assistant = Assistant(library, model=bench.model if bench.plan.translated else None)
    return {
        "kejian": lambda question: assistant.search(question, k),
        "bm25": lambda question: library.search(question, by="lexical", k=k),
        "dense": lambda question: library.search(question, by="dense", k=k),
    }


def _retrieval(bench: _Bench, shelf: Shelf) -> dict[str, Any]:
    searches, journal = _searches(bench, shelf.library), bench.journal
    chosen = {q.id for q in bench.drawn("retrieval", bench.corpus.questions)[: bench.plan.sample or None]}
    questions = [q for q in bench.corpus.questions if q.id in chosen]
    found = {(r["id"], r["system"]): r["paragraphs"] for r in journal.records("retrieval")}
    with journal.writing("retrieval") as append:
        for done, q in enumerate(questions, 1):
            for name in [name for name in searches if (q.id, name) not in found]:
                ranked = shelf.ranked(searches[name](q.text), _DEEP)
                append({"id": q.id, "system": name, "paragraphs": ranked})
                found[q.id, name] = ranked
            bench.tell(done, len(questions), "retrieval")
    return {name: _ranking_scores(shelf, questions, [found[q.id, name] for q in questions]) for name in searches}


def _ranking_scores(shelf: Shelf, questions: Sequence[Question], rankings: Sequence[list[int]]) -> dict[str, Any]:
    rows = [
        trec_scores([str(n) for n in ranked], [str(shelf.leading[q.paragraph])])
        for q, ranked in zip(questions, rankings, strict=True)
    ]
    return plain({name: ratio([(row[measure], 1.0) for row in rows]) for measure, name in _MEASURES.items()})


# Answers ---------------------------------------------------------------------------------------------------


def _ask(bench: _Bench, shelf: Shelf, questions: Sequence[Question], part: str) -> dict[str, list[Outcome]]:
    """What each system makes of each question, by system, in order; made before or now."""
    systems: list[System] = open_systems(bench.plan.systems, Assistant(shelf.library, model=bench.model))
    made = {(o.id, o.system): o for o in bench.journal.outcomes(part)}
    with bench.journal.writing(part) as append:
        for done, q in enumerate(questions, 1):
            for system in systems:
                if (q.id, system.name) not in made:
                    outcome = system.run(q.id, q.text)
                    append(outcome.to_dict())
                    made[q.id, system.name] = outcome
            bench.tell(done, len(questions), part)
    return {system.name: [made[q.id, system.name] for q in questions] for system in systems}


def _answers(bench: _Bench, shelf: Shelf) -> dict[str, Any]:
    if not bench.plan.answers:
        return {}
    questions = bench.asked()
    expected = [_expected(q, shelf) for q in questions]
    scores = {}
    for name, outcomes in _ask(bench, shelf, questions, "answers").items():
        marks = [mark(o, e) for o, e in zip(outcomes, expected, strict=True)]
        scores[name] = plain(answer_scores(marks, outcomes))
    return scores


def _expected(q: Question, shelf: Shelf) -> Expected:
    home = shelf.leading[q.paragraph]
    return Expected(q.accepted, q.references, lambda uri: shelf.leading[number(uri)] == home)


def _unanswerable(bench: _Bench, shelf: Shelf) -> dict[str, Any]:
    questions = bench.homeless()
    if not questions:
        return {}
    with without(shelf, {q.paragraph for q in questions}) as reduced:
        asked = _ask(bench, reduced, questions, "unanswerable")
    return {name: plain(refusal_scores(outcomes)) for name, outcomes in asked.items()}
