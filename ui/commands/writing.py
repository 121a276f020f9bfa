"""Commands that write briefings, summaries and tables."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ui.console import Bar, as_json, city_name, common, filters, opened_library, print_json, say


@click.command()
@click.argument("ids", metavar="[ARTICLE_ID]...", nargs=-1)
@click.option("--topic", default="", help="Of the articles nearest this, in Chinese or English.")
@click.option("--lang", type=click.Choice(["en", "zh", "both"]), default="both", show_default=True)
@click.option("--format", "form", type=click.Choice(["md", "html", "docx", "json"]), default="md", show_default=True)
@click.option("-o", "out", type=click.Path(dir_okay=False), help="Write to this file instead of stdout.")
@click.option("--no-llm", is_flag=True, help="Leave the English out.")
@filters
@common
def brief(
    ids: tuple[str, ...],
    topic: str,
    lang: str,
    form: str,
    out: str | None,
    no_llm: bool,
    city: str,
    since: str,
    until: str,
) -> None:
    """Write a briefing of articles, a topic or a city: what matters in them, in English beside the Chinese.

    A lead, sections of points (by themes, or by city), who, when and where, the targets, and each quote.

    \b
    Example:
      kejian brief 3f2a9c0d1e5b --lang en -o briefing.md
      kejian brief --topic 高企目标 --format docx -o targets.docx
    """
    from rag import Assistant, Filters
    from rag.brief import choose_articles, write_brief
    from rag.export import render, write_whole

    if not (ids or topic or city or since or until):
        raise click.UsageError("Name articles by ID, or give --topic or --city. IDs: kejian articles list")
    _no_binary_to_terminal(form, out)
    with opened_library() as library, Bar("sentence") as bar:
        chosen = choose_articles(library, ids, topic, Filters(city, since, until))
        model = None if no_llm else Assistant(library).model
        data = render(write_brief(library, model, chosen, lang, topic, bar), form)
    if out:
        write_whole(Path(out), data)
        say(f"written: {out}")
    else:
        click.echo(data, nl=form not in ("docx",))


def _no_binary_to_terminal(form: str, out: str | None) -> None:
    if form in ("docx", "xlsx") and not out and sys.stdout.isatty():
        raise click.UsageError(f"A .{form} file is no text. Name a file for it: -o FILE.{form}")


@click.command()
@click.option("--city", default="", callback=city_name, help="Only targets of that city: 江门 or Jiangmen.")
@click.option("--indicator", default="", help="Only targets of this: 高企, or high-tech enterprises.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "xlsx", "json"]), default="table", show_default=True
)
@click.option("-o", "out", type=click.Path(dir_okay=False), help="Write to this file instead of stdout.")
@common
def targets(city: str, indicator: str, form: str, out: str | None) -> None:
    """List the quantitative targets that the articles state: whose, what, how much, by when, with the quote.

    Where articles state the same target differently, each is listed with its article.

    \b
    Example:
      kejian targets --indicator 高企
      kejian targets --city Jiangmen --format xlsx -o targets.xlsx
    """
    from ingest import read_targets
    from rag.export import render_targets, write_whole
    from rag.targets import choose_targets

    _no_binary_to_terminal(form, out)
    with opened_library() as library:
        read_targets(library)
        chosen = choose_targets(library, city, indicator)
        published = {a.id: a.published for a in library.articles()}
    data = render_targets(chosen, form, published)
    if out:
        write_whole(Path(out), data)
        say(f"written: {out}, {len(chosen)} targets")
    else:
        click.echo(data, nl=False)
    if not chosen:
        say("No target fits. Leave out --city or --indicator to see all.")
        sys.exit(1)


@click.command()
@click.option(
    "-o", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write to."
)
@click.option(
    "--format",
    "formats",
    default="md,jsonl",
    show_default=True,
    help="Formats, with commas: md, html, docx (a file an article), jsonl, csv, xlsx (one file of all).",
)
@click.option("--lang", type=click.Choice(["en", "zh", "both"]), default="both", show_default=True)
@click.option("--volume", is_flag=True, help="Also all summaries in one file, of md, html and docx.")
@click.option("--no-llm", is_flag=True, help="Leave the English out.")
@filters
@as_json
@common
def export(
    folder: Path, formats: str, lang: str, volume: bool, no_llm: bool, city: str, since: str, until: str, json_out: bool
) -> None:
    """Write a summary of every article (or those of a city or time) to a folder.

    Resumable: what is done with the same content and settings is skipped; after Ctrl-C, what is finished stays.

    \b
    Example:
      kejian export -o summaries --format docx,xlsx --city 江门 --volume
    """
    from rag import Assistant, Filters
    from rag.export import export_library

    with opened_library() as library, Bar("article") as bar:
        model = None if no_llm else Assistant(library).model
        wanted = [f.strip() for f in formats.split(",") if f.strip()]
        report = export_library(library, model, folder, wanted, lang, Filters(city, since, until), bar, volume)
    if json_out:
        print_json(report.to_dict())
    for failure in report.failed:
        say(f"failed: {failure.path}: {failure.reason}")
    if not (report.written or report.skipped or report.failed):
        say("No article fits. See what there is with: kejian articles list")
        sys.exit(1)
    say(f"{report.written} written, {report.skipped} already done, {len(report.failed)} failed; see {folder}")
    sys.exit(1 if report.failed else 0)
