"""What the command line has in common: settings, progress, JSON, errors, and records as terminal text."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from library.library import Library
    from library.records import Answer
    from library.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])


def common(command: F) -> F:
    """The options that every command takes."""
    command = click.option(
        "--debug", is_flag=True, expose_value=False, callback=_debug, help="Show logs and tracebacks."
    )(command)
    return click.option(
        "--library",
        "library_folder",
        type=click.Path(file_okay=False),
        expose_value=False,
        callback=_remember_library,
        help="Folder of the library. Default: KEJIAN_LIBRARY, else a per-user folder.",
    )(command)


def as_json(command: F) -> F:
    """The ``--json`` option."""
    return click.option("--json", "json_out", is_flag=True, help="Print JSON to stdout, and nothing else there.")(
        command
    )


def filters(command: F) -> F:
    """The options that narrow a search or a selection; together a ``Filters``."""
    for name, text in (
        ("--until", "Published on that date or earlier (YYYY-MM-DD)."),
        ("--since", "Published on that date or later (YYYY-MM-DD)."),
    ):
        command = click.option(name, default="", callback=_date, metavar="DATE", help=text)(command)
    return click.option("--city", default="", callback=city_name, help="Only articles of that city: 江门 or Jiangmen.")(
        command
    )


def settings(**changes: Any) -> Settings:
    """The settings of file and environment, with what the command line changes."""
    from library.settings import Settings

    folder = click.get_current_context().find_root().meta.get("library")
    if folder:
        changes["library"] = Path(folder)
    return Settings(**changes)


@contextmanager
def opened_library(chosen: Settings | None = None, must_exist: bool = True) -> Iterator[Library]:
    """The library of this call; closed at the end.

    Raises:
        UsageError: it must exist and does not.
    """
    from library.errors import UsageError
    from library.library import Library

    chosen = chosen or settings()
    if must_exist and not (chosen.library / "catalogue.sqlite").exists():
        raise UsageError(f"There is no library at {chosen.library} yet. Make one with: kejian ingest PATH")
    with Library.open(chosen.library, chosen) as library:
        yield library


def print_json(value: Any) -> None:
    """One JSON document to stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def say(text: str) -> None:
    """A message for the person at the terminal: to stderr, so that stdout stays clean."""
    click.echo(text, err=True)


_BAR = "{desc} {percentage:3.0f}%|{bar}| {n:.0f}/{total:.0f} [{elapsed}<{remaining}]"


class Bar:
    """A progress bar on stderr; fractions are welcome. Silent where stderr is no terminal and work is short."""

    def __init__(self, unit: str, scale: bool = False) -> None:
        self._unit, self._scale = unit, scale
        self._bar: Any = None

    def __call__(self, done: float, total: float, label: str = "") -> None:
        from tqdm import tqdm

        if self._bar is None:
            self._bar = tqdm(
                total=total, unit=self._unit, unit_scale=self._scale, unit_divisor=1000, file=sys.stderr,
                mininterval=0.2 if sys.stderr.isatty() else 10, leave=False, delay=1,
                bar_format=None if self._scale else _BAR,
            )  # fmt: skip
        if total != self._bar.total:
            self._bar.reset(total=total)
        if label:
            self._bar.set_description_str(label[:30], refresh=False)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def answer_text(answer: Answer) -> str:
    """An answer for the terminal: the text, doubts, and each source with its quote."""
    lines = [click.style(answer.answer, bold=True)]
    lines += [click.style(f"  ✗ {s.reason}: {s.text}", fg="red") for s in answer.sentences if not s.supported]
    for c in answer.citations:
        where = "，".join(part for part in (c.title or "（无标题 untitled）", c.city, c.published) if part)
        lines += [
            f"  [{c.n}] {where}",
            f"      “{c.quote}”",
            click.style(f"      {c.uri}, characters {c.raw_start}–{c.raw_end} as it arrived", dim=True),
        ]
    if answer.nearest:
        lines.append("  最相近的段落 Nearest passages:")
        lines += [f"   · {p.title or p.uri}：{' '.join(p.text[:60].split())}…" for p in answer.nearest]
    lines.append(click.style(f"  {answer.status} · {answer.model} · {answer.seconds} s", dim=True))
    return "\n".join(lines)


def _debug(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        ctx.find_root().meta["debug"] = True
        logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, force=True)
        for noisy in ("httpcore", "httpx", "openai", "filelock", "urllib3"):
            logging.getLogger(noisy).setLevel(logging.INFO)


def _remember_library(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value:
        ctx.find_root().meta["library"] = value


def city_name(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if not value:
        return ""
    from lang.cities import find_cities

    return (find_cities(value) or [value.removesuffix("市")])[0]


def _date(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    from datetime import date

    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except ValueError:
        raise click.BadParameter(f"{value!r} is no date; write it as 2025-02-06") from None
