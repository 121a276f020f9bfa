"""``eval facts`` and the commands over its stored runs: which shelf is asked, and the scores as terminal text."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from eval.cleaning import measure_cleaning
from eval.compare import Comparison, compare
from eval.facts import SAMPLE_FACTS, load_facts
from eval.gate import FLOORS, Row, load_floors, save_floors
from eval.metrics import METRICS, QUANTILES, Score
from eval.run import Evaluation, ask_missing, describe, evaluate
from eval.runs import Run, RunStore
from eval.samples import samples_folder, samples_library
from eval.selection import Choice, select
from eval.support import SupportJudge
from eval.systems import open_systems
from library.encoder import Encoder
from library.errors import FingerprintMismatch, ModelMissing, UsageError
from library.library import Library
from library.settings import Settings
from rag import Assistant
from ui.console import Bar, opened_library, print_json, say, settings


@dataclass(frozen=True, slots=True)
class Shown:
    """What is to be made of a run: JSON instead of text, a comparison, a report, the gate."""

    json: bool = False
    before: str = ""
    report: Path | None = None
    gate: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be asked, of what, and where it is kept; ``file`` None means the project's own facts."""

    file: Path | None
    pages: tuple[Path, ...]
    systems: tuple[str, ...]
    choice: Choice
    runs: Path | None = None
    resume: str = ""
    fresh: bool = False


def run_facts_command(asked: Asked, shown: Shown) -> None:
    """Asks, or goes on asking, and shows what came of it; an interrupted run is kept.

    Raises:
        UsageError: a choice fits nothing, or a run that is to be resumed was made with something else.
    """
    if asked.file and asked.pages:
        raise UsageError("--pages goes with the project's own facts; your own are asked of your library.")
    if asked.file and shown.gate:
        raise UsageError("The floors are for the project's own facts. Leave out --gate, or --facts.")
    store = _store(asked.runs)
    with _shelf(asked) as library:
        assistant = Assistant(library)
        run, notes = begin_run(asked, assistant, store)
        for note in notes:
            say(note)
        with Bar("question") as bar:
            ask_missing(run, open_systems(asked.systems, assistant), bar)
        if not asked.file and not run.cleaning():
            with Bar("page") as bar:
                run.keep_cleaning(measure_cleaning(bar))
        show(store, run, judged(run), shown)


def begin_run(asked: Asked, assistant: Assistant, store: RunStore) -> tuple[Run, list[str]]:
    """The run that asks those questions, a new one or one that was stopped, and what to tell the user of it.

    Raises:
        UsageError: a choice fits nothing, or a run that is to be resumed was made with something else.
    """
    assert assistant.library is not None
    path = asked.file or SAMPLE_FACTS
    facts, notes = load_facts(path), []
    selection = select(facts, [row.uri for row in assistant.library.articles()], asked.choice)
    if asked.file:
        selection = replace(selection, suite="")  # floors are for the project's own facts
    if selection.skipped:
        notes.append(
            f"{len(selection.skipped)} of {len(facts)} facts are left out: no article of theirs is on the shelf. "
            + ("Ingest the pages that have them." if asked.file else "Name the folder that has them with --pages.")
        )
    info = describe(assistant, selection, asked.systems, path)
    run = _resumed(store.find(asked.resume), info.unlike) if asked.resume else None
    run = run or (None if asked.fresh else store.unfinished(info))
    if run is None:
        return store.start(info, path), notes
    return run, [*notes, f"going on with run {run.info.id}: {len(run.missing())} questions are left"]


def show_command(name: str, runs: Path | None, shown: Shown) -> None:
    """Shows a stored run again; nothing is asked."""
    store = _store(runs)
    run = store.find(name)
    if left := len(run.missing()):
        say(f"run {run.info.id} is unfinished: {left} questions are left, and count as failed")
    show(store, run, judged(run), shown)


def list_command(runs: Path | None, json_out: bool) -> None:
    """Lists the stored runs, newest first."""
    found = _store(runs).runs()
    rows: list[dict[str, Any]] = [
        {
            "id": run.info.id, "started": run.info.started, "facts": run.info.facts_file, "suite": run.info.suite,
            "systems": list(run.info.systems), "model": run.info.model, "questions": len(run.info.asked),
            "missing": len(run.missing()), "folder": str(run.folder),
        }
        for run in found
    ]  # fmt: skip
    if json_out:
        print_json(rows)
        return
    if not rows:
        say("There is no run yet. Make one with: kejian eval facts")
    for row in rows:
        state = f"{row['missing']} left" if row["missing"] else "finished"
        click.echo(f"{row['id']}  {row['facts']}  {row['questions']} questions  {'+'.join(row['systems'])}  {state}")


def gate_command(
    name: str, runs: Path | None, json_out: bool, *, update: bool, lower: str, reason: str, floors: Path | None
) -> None:
    """Holds a stored run against the floors, or moves the floors."""
    if update and lower:
        raise UsageError("Floors are raised or one is lowered, not both at once: leave out --update or --lower.")
    path, run = floors or FLOORS, _store(runs).find(name)
    known, evaluation = load_floors(path), judged(run)
    today, measured = date.today().isoformat(), evaluation.measured()
    if (update or lower) and not run.finished:
        raise UsageError(f"Run {run.info.id} is unfinished, and sets no floors. Finish it first.")
    if lower:
        save_floors(known.lowered(lower, measured, run.info.id, today, reason), path)
    elif update:
        save_floors(known.raised(run.info.suite, measured, run.info.id, today), path)
    _gate(load_floors(path).rows(run.info.suite, measured), json_out)


def show(store: RunStore, run: Run, evaluation: Evaluation, shown: Shown) -> None:
    """Prints a run, and writes and checks what is wanted besides; exits with 1 where it falls below a floor."""
    compared = compare(judged(store.find(shown.before)), evaluation) if shown.before else None
    if shown.report:
        from eval.report import write_report

        write_report(shown.report, evaluation, compared)
        say(f"the report is at {shown.report}")
    if shown.json:
        print_json({**evaluation.to_dict(), **({"compared": compared.to_dict()} if compared else {})})
    else:
        click.echo(evaluation_text(evaluation))
        if compared:
            click.echo(comparison_text(compared))
    if shown.gate:
        _gate(load_floors().rows(run.info.suite, evaluation.measured()), quiet=shown.json)


def evaluation_text(evaluation: Evaluation) -> str:
    """A table of systems and metrics with intervals, then the questions of the main system that went wrong.

    Of those of the held half only the number: who builds Kejian reads this, and they are for the report alone.
    """
    names, rows = list(evaluation.judged), evaluation.judged[evaluation.main]
    lines = [f"{'':24}" + "".join(f"{name:>26}" for name in names)]
    for metric in (*METRICS, *QUANTILES):
        scores = [evaluation.scores[name].overall[metric] for name in names]
        if any(s.value is not None for s in scores):
            lines.append(f"{metric.replace('_', ' '):24}" + "".join(f"{_interval(s):>26}" for s in scores))
    lines += [f"{name.replace('_', ' '):24}{_number(value):>26}" for name, value in evaluation.cleaning.items()]
    lines.append(f"run {evaluation.info.id}, model {evaluation.info.model}, {len(rows)} questions")
    for row in rows:
        if row.verdict.reason and row.fact.half == "open":
            answer = (row.outcome.answer if row.outcome else None) or {}
            lines += [f"\n✗ {row.fact.id}: {row.fact.question}", f"  wanted: {row.fact.expected}"]
            lines += [f"  said:   {answer.get('answer', '-')}", f"  reason: {row.verdict.reason}"]
    if held := sum(bool(row.verdict.reason) for row in rows if row.fact.half == "held"):
        lines.append(f"\n✗ {held} of the held half; --report FILE.html has them")
    return "\n".join(lines)


def comparison_text(compared: Comparison) -> str:
    """What got better or worse since another run, and the questions that changed."""
    lines = [f"\nsince {compared.before}, over {compared.questions} questions:"]
    for d in compared.differences:
        if d.before != d.after:
            spread = "" if d.low is None or d.high is None else f" ({d.low:+.3f} to {d.high:+.3f})"
            lines.append(
                f"  {d.metric.replace('_', ' '):24} {_number(d.before)} → {_number(d.after)}{spread} {d.verdict}"
            )
    for change in compared.changes:
        now = "right now" if change.after else f"wrong now: {change.reason}"
        question = f"{change.id}: {change.question} ({now})" if change.half == "open" else "one of the held half"
        lines.append(f"  {'+' if change.after else '-'} {question}")
    return "\n".join(lines)


def _gate(rows: Sequence[Row], quiet: bool = False) -> None:
    """Prints the floors beside what was reached; exits with 1 where something fell."""
    if quiet:
        print_json([row.to_dict() for row in rows])
    for row in rows:
        mark = click.style("✗ below", fg="red") if row.fell else "✓"
        say(f"{row.floor.name:40} floor {row.floor.value:.3f}  reached {_number(row.reached)}  {mark}")
    if fell := sum(row.fell for row in rows):
        say(f"The gate is shut: {fell} of {len(rows)} floors are not reached.")
        sys.exit(1)


def judged(run: Run) -> Evaluation:
    """A run with its scores; those of citations are left open where the encoder that judges them is missing."""
    try:
        return evaluate(run, SupportJudge())
    except ModelMissing:
        say("citation recall and precision are left open, for the embedded encoder is missing: kejian models prepare")
        return evaluate(run)


def _store(folder: Path | None) -> RunStore:
    return RunStore(folder or settings().runs)


def _resumed(run: Run, unlike: Any) -> Run:
    if differing := unlike(run.info):
        raise UsageError(
            f"Run {run.info.id} was made with another {differing[0]}: its answers can't be mixed with these. "
            "Leave --resume out to run anew."
        )
    return run


@contextmanager
def _shelf(asked: Asked) -> Iterator[Library]:
    """The user's library for the user's questions; for the project's own, one in the cache that holds its pages."""
    if asked.file:
        with opened_library() as library:
            yield library
        return
    say("bringing the shelf of sample pages up to date")
    with open_samples(settings(), asked.pages) as library:
        yield library


def open_samples(chosen: Settings, pages: Sequence[Path], encoder: Encoder | None = None) -> Library:
    """The shelf in the cache, one for each choice of pages; made anew where another version or settings made it."""
    from eval.provenance import digest

    roots = (samples_folder(), *(page.resolve() for page in pages))  # another checkout's samples are other pages
    folder = chosen.cache / f"samples-library-{digest(map(str, roots))[:8]}"
    try:
        return samples_library(folder, chosen, encoder, pages)
    except FingerprintMismatch:
        shutil.rmtree(folder)
        return samples_library(folder, chosen, encoder, pages)


def _interval(score: Score) -> str:
    if score.value is None or score.low is None or score.high is None:
        return _number(score.value)
    return f"{_number(score.value)} ({_number(score.low)}–{_number(score.high)})"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}" if abs(value) < 10 else f"{value:.0f}"
