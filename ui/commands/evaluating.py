"""The ``eval`` commands: facts, their stored runs, the gate, and benchmarks on public sets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ui.console import as_json, common

F = TypeVar("F", bound=Callable[..., Any])
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


def _runs(command: F) -> F:
    return click.option("--runs", type=_FOLDER, metavar="DIR", help="Folder of the runs. Default: KEJIAN_RUNS.")(
        command
    )


def _showing(command: F) -> F:
    """What can be made of a run besides its scores."""
    command = click.option("--compare", "before", metavar="RUN", default="", help="Show what changed since that run.")(
        command
    )
    return click.option(
        "--report", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.html", help="Write a report."
    )(command)


@click.group("eval")
@common
def evaluate() -> None:
    """Measure how good the answers and the cleaning are.

    \b
    Example:
      kejian eval facts --report report.html
    """


@evaluate.command("facts")
@click.option("--facts", "file", type=_FILE, help="Your own questions, asked of your library.")
@click.option(
    "--pages", multiple=True, type=click.Path(exists=True, path_type=Path), metavar="DIR",
    help="Further pages beside the samples; may be given several times.",
)  # fmt: skip
@click.option(
    "--system", "systems", multiple=True, metavar="NAME", default=("kejian",),
    help="kejian (default), bm25, dense, llama_index_query or llama_index_citation; may be given several times.",
)  # fmt: skip
@click.option("--half", type=click.Choice(["open", "held", "all"]), default="all", show_default=True)
@click.option("--suite", type=click.Choice(["all", "ci"]), default="all", show_default=True, help="ci: twenty of them.")
@click.option("--only", multiple=True, metavar="ID", help="Only that question; may be given several times.")
@click.option("--limit", default=0, type=click.IntRange(min=0), help="Only the first so many.")
@_runs
@click.option("--resume", metavar="RUN", default="", help="Go on with that run.")
@click.option("--fresh", is_flag=True, help="Start anew even where an unfinished run of the same is there.")
@_showing
@click.option("--gate", is_flag=True, help="Exit with 1 where the run falls below a floor of eval/floors.toml.")
@as_json
@common
def eval_facts(
    file: Path | None, pages: tuple[Path, ...], systems: tuple[str, ...], half: Any, suite: Any, only: tuple[str, ...],
    limit: int, runs: Path | None, resume: str, fresh: bool, before: str, report: Path | None, gate: bool,
    json_out: bool,
) -> None:  # fmt: skip
    """Answer the questions of a fact set and score the answers.

    Without --facts, the set that comes with Kejian, over its sample pages and what --pages adds; with it, your
    questions over your library. Every run is stored; one that was stopped is gone on with.

    \b
    Example:
      kejian eval facts --json > scores.json
      kejian eval facts --facts mine.yaml --report mine.html
      kejian eval facts --system kejian --system llama_index_citation --limit 20
    """
    from eval.selection import Choice
    from ui.facts import Asked, Shown, run_facts_command

    choice = Choice(half, only, limit, suite)
    run_facts_command(
        Asked(file, pages, tuple(dict.fromkeys(systems)), choice, runs, resume, fresh),
        Shown(json_out, before, report, gate),
    )


@evaluate.command("show")
@click.argument("run", default="latest")
@_runs
@_showing
@as_json
@common
def eval_show(run: str, runs: Path | None, before: str, report: Path | None, json_out: bool) -> None:
    """Show a stored run of facts again: RUN is an id, its beginning, a folder, or "latest". Nothing is asked.

    \b
    Example:
      kejian eval show latest --compare 20261122 --report report.html
    """
    from ui.facts import Shown, show_command

    show_command(run, runs, Shown(json_out, before, report))


@evaluate.command("runs")
@_runs
@as_json
@common
def eval_runs(runs: Path | None, json_out: bool) -> None:
    """List the stored runs of facts, newest first.

    \b
    Example:
      kejian eval runs
    """
    from ui.facts import list_command

    list_command(runs, json_out)


@evaluate.command("gate")
@click.argument("run", default="latest")
@_runs
@click.option("--update", is_flag=True, help="Raise the floors to what the run reached, less the margin.")
@click.option("--lower", metavar="FLOOR", default="", help="Lower that one to what the run reached, less the margin.")
@click.option("--reason", metavar="TEXT", default="", help="Why it is lowered; it is kept in the file.")
@click.option("--floors", type=_FILE, help="Another file of floors.")
@as_json
@common
def eval_gate(
    run: str, runs: Path | None, update: bool, lower: str, reason: str, floors: Path | None, json_out: bool
) -> None:
    """Hold a stored run against the floors; exit with 1 where it falls below one.

    \b
    Example:
      kejian eval gate latest
      kejian eval gate latest --update
      kejian eval gate latest --lower all/held/accuracy --reason "the set has harder questions now"
    """
    from ui.facts import gate_command

    gate_command(run, runs, json_out, update=update, lower=lower, reason=reason, floors=floors)


@evaluate.command("bench")
@click.argument("name", metavar="NAME")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--damage", "damages", multiple=True, help="Only that damage; may be given several times.")
@click.option(
    "--sample", default=0, type=click.IntRange(min=0), help="Only so many articles or questions. Default: all."
)
@click.option("--seed", default=0, show_default=True, help="Of whatever is drawn.")
@click.option(
    "--peers",
    is_flag=True,
    help="Measure others beside Kejian: other cleaners, LlamaIndex's citation engine, the model plainly told.",
)
@click.option(
    "--questions",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The same questions, in the same order, in another language.",
)
@click.option("--answers", default=0, type=click.IntRange(min=0), help="Ask so many questions of the whole shelf.")
@click.option(
    "--unanswerable", default=0, type=click.IntRange(min=0), help="Ask so many whose paragraph is off the shelf."
)
@click.option("--translate", is_flag=True, help="Let the model translate English questions for retrieval, too.")
@click.option("--examples", default=0, type=click.IntRange(min=0), help="Show so many differences of each damage.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(min=1), help="Processes at work.")
@as_json
@common
def eval_bench(name: str, path: Path, json_out: bool, **options: Any) -> None:
    """Measure on a corpus of yours: NAME is "clean", "squad", "passages" or "translate".

    clean: articles are damaged as scraped pages are, cleaned, and compared with what they were. PATH is a .jsonl
    file (id, text), also gzipped, or a folder of .txt files. (--damage, --sample, --seed, --peers, --examples,
    --workers)

    squad: every paragraph of a SQuAD-style JSON file (XQuAD, CMRC 2018, DRCD) is an article; how well it is found, by
    Kejian and by each of its indexes alone; with --answers and --unanswerable, how well questions are answered and
    refused. (--questions, --sample, --seed, --answers, --unanswerable, --translate, --peers)

    passages: answers over given passages. PATH is a .jsonl file (query, answers, relevant, irrelevant), the last three
    lists of texts. (--sample, --seed)

    translate: every sentence with a figure is put into English and checked. PATH is a .jsonl file (id, text), also
    gzipped, or a folder of pages, which are cleaned first. (--sample, --seed, --peers)

    A stopped run of squad, passages or translate goes on where it was.

    \b
    Example:
      kejian eval bench clean articles.jsonl --sample 200 --peers
      kejian eval bench squad xquad.zh.json --questions xquad.en.json
      kejian eval bench squad cmrc2018_dev.json --sample 1000 --answers 200 --unanswerable 100 --peers
      kejian eval bench passages cases.jsonl
      kejian eval bench translate pages/ --peers
    """
    from ui.evaluate import run_bench_command

    run_bench_command(name, path, json_out, **options)
