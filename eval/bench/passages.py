"""Questions over given passages: some bear the answer among others that do not; and the others alone, to be refused.

The form is that of the noise tests of Chen et al., "Benchmarking Large Language Models in Retrieval-Augmented
Generation" (AAAI 2024), with their negative rejection as the second part.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from eval.bench.answered import Expected, answer_scores, mark, plain, refusal_scores
from eval.bench.journal import Journal
from eval.judging import misquoted
from eval.outcome import Outcome
from eval.provenance import file_sha256, settings_of, source_sha256, versions
from eval.systems import observe
from library.encoder import Encoder
from library.errors import UsageError
from library.library import Library
from library.settings import Settings
from rag import Assistant
from rag.llm import ChatModel, open_model

Progress = Callable[[float, float, str], None]


@dataclass(frozen=True, slots=True)
class Case:
    """A question, what answers it, passages that bear the answer, and passages beside the point."""

    id: str
    query: str
    answers: tuple[str, ...]
    relevant: tuple[str, ...]
    irrelevant: tuple[str, ...]

    def mixed(self, seed: int) -> list[str]:
        """All passages, in an order that the seed decides."""
        passages = [*self.relevant, *self.irrelevant]
        return Random(f"{seed}/{self.id}").sample(passages, len(passages))


@dataclass(frozen=True, slots=True)
class PassagesRun:
    """A finished benchmark: scores by name of the passages mixed, and of those beside the point alone."""

    corpus: str
    cases: int
    total: int
    seed: int
    encoder: str
    model: str
    folder: str
    seconds: float
    mixed: dict[str, Any]
    irrelevant: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        return {"bench": "passages", **asdict(self)}


def load_cases(path: Path) -> list[Case]:
    """The cases of a JSON lines file, also gzipped; without an ``id`` a case has its line's number.

    Raises:
        UsageError: nothing can be read there, a line is not of the form, or two have one id.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            cases = [_case(path, n, line) for n, line in enumerate(lines, 1) if line.strip()]
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise UsageError(f"{path} cannot be read as JSON lines in UTF-8 ({error}). Check the file.") from None
    if not cases or len({case.id for case in cases}) < len(cases):
        raise UsageError(f"{path} has {'two cases with one id' if cases else 'no case'}. Correct it.")
    return cases


def run_passages(
    path: Path,
    sample: int = 0,
    seed: int = 0,
    settings: Settings | None = None,
    *,
    encoder: Encoder | None = None,
    model: ChatModel | None = None,
    progress: Progress | None = None,
) -> PassagesRun:
    """Runs the benchmark over a file, see ``load_cases``; what an earlier run of the same made is not made again.

    Args:
        path: the cases.
        sample: ask only so many, drawn by the seed; 0 is all.
        seed: of the sample, and of the order of passages.
        settings: default to those of file and environment.
        encoder: one of your own; defaults to what the settings name.
        model: one of your own; defaults to what the settings name.
        progress: called with questions done, questions in all, and what is done.

    Raises:
        UsageError: the file is not of the form.
    """
    began, settings, every = perf_counter(), settings or Settings(), load_cases(path)
    cases = Random(seed).sample(every, len(every))[: sample or None]
    model = model or open_model(settings)
    # An empty library only lends its encoder: answers come from the passages alone.
    with TemporaryDirectory(prefix="kejian-bench-") as folder, Library.open(folder, settings, encoder) as library:
        journal = Journal(settings.runs, _info(path, sample, seed, library, model))
        outcomes = _ask(Assistant(library, model=model), cases, seed, journal, progress)
        name = library.encoder.name
    answerable = [case for case in cases if case.relevant]
    mixed = [outcomes[_id(case, "mixed")] for case in answerable]
    marks = [mark(o, _expected(case, seed)) for o, case in zip(mixed, answerable, strict=True)]
    alone = [outcomes[_id(case, "irrelevant")] for case in cases if case.irrelevant]
    run = PassagesRun(
        path.name, len(cases), len(every), seed, name, model.name if model else "none", str(journal.folder),
        round(perf_counter() - began, 1), plain(answer_scores(marks, mixed)), plain(refusal_scores(alone)),
    )  # fmt: skip
    journal.finish(run.to_dict())
    return run


def _case(path: Path, n: int, line: str) -> Case:
    try:
        record = json.loads(line)
        texts = [_texts(record[name]) for name in ("answers", "relevant", "irrelevant")]
        case = Case(str(record.get("id", n)), record["query"].strip(), *texts)
        if not case.query or not (case.relevant or case.irrelevant) or not (case.answers or not case.relevant):
            raise ValueError("something is empty")
        return case
    except (ValueError, KeyError, AttributeError, TypeError):
        form = '{"query": "…", "answers": ["…"], "relevant": ["…"], "irrelevant": ["…"]}'
        raise UsageError(f"Line {n} of {path} is no case like {form}. Correct it.") from None


def _texts(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(text, str) for text in given):
        raise TypeError("a list of texts is wanted")
    return tuple(text for text in given if text.strip())


def _info(path: Path, sample: int, seed: int, library: Library, model: ChatModel | None) -> dict[str, Any]:
    return {
        "bench": "passages", "corpus": file_sha256(path), "sample": sample, "seed": seed,
        "model": model.name if model else "none", "settings": settings_of(library), "versions": versions(),
        "code": source_sha256(), "bench_code": file_sha256(Path(__file__)),
    }  # fmt: skip


def _id(case: Case, part: str) -> str:
    return f"{case.id}/{part}"


def _ask(
    assistant: Assistant, cases: Sequence[Case], seed: int, journal: Journal, progress: Progress | None
) -> dict[str, Outcome]:
    """Outcomes by id, made before or now."""
    asked = [
        (_id(case, part), case.query, passages)
        for case in cases
        for part, passages in (("mixed", case.mixed(seed) * bool(case.relevant)), ("irrelevant", [*case.irrelevant]))
        if passages
    ]
    made = {o.id: o for o in journal.outcomes("answers")}
    with journal.writing("answers") as append:
        for done, (id, query, passages) in enumerate(asked, 1):
            if id not in made:
                made[id] = _outcome(assistant, id, query, passages)
                append(made[id].to_dict())
            if progress:
                progress(done, len(asked), "answers")
    return made


def _outcome(assistant: Assistant, id: str, query: str, passages: Sequence[str]) -> Outcome:
    return observe(
        Outcome(id, query, "kejian"),
        assistant.model,
        lambda: assistant.answer(query, passages),
        lambda a: {"answer": a.to_dict(), "misquoted": tuple(misquoted(a, lambda n: passages[int(n)]))},
    )


def _expected(case: Case, seed: int) -> Expected:
    relevant = {f"passage:{n}" for n, text in enumerate(case.mixed(seed)) if text in case.relevant}
    return Expected(case.answers, case.answers, lambda uri: uri in relevant)
