"""Commands that look after the installation."""

from __future__ import annotations

import sys

import click

from ui.console import Bar, as_json, common, print_json, say, settings


@click.command()
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


@click.group()
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
