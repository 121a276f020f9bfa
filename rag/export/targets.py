"""Targets as a spreadsheet: CSV that Excel opens right, and XLSX with figures as numbers and a link to the page."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from library.records import Target
from rag.targets import HEADINGS, target_row

COLUMNS = (
    "city", "indicator", "indicator_en", "bound", "value", "unit", "text_en", "year", "quote", "article_id",
    "start", "end",
)  # fmt: skip
_WIDTHS = (8, 28, 40, 7, 16, 8, 24, 7, 60, 14, 7, 7)
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def targets_table(targets: Sequence[Target]) -> bytes:
    """Text for a terminal: a line each, in columns as wide as their widest cell."""
    rows = [HEADINGS, *map(target_row, targets)]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell + " " * (w - _width(cell)) for cell, w in zip(r, widths, strict=True)).rstrip() for r in rows
    ]
    return ("\n".join(lines) + "\n").encode() if targets else b""


def _width(text: str) -> int:
    """Terminal columns: Chinese characters take two."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def targets_csv(targets: Sequence[Target]) -> bytes:
    """CSV in UTF-8 with a byte-order mark, without which Excel takes Chinese for another encoding."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([_safe(value) for value in _values(t)] for t in targets)
    return out.getvalue().encode("utf-8-sig")


def targets_xlsx(targets: Sequence[Target]) -> bytes:
    """A workbook of one sheet with a frozen head, filters, and figures as numbers."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "targets"
    sheet.append(COLUMNS)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for t in targets:
        sheet.append(_values(t))
        for cell in sheet[sheet.max_row]:
            if cell.data_type == "f":
                cell.data_type = "s"  # a quote that begins with = is text
            cell.alignment = Alignment(vertical="top", wrap_text=cell.column in (2, 3, 9))
    for n, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    for row in sheet.iter_rows(min_row=2, min_col=5, max_col=5):
        row[0].number_format = "#,##0.##"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _values(t: Target) -> list[str | float | int | None]:
    fields = t.to_dict()
    return [fields[name] for name in COLUMNS]


def _safe(value: str | float | None) -> str | float | None:
    """A cell that a spreadsheet would run as a formula gets an apostrophe; bounds are short and known."""
    return f"'{value}" if isinstance(value, str) and len(value) > 1 and value.startswith(_RISKY) else value
