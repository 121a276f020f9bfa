"""Commands that fill the shelf and look at it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ui.console import Bar, as_json, common, opened_library, print_json, say, settings

if TYPE_CHECKING:
    from ingest import CleanPage
    from ingest.report import IngestReport


@click.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--prune", is_flag=True, help="Also take off the shelf what is no longer in the folders given.")
@click.option("--watch", "follow", is_flag=True, help="Stay, and take what changes there, until Ctrl-C.")
@as_json
@common
def ingest(paths: tuple[str, ...], prune: bool, follow: bool, json_out: bool) -> None:
    """Put pages on the shelf: files, folders, .jsonl files, archives, URLs.

    Text, HTML, Markdown, PDF, Word (.docx), e-mail and saved pages (.mht), alone or in .zip and .tar archives; text in
    UTF-8, GB18030, Big5 or UTF-16. A page that has not changed since is skipped; one that
    fails is listed and costs nothing else. A run that was interrupted is completed by running it again.
    A file that was renamed keeps its content, under its new name.

    \b
    Example:
      kejian ingest pages/ more.jsonl https://example.org/notice.html
      kejian ingest pages/ --watch --prune
    """
    from ingest import ingest as run

    if follow:
        _follow(paths, prune, json_out)
        return
    with opened_library(must_exist=False) as library, Bar("page") as bar:
        report = run(library, paths, bar, prune)
    if json_out:
        print_json(report.to_dict())
    _say_changes(report, {"renamed"})
    _say_counts(report)
    nothing = not (report.articles or report.failed or report.removed)
    if nothing:
        say("No pages were found there: text, HTML, Markdown, PDF, .docx, .eml, .mht, .jsonl and archives are taken.")
    sys.exit(1 if report.failed or nothing else 0)


def _follow(paths: tuple[str, ...], prune: bool, json_out: bool) -> None:
    from ingest.watch import local_paths, watch

    local_paths(paths)  # before a library is made for nothing
    reports: list[IngestReport] = []

    def told(report: IngestReport) -> None:
        _say_changes(report, {"added", "updated", "renamed", "removed"} if reports else {"renamed"})
        if not reports:
            bar.close()
            _say_counts(report)
            say("Watching; Ctrl-C ends it.")
        reports.append(report)

    with opened_library(must_exist=False) as library, Bar("page") as bar:
        report = watch(library, paths, told, prune, bar)
    if json_out:
        print_json(report.to_dict())
    say("In all:")
    _say_counts(report)


def _say_changes(report: IngestReport, kinds: set[str]) -> None:
    """A line a change of these kinds, and one a failure."""
    for change in report.changes:
        if change.kind in kinds:
            say(f"{change.kind}: {f'{change.before} -> ' if change.before else ''}{change.path}")
    for failure in report.failed:
        say(f"failed: {failure.path}: {failure.reason}")


def _say_counts(report: IngestReport) -> None:
    renamed = f" ({report.renamed} of them renamed)" if report.renamed else ""
    say(
        f"{report.added} added, {report.updated} updated{renamed}, {report.unchanged} unchanged, "
        f"{report.removed} removed, {report.duplicates} duplicates, {len(report.failed)} failed, "
        f"in {report.seconds} s"
    )


@click.command()
@click.argument("file")
@click.option("--diff", is_flag=True, help="Show the page as it arrived beside the text, with the changes in colour.")
@as_json
@common
def clean(file: str, diff: bool, json_out: bool) -> None:
    """Restore one page and print its text; nothing is stored.

    \b
    Example:
      kejian clean page.txt --diff
    """
    from ingest import clean_page

    page = clean_page(file, settings())
    if json_out:
        print_json(page.to_dict())
    elif diff:
        from ui.diff import print_diff

        print_diff(page, file)
    else:
        click.echo(page.body)
    if not json_out:
        _say_what_was_done(page)


def _say_what_was_done(page: CleanPage) -> None:
    say(", ".join(f"{s.step} {s.changes}" for s in page.report))
    for flag in (flag for step in page.report for flag in step.flags):
        at = f"characters {flag.start} to {flag.end} of the page, {page.raw[flag.start : flag.end]!r}"
        say(f"in doubt: {at}: {flag.note}")


@click.group()
@common
def articles() -> None:
    """See or remove what is on the shelf."""


@articles.command("list")
@as_json
@common
def articles_list(json_out: bool) -> None:
    """List the articles; "= ID" marks a copy of the article with that id.

    \b
    Example:
      kejian articles list
    """
    with opened_library() as library:
        rows, leaders = library.articles(), library.leaders()
    if json_out:
        print_json([row.to_dict() for row in rows])
        return
    for row in rows:
        click.echo(
            f"{row.id}  {row.published or '----------'}  {row.city or '--'}\t{row.chars:>6}  {row.title or row.uri}"
            + (f"  = {leaders[row.id]}" if row.id in leaders else "")
        )


@articles.command("show")
@click.argument("article_id", metavar="ID")
@as_json
@common
def articles_show(article_id: str, json_out: bool) -> None:
    """Print one article.

    \b
    Example:
      kejian articles show 3f2a9c0d1e5b
    """
    with opened_library() as library:
        article = library.get(article_id)
        copies = [library.get(copy) for copy in article.duplicates]
    if json_out:
        print_json(article.to_dict())
    else:
        click.echo(f"{article.label}\n{article.city} {article.published} {article.source}\n{article.uri}")
        for copy in copies:
            click.echo(f"= {copy.id}  {copy.label}  {copy.uri}")
        click.echo(f"\n{article.body}")


@articles.command("remove")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@as_json
@common
def articles_remove(ids: tuple[str, ...], json_out: bool) -> None:
    """Take articles off the shelf (the files they came from stay).

    \b
    Example:
      kejian articles remove 3f2a9c0d1e5b
    """
    with opened_library() as library:
        library.remove(ids)
    if json_out:
        print_json({"removed": list(ids)})
    say(f"{len(ids)} removed")
