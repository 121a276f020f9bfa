"""The command line: the group of all commands, and how errors leave it."""

from __future__ import annotations

import sys

import click

from ui.commands import app, asking, evaluating, health, shelf, writing
from ui.console import common, say

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


for command in (
    shelf.ingest, shelf.clean, shelf.articles, asking.search, asking.ask, asking.translate, writing.brief,
    writing.targets, writing.export, app.chat, evaluating.evaluate, health.doctor, health.models, app.demo,
):  # fmt: skip
    cli.add_command(command)


def main() -> None:
    """Runs the command line; every error is a sentence with its remedy, and an exit status."""
    try:
        sys.exit(cli.main(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        say("Interrupted; what was finished is kept.")
        sys.exit(1)
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
