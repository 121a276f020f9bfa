"""Writes docs/commands.md from the command line's own help texts; with --check, says whether it is up to date."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from ui.cli import cli

_PAGE = Path(__file__).with_name("commands.md")
_HEAD = """# Commands

Made by `make docs` from the help texts; CI checks that it is up to date.

Exit status: 0, done; 1, done in part, or nothing found; 2, wrong usage or settings, or a model is missing; 3, the
library is damaged or locked. With `--json` the JSON goes to stdout alone; progress and messages go to stderr. An error
is one sentence with its remedy; `--debug` shows the traceback.
"""


def page() -> str:
    """The whole page."""
    return _HEAD + "".join(f"\n## {name}\n\n```\n{text.rstrip()}\n```\n" for name, text in _helps(cli, "kejian", None))


def _helps(command: click.Command, name: str, parent: click.Context | None) -> Iterator[tuple[str, str]]:
    context = command.make_context(
        name.split()[-1], [], parent=parent, resilient_parsing=True, terminal_width=100, max_content_width=100
    )
    yield name, command.get_help(context)
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None:
                yield from _helps(found, f"{name} {child}", context)


def main() -> int:
    """0 when the page is up to date or was written; 1 when ``--check`` finds it stale."""
    text = page()
    if "--check" in sys.argv:
        fresh = _PAGE.exists() and _PAGE.read_text("utf-8") == text
        sys.stdout.write("docs/commands.md is up to date\n" if fresh else "docs/commands.md is stale; run: make docs\n")
        return 0 if fresh else 1
    _PAGE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
