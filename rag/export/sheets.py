"""Tables as CSV that Excel opens right, and as workbooks with figures as numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Cell = str | float | int | None
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_767  # characters that Excel takes in a cell
_WIDE = 24


@dataclass(frozen=True, slots=True)
class Table:
    """A named table; ``widths`` are of its columns, in characters."""

    name: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: Sequence[Sequence[Cell]]


def as_csv(table: Table) -> bytes:
    """CSV in UTF-8 with a byte-order mark, without which Excel takes Chinese for another encoding."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows([_defused(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(tables: Sequence[Table]) -> bytes:
    """A workbook with a sheet for each table: its head frozen, with filters, figures as numbers, text never run."""
    book = Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    for table in tables:
        _fill(book.create_sheet(table.name), table)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, table: Table) -> None:
    sheet.append(table.columns)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in table.rows:
        sheet.append([_allowed(cell) for cell in row])
        for cell, width in zip(sheet[sheet.max_row], table.widths, strict=True):
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a quote that begins with = is text
            elif isinstance(cell.value, float) or (isinstance(cell.value, int) and cell.value >= 10_000):
                cell.number_format = "#,##0.##" if cell.value != int(cell.value) else "#,##0"
            cell.alignment = Alignment(vertical="top", wrap_text=width >= _WIDE)
    for n, width in enumerate(table.widths, 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _allowed(cell: Cell) -> Cell:
    """Without the control characters that a workbook may not hold, and no longer than a cell may be."""
    return ILLEGAL_CHARACTERS_RE.sub("", cell)[:_LONGEST] if isinstance(cell, str) else cell


def _defused(cell: Cell) -> Cell:
    """A cell that a spreadsheet would run as a formula gets an apostrophe; a sign alone is none."""
    return f"'{cell}" if isinstance(cell, str) and len(cell) > 1 and cell.startswith(_RISKY) else cell
