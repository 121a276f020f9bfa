"""Commands that ask the shelf, and translate."""

from __future__ import annotations

import sys
from typing import Any

import click

from ui.console import Bar, answer_text, as_json, common, filters, opened_library, print_json, say, settings
from ui.explaining import explained, explanation_text

with_explanation = click.option("--explain", is_flag=True, help="Say why each passage ranks where it does.")


@click.command()
@click.argument("query")
@click.option("-k", default=5, show_default=True, type=click.IntRange(1, 100), help="How many passages.")
@filters
@with_explanation
@as_json
@common
def search(query: str, k: int, city: str, since: str, until: str, explain: bool, json_out: bool) -> None:
    """Find passages, best first.

    With --explain: how the query was read, and for each passage its rank and score in each search,
    what that adds, and the words it has. With --json, too, each passage has a key "explain".

    \b
    Example:
      kejian search 科技特派员 -k 3 --city 云川
      kejian search "江门的高企目标" --explain
    """
    from rag.retrieve import Filters, explain_query, rank, understand

    if not query.strip():
        raise click.UsageError("The query is empty.")
    with opened_library() as library:
        read, within = understand(query, library), Filters(city, since, until)
        found = rank(library, read, k, within)
    why = explain_query(read, within, found)
    if json_out:
        print_json(explained(why, found) if explain else [r.passage.to_dict() for r in found])
    else:
        for n, p in enumerate((r.passage for r in found), 1):
            where = ", ".join(part for part in (p.title or p.uri, p.city, p.published) if part)
            click.echo(f"{n}. {where}\n   {' '.join(p.text.split())}\n")
        if explain:
            say(explanation_text(why, found))
    if not found:
        say("No passage fits. See what there is with: kejian articles list")
        sys.exit(1)


@click.command()
@click.argument("question")
@click.option("--lang", type=click.Choice(["auto", "zh", "en", "both"]), default="auto", show_default=True)
@click.option("--no-llm", is_flag=True, help="Quote the best sentences instead of writing an answer.")
@filters
@with_explanation
@as_json
@common
def ask(
    question: str, lang: Any, no_llm: bool, city: str, since: str, until: str, explain: bool, json_out: bool
) -> None:
    """Answer a question from the shelf, with citations.

    With --explain: how the question was read, and why the passages that evidence was drawn from
    rank as they do. With --json, too, the answer has a key "passages", each with a key "explain".

    \b
    Example:
      kejian ask "How many high-tech enterprises does Suizhou aim for?"
      kejian ask "江门和随州的高企目标各是多少？" --explain
    """
    from rag import Assistant, Filters

    draft = (
        None if json_out or not sys.stderr.isatty() else lambda piece: click.secho(piece, err=True, nl=False, dim=True)
    )
    with opened_library() as library:
        assistant = Assistant(library, model=None) if no_llm else Assistant(library)
        within = Filters(city, since, until)
        answer = assistant.ask(question, language=lang, filters=within, on_token=draft)
        shown = library.settings.retrieval.passages
        why, found = assistant.explain(question, shown, within) if explain else ({}, [])
    if draft:
        say("")
    if json_out:
        print_json(answer.to_dict() | ({"passages": explained(why, found)} if explain else {}))
    else:
        click.echo(answer_text(answer))
        if explain:
            say(explanation_text(why, found))
    sys.exit(1 if answer.status == "not_found" else 0)


@click.command()
@click.argument("file", default="-")
@as_json
@common
def translate(file: str, json_out: bool) -> None:
    """Translate Chinese into English, sentence by sentence, figures checked. FILE or - for standard input.

    \b
    Example:
      echo "力争全年技术合同登记额达80亿元。" | kejian translate
    """
    from ingest import clean_page
    from rag import Assistant

    text = sys.stdin.read() if file == "-" else clean_page(file).body
    with Bar("sentence") as bar:
        done = Assistant(None, settings()).translate(text, bar)
    if json_out:
        print_json([t.to_dict() for t in done])
        return
    for t in done:
        click.echo(f"{t.zh}\n{t.en}{'  ⚠ ' + '; '.join(t.flags) if t.flags else ''}\n")
