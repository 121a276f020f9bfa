"""The benchmarks ``squad``, ``passages`` and ``translate``: run as the command line chose, and shown as tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ui.console import Bar, print_json, settings

if TYPE_CHECKING:
    from eval.bench.passages import PassagesRun
    from eval.bench.squad import SquadRun
    from eval.bench.translate import TranslateRun

Table = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""By system, then by score: value, interval and n."""


def bench_squad(
    path: Path, json_out: bool, *, questions: Path | None, sample: int, seed: int, answers: int, unanswerable: int,
    translate: bool, peers: bool,
) -> None:  # fmt: skip
    """Runs ``eval bench squad`` and prints its scores."""
    from eval.bench.squad import SquadPlan, run_squad

    plan = SquadPlan(sample, seed, answers, unanswerable, translate, peers)
    with Bar("question") as bar:
        run = run_squad(path, plan, questions, settings(), progress=bar)
    if json_out:
        print_json(run.to_dict())
    else:
        click.echo(squad_text(run))


def bench_passages(path: Path, json_out: bool, *, sample: int, seed: int) -> None:
    """Runs ``eval bench passages`` and prints its scores."""
    from eval.bench.passages import run_passages

    with Bar("question") as bar:
        run = run_passages(path, sample, seed, settings(), progress=bar)
    if json_out:
        print_json(run.to_dict())
    else:
        click.echo(passages_text(run))


def bench_translate(path: Path, json_out: bool, *, sample: int, seed: int, peers: bool) -> None:
    """Runs ``eval bench translate`` and prints its scores."""
    from eval.bench.translate import run_translate

    with Bar("sentence") as bar:
        run = run_translate(path, sample, seed, settings(), peers=peers, progress=bar)
    if json_out:
        print_json(run.to_dict())
    else:
        click.echo(translate_text(run))


def squad_text(run: SquadRun) -> str:
    """Sizes, then a table for each part that was measured."""
    head = f"{run.corpus}: {run.paragraphs:,} paragraphs, {run.total:,} questions of {run.questions}"
    lines = [f"{head}, seed {run.plan.seed}, {run.seconds} s", f"encoder {run.encoder}, model {run.model}"]
    lines += _table("retrieval of the paragraph", run.retrieval)
    lines += _table("answers", run.answers) + _table("paragraph off the shelf", run.unanswerable)
    return "\n".join([*lines, f"\nKept in {run.folder}"])


def passages_text(run: PassagesRun) -> str:
    """Sizes, then a table for each part."""
    lines = [f"{run.corpus}: {run.cases:,} of {run.total:,} cases, seed {run.seed}, {run.seconds} s"]
    lines += [f"encoder {run.encoder}, model {run.model}"]
    lines += _table("all passages", {"kejian": run.mixed})
    lines += _table("those beside the point alone", {"kejian": run.irrelevant})
    return "\n".join([*lines, f"\nKept in {run.folder}"])


def translate_text(run: TranslateRun) -> str:
    """Sizes, then a table of the systems."""
    lines = [f"{run.corpus}: {run.sentences:,} of {run.total:,} sentences with figures, {run.articles:,} articles"]
    lines += [f"seed {run.seed}, {run.seconds} s, model {run.model}", *_table("translations", run.scores)]
    return "\n".join([*lines, f"\nKept in {run.folder}"])


def _table(title: str, scores: Table) -> list[str]:
    if not scores:
        return []
    names = dict.fromkeys(name for column in scores.values() for name in column)
    lines = ["", click.style(title, bold=True), f"  {'':22}" + "".join(f"{system:>26}" for system in scores)]
    for name in names:
        cells = "".join(f"{_cell(column.get(name)):>26}" for column in scores.values())
        lines.append(f"  {name.replace('_', ' '):22}{cells}")
    return lines


def _cell(score: Mapping[str, Any] | None) -> str:
    """The value, its 95% interval, and what it is over."""
    if not score or score["value"] is None:
        return "-"
    interval = f" {score['low']:.3g}–{score['high']:.3g}" if score["low"] is not None else ""
    return f"{score['value']:.3f}{interval} ({score['n']})"
