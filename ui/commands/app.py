"""Commands that open the chat and run the evaluation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ui.console import as_json, common, opened_library, settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=7860, show_default=True, type=click.IntRange(0, 65535))
@click.option("--auth", metavar="USER:PASSWORD", help="Ask for a name and a password.")
@click.option("--no-llm", is_flag=True, help="Quote the best sentences instead of writing answers.")
@common
def chat(host: str, port: int, auth: str | None, no_llm: bool) -> None:
    """Open the chat in a browser.

    \b
    Example:
      kejian chat --port 8000
    """
    from rag import Assistant
    from ui.app import launch

    pair = tuple(auth.split(":", 1)) if auth else None
    if pair is not None and (len(pair) != 2 or not all(pair)):
        raise click.UsageError("--auth wants USER:PASSWORD")
    with opened_library() as library:
        assistant = Assistant(library, model=None) if no_llm else Assistant(library)
        launch(library, assistant, host=host, port=port, auth=pair)


@click.group("eval")
@common
def evaluate() -> None:
    """Measure how good the answers and the cleaning are."""


@evaluate.command("facts")
@click.option(
    "--facts", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Your own questions."
)
@as_json
@common
def eval_facts(file: Path | None, json_out: bool) -> None:
    """Answer the questions of a fact set and score the answers.

    Without --facts, the set that comes with Kejian, over its sample pages; with it, your questions over your
    library.

    \b
    Example:
      kejian eval facts --json > scores.json
    """
    from ui.evaluate import run_facts_command

    run_facts_command(file, json_out)


@evaluate.command("bench")
@click.argument("name", metavar="NAME")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--damage", "damages", multiple=True, help="Only that damage; may be given several times.")
@click.option(
    "--sample", default=0, type=click.IntRange(min=0), help="Only so many articles or questions. Default: all."
)
@click.option("--seed", default=0, show_default=True, help="Of whatever is drawn.")
@click.option("--peers", is_flag=True, help="Measure others beside Kejian: other cleaners, LlamaIndex's engines.")
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
    """Measure on a corpus of yours: NAME is "clean", "squad" or "passages".

    clean: articles are damaged as scraped pages are, cleaned, and compared with what they were. PATH is a .jsonl
    file (id, text), also gzipped, or a folder of .txt files. (--damage, --sample, --seed, --peers, --examples,
    --workers)

    squad: every paragraph of a SQuAD-style JSON file (XQuAD, CMRC 2018, DRCD) is an article; how well it is found, by
    Kejian and by each of its indexes alone; with --answers and --unanswerable, how well questions are answered and
    refused. (--questions, --sample, --seed, --answers, --unanswerable, --translate, --peers)

    passages: answers over given passages. PATH is a .jsonl file (query, answers, relevant, irrelevant), the last three
    lists of texts. (--sample, --seed)

    A stopped run of squad or passages goes on where it was.

    \b
    Example:
      kejian eval bench clean articles.jsonl --sample 200 --peers
      kejian eval bench squad xquad.zh.json --questions xquad.en.json
      kejian eval bench squad cmrc2018_dev.json --sample 1000 --answers 200 --unanswerable 100 --peers
      kejian eval bench passages cases.jsonl
    """
    from ui.evaluate import run_bench_command

    run_bench_command(name, path, json_out, **options)


@click.command()
@common
def demo() -> None:
    """The guided first run: sample pages, two questions, a briefing.

    \b
    Example:
      kejian demo --library demo
    """
    from ui.demo import run

    run(settings())
