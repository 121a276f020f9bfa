"""Briefings as tables: a point a line, and the targets on a sheet of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from library.records import Briefing
from rag.export.sheets import Cell, Table
from rag.export.targets import targets_sheet

_COLUMNS = (
    "article_id", "title", "city", "published", "n", "en", "zh", "figures", "flags", "quote", "start", "end", "uri",
)  # fmt: skip
_WIDTHS = (14, 30, 8, 12, 5, 60, 60, 10, 30, 60, 7, 7, 40)


def points_sheet(briefings: Sequence[Briefing]) -> Table:
    """Every point in both languages with what was found of its figures, and its quote."""
    return Table("summaries", _COLUMNS, _WIDTHS, [row for b in briefings for row in _rows(b)])


def workbook(briefings: Sequence[Briefing]) -> list[Table]:
    """The points, and the targets of the same articles."""
    published = {c.article_id: c.published for b in briefings for c in b.citations}
    return [points_sheet(briefings), targets_sheet([t for b in briefings for t in b.targets], published)]


def _rows(briefing: Briefing) -> Iterator[list[Cell]]:
    by_number = {c.n: c for c in briefing.citations}
    for point in (p for section in briefing.sections for p in section.points):
        for n in point.citations:
            c = by_number[n]
            yield [
                c.article_id, c.title, c.city, c.published, n, point.en, point.zh, point.numbers,
                "; ".join(point.flags), c.quote, c.start, c.end, c.uri,
            ]  # fmt: skip
