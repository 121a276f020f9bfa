"""The guided first run."""

from __future__ import annotations

import click

from eval import samples_folder
from ingest import ingest
from library.library import Library
from library.models import encoder_folder, llm_file
from library.settings import Settings
from rag import Assistant
from rag.brief import write_brief
from rag.export import render, write_whole
from ui.console import Bar, answer_text, say

QUESTIONS = ("江门市的高企存量目标是多少？", "How many high-tech enterprises does Suizhou aim for?")


def run(settings: Settings) -> None:
    """Prepares the models, ingests the sample pages, asks in both languages, writes an English briefing."""
    say("1/4 Preparing the offline models (once; about half a minute)")
    for prepare in (encoder_folder, llm_file):
        with Bar("B", scale=True) as bar:
            prepare(settings.cache, lambda stage, done, total, bar=bar: bar(done, total, stage))
    with Library.open(settings.library, settings) as library:
        say(f"2/4 Putting the sample pages on the shelf at {settings.library}")
        with Bar("page") as bar:
            report = ingest(library, [samples_folder()], bar)
        click.echo(f"{report.added + report.updated} pages restored and shelved, {report.unchanged} unchanged.")
        assistant = Assistant(library, settings)
        say("3/4 Asking two questions (the first waits for the language model to load)")
        for question in QUESTIONS:
            click.secho(f"\n> {question}", bold=True)
            click.echo(answer_text(assistant.ask(question)))
        say("\n4/4 Writing an English briefing of one article")
        _brief(library, assistant, settings)
    where = settings.library
    click.echo(f"\nNow open the chat:  make chat   (or: kejian chat --library {where})")
    click.echo(f'Or go on here:      kejian ask --library {where} "汕尾的六大行动有哪些？"')


def _brief(library: Library, assistant: Assistant, settings: Settings) -> None:
    article = next(a for a in library.articles() if a.city == "江门")
    with Bar("sentence") as bar:
        briefing = write_brief(library, assistant.model, [article.id], "en", progress=bar)
    path = settings.library / "briefing.md"
    write_whole(path, render(briefing, "md"))
    for point in briefing.sections[0].points[:3]:
        click.echo(f"  · {point.en} {''.join(f'[{n}]' for n in point.citations)}")
    click.echo(f"  … {len(briefing.sections[0].points)} points in all: {path}")
