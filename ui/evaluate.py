"""``eval bench``: which benchmark is run, and its scores as terminal text."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from library.errors import UsageError
from ui.bench import bench_passages, bench_squad, bench_translate
from ui.console import Bar, print_json

if TYPE_CHECKING:
    from eval.bench.clean import CleanRun, Example

COMMANDLINE = click.core.ParameterSource.COMMANDLINE


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


BENCHES: dict[str, Callable[..., None]] = {
    "clean": _bench_clean, "squad": bench_squad, "passages": bench_passages, "translate": bench_translate,
}  # fmt: skip
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
        if kejian := rows.get("kejian"):
            pure = kejian.pure.ratios()
            lines.append(f"  kejian, without the corpus's own furniture: {_pure(pure)}")
        for system, tally in rows.items():
            for e in tally.examples:
                lines += [f"  {system}, {e.article} ({e.variant})"]
                lines += [f"    {what:7}{text!r}" for what, text in _snippets(e)]
    return "\n".join(lines)


def _pure(ratios: dict[str, float | int | None]) -> str:
    shown = ("pages", "cer_after", "joined_right", "boilerplate_f1", "headers_removed_exactly", "runs_exact")
    return ", ".join(f"{k.replace('_', ' ')} {_score(k, ratios[k])}" for k in shown if ratios[k] is not None)


def _snippets(example: Example) -> list[tuple[str, str]]:
    return [("clean", example.clean), ("page", example.page), ("output", example.output)]


def _score(key: str, value: float | int | None) -> str:
    """Counts as they are, shares as percentages."""
    if value is None:
        return "-"
    return f"{value:.1f}" if key == "seconds" else f"{value:,}" if isinstance(value, int) else f"{value:.4%}"
