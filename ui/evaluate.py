"""The ``eval`` commands: which shelf or corpus is measured, and the scores as terminal text."""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eval import FactsRun, load_facts, run_facts, samples_library
from library.errors import FingerprintMismatch, UsageError
from library.library import Library
from library.settings import Settings
from rag import Assistant
from ui.bench import bench_passages, bench_squad
from ui.console import Bar, opened_library, print_json, say, settings

if TYPE_CHECKING:
    from eval.bench.clean import CleanRun, Example

COMMANDLINE = click.core.ParameterSource.COMMANDLINE


def run_facts_command(file: Path | None, json_out: bool) -> None:
    """Runs a fact set (the samples' own where ``file`` is None) and prints the scores."""
    facts = load_facts(file) if file else load_facts()
    with _shelf(file) as library, Bar("question") as bar:
        run = run_facts(Assistant(library), facts, bar)
    if json_out:
        print_json(run.to_dict())
    else:
        click.echo(facts_text(run))


def run_bench_command(name: str, path: Path, json_out: bool, **options: Any) -> None:
    """Runs a benchmark over a corpus and prints the scores.

    Raises:
        UsageError: there is no benchmark of that name, or it has no use for an option that was given.
    """
    if name not in BENCHES:
        raise UsageError(f"There is no benchmark {name!r}. Known are: {', '.join(BENCHES)}.")
    context, known = click.get_current_context(), inspect.signature(BENCHES[name]).parameters
    for param in context.command.params:
        if param.name in options.keys() - known and context.get_parameter_source(param.name) is COMMANDLINE:
            raise UsageError(f"The benchmark {name!r} has no use for {param.opts[0]}. Leave it out.")
    BENCHES[name](path, json_out, **{option: value for option, value in options.items() if option in known})


def _bench_clean(
    path: Path, json_out: bool, *, damages: tuple[str, ...], sample: int, seed: int, peers: bool, examples: int,
    workers: int,
) -> None:  # fmt: skip
    from eval.bench.clean import Plan, run_clean
    from eval.bench.systems import SYSTEMS
    from eval.noise import DAMAGES

    plan = Plan(damages or tuple(DAMAGES), tuple(SYSTEMS) if peers else ("kejian",), seed, examples)
    with Bar("page") as bar:
        run = run_clean(path, plan, sample, workers, bar)
    if json_out:
        print_json(run.to_dict())
    else:
        click.echo(clean_text(run))


BENCHES: dict[str, Callable[..., None]] = {"clean": _bench_clean, "squad": bench_squad, "passages": bench_passages}
"""By name; each takes the path, whether to print JSON, and those options that it names."""


def clean_text(run: CleanRun) -> str:
    """A table of the counts that each damage has, then the examples."""
    lines = [f"{run.corpus}: {run.articles} articles, seed {run.seed}, {run.seconds} s"]
    for name, rows in run.tallies.items():
        lines += ["", click.style(name, bold=True)]
        tables = {system: tally.counts.ratios() for system, tally in rows.items()}
        lines.append(f"  {'':26}" + "".join(f"{system:>14}" for system in tables))
        for key in next(iter(tables.values())):
            values = [table[key] for table in tables.values()]
            if any(value or isinstance(value, float) for value in values):
                lines.append(f"  {key.replace('_', ' '):26}" + "".join(f"{_score(key, value):>14}" for value in values))
        for system, tally in rows.items():
            for e in tally.examples:
                lines += [f"  {system}, {e.article} ({e.variant})"]
                lines += [f"    {what:7}{text!r}" for what, text in _snippets(e)]
    return "\n".join(lines)


def _snippets(example: Example) -> list[tuple[str, str]]:
    return [("clean", example.clean), ("page", example.page), ("output", example.output)]


def _score(key: str, value: float | int | None) -> str:
    """Counts as they are, shares as percentages."""
    if value is None:
        return "-"
    return f"{value:.1f}" if key == "seconds" else f"{value:,}" if isinstance(value, int) else f"{value:.4%}"


@contextmanager
def _shelf(file: Path | None) -> Iterator[Library]:
    """The user's library for the user's questions; for the samples' own, one in the cache that holds just them."""
    if file:
        with opened_library() as library:
            yield library
        return
    chosen = settings()
    say("bringing the shelf of sample pages up to date")
    with _samples(chosen) as library:
        yield library


def _samples(chosen: Settings) -> Library:
    """The shelf of sample pages in the cache; made anew where an earlier version, or other settings, made it."""
    folder = chosen.cache / "samples-library"
    try:
        return samples_library(folder, chosen)
    except FingerprintMismatch:
        shutil.rmtree(folder)
        return samples_library(folder, chosen)


def facts_text(run: FactsRun) -> str:
    """Scores first, then every question that went wrong with its reason."""
    lines = [f"{name.replace('_', ' '):24} {_number(value)}" for name, value in run.scores.to_dict().items()]
    lines.append(f"{'model':24} {run.model}, {run.seconds} s for {len(run.results)} questions")
    for r in run.results:
        if r.verdict.reason:
            said = r.answer.answer if r.answer else "-"
            lines += [f"\n✗ {r.fact.id}: {r.fact.question}", f"  wanted: {r.fact.expected}", f"  said:   {said}"]
            lines.append(f"  reason: {r.verdict.reason}")
    return "\n".join(lines)


def _number(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else "-" if value is None else str(value)
