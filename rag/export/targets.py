"""Targets as tables: for a terminal, a spreadsheet, a briefing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from unicodedata import east_asian_width

from library.records import Target
from rag.export.sheets import Table
from rag.targets import HEADINGS, target_row

_COLUMNS = (
    "city", "indicator", "indicator_en", "bound", "value", "unit", "text_en", "year", "published", "quote",
    "article_id", "start", "end",
)  # fmt: skip
_WIDTHS = (8, 28, 40, 7, 16, 8, 22, 7, 12, 60, 14, 7, 7)
Dates = Mapping[str, str]
"""When articles were published, by id."""


def targets_sheet(targets: Sequence[Target], published: Dates) -> Table:
    """All fields of the targets, and when their articles were published."""
    fields = (t.to_dict() | {"published": published.get(t.article_id, "")} for t in targets)
    return Table("targets", _COLUMNS, _WIDTHS, [[f[name] for name in _COLUMNS] for f in fields])


def targets_text(targets: Sequence[Target], published: Dates) -> str:
    """Text for a terminal: a line each, in columns as wide as their widest cell; dates tell revisions apart."""
    cells = ((*target_row(t), published.get(t.article_id, "")) for t in targets)
    rows = [(*HEADINGS, "Published"), *cells]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    padded = ([cell + " " * (w - _width(cell)) for cell, w in zip(row, widths, strict=True)] for row in rows)
    return "".join("  ".join(cells).rstrip() + "\n" for cells in padded) if targets else ""


def _width(text: str) -> int:
    """Terminal columns: Chinese characters take two."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)
