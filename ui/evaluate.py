"""The ``eval`` commands: which shelf is asked, and the scores as terminal text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from eval import FactsRun, load_facts, run_facts, samples_library
from library.library import Library
from rag import Assistant
from ui.console import Bar, opened_library, print_json, say, settings


def run_facts_command(file: Path | None, json_out: bool) -> None:
    """Runs a fact set (the samples' own where ``file`` is None) and prints the scores."""
    facts = load_facts(file) if file else load_facts()
    with _shelf(file) as library, Bar("question") as bar:
        run = run_facts(Assistant(library), facts, bar)
    if json_out:
        print_json(run.to_dict())
    else:
        click.echo(facts_text(run))


@contextmanager
def _shelf(file: Path | None) -> Iterator[Library]:
    """The user's library for the user's questions; for the samples' own, one in the cache that holds just them."""
    if file:
        with opened_library() as library:
            yield library
        return
    chosen = settings()
    say("bringing the shelf of sample pages up to date")
    with samples_library(chosen.cache / "samples-library", chosen) as library:
        yield library


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
