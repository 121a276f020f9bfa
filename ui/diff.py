"""A raw page beside what cleaning made of it, paragraph by paragraph, with the changes in colour.

The two are not compared: the clean text knows where each of its characters came from.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from ingest import CleanPage

Piece = tuple[str, bool]
"""Some text, and whether it differs from the other side."""
Row = tuple[list[Piece], list[Piece]]
"""Raw pieces beside clean pieces; one of them is empty where nothing stands on that side."""

_LONGEST_REMOVED = 400  # characters of a removed passage that are shown: menus and markup run to thousands


def print_diff(page: CleanPage, file: str) -> None:
    """Prints the page as a table of two columns; without colour, changes stand in [-…-] and {+…+}."""
    console = Console(file=sys.stdout, highlight=False)
    table = Table(box=box.SIMPLE, show_lines=True, expand=True)
    table.add_column(Styled(f"{file}, as it arrived"), ratio=1, overflow="fold")
    table.add_column("restored", ratio=1, overflow="fold")
    plain = console.color_system is None
    for raw, clean in rows(page.raw, page.body, page.text.starts.tolist(), page.text.stops.tolist()):
        table.add_row(_styled(raw, "red", "[-{}-]", plain), _styled(clean, "green", "{{+{}+}}", plain))
    console.print(table)


def rows(raw: str, body: str, starts: Sequence[int], stops: Sequence[int]) -> Iterator[Row]:
    """Every paragraph with the raw characters it was made from, and what was removed between paragraphs.

    Args:
        raw: the page as it arrived.
        body: what was made of it.
        starts: of each character of the body, where the raw ones that it was made from begin; never decreasing.
        stops: where they end.
    """
    at = 0
    for first, last in _paragraphs(body):
        low, high = starts[first], stops[last - 1]
        if gap := raw[at:low].strip():
            yield [(_shortened(gap), True)], []
        yield _aligned(raw, low, high, body[first:last], starts[first:last], stops[first:last])
        at = max(at, high)
    if gap := raw[at:].strip():
        yield [(_shortened(gap), True)], []


def _paragraphs(body: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in body.splitlines(keepends=True):
        if line.strip():
            yield at, at + len(line.rstrip())
        at += len(line)


def _aligned(raw: str, low: int, high: int, body: str, starts: Sequence[int], stops: Sequence[int]) -> Row:
    kept = bytearray(high - low)
    changed = []
    for char, a, b in zip(body, starts, stops, strict=True):
        same = raw[a:b] == char
        changed.append(not same)
        if same:
            kept[a - low] = 1
    return _grouped(raw[low:high], [not k for k in kept]), _grouped(body, changed)


def _grouped(text: str, differs: list[bool]) -> list[Piece]:
    pairs = groupby(zip(text, differs, strict=True), key=lambda pair: pair[1])
    return [("".join(char for char, _ in group), differ) for differ, group in pairs]


def _shortened(text: str) -> str:
    left = len(text) - _LONGEST_REMOVED
    return text if left <= 0 else f"{text[:_LONGEST_REMOVED]}… ({left} more characters)"


def _styled(pieces: list[Piece], colour: str, mark: str, plain: bool) -> Styled:
    cell = Styled()
    for text, differs in pieces:
        cell.append(mark.format(text) if differs and plain else text, colour if differs else "")
    return cell
