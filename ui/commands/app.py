"""Commands that open the app and the guided first run."""

from __future__ import annotations

import click

from ui.console import common, opened_library, settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=7860, show_default=True, type=click.IntRange(0, 65535))
@click.option("--auth", metavar="USER:PASSWORD", help="Ask for a name and a password.")
@click.option("--no-llm", is_flag=True, help="Quote the best sentences instead of writing answers.")
@common
def chat(host: str, port: int, auth: str | None, no_llm: bool) -> None:
    """Open the app in a browser: ask, fill the shelf, briefings, targets, evaluation.

    Other programs find its API and MCP tools at the same address.

    \b
    Example:
      kejian chat --port 8000
      kejian chat --host 0.0.0.0 --auth wang:secret
    """
    from rag import Assistant
    from ui.app import launch

    pair = tuple(auth.split(":", 1)) if auth else None
    if pair is not None and (len(pair) != 2 or not all(pair)):
        raise click.UsageError("--auth wants USER:PASSWORD")
    with opened_library(must_exist=False) as library:
        assistant = Assistant(library, model=None) if no_llm else Assistant(library)
        launch(library, assistant, host=host, port=port, auth=pair)


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
