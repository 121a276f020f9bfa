"""Briefings, summaries and tables as files."""

import json
from collections.abc import Callable, Sequence

from library.records import Briefing, Target
from rag.export.batch import FORMATS, ExportReport, export_library, write_whole
from rag.export.docx import briefing_docx
from rag.export.html import briefing_html
from rag.export.markdown import briefing_markdown
from rag.export.sheets import as_csv, as_xlsx
from rag.export.targets import Dates, targets_sheet, targets_text

_BRIEFING: dict[str, Callable[[Briefing], bytes]] = {
    "md": lambda b: briefing_markdown(b).encode(),
    "html": lambda b: briefing_html(b).encode(),
    "docx": briefing_docx,
    "json": lambda b: json.dumps(b.to_dict(), ensure_ascii=False, indent=2).encode(),
}
_TARGETS: dict[str, Callable[[Sequence[Target], Dates], bytes]] = {
    "table": lambda targets, published: targets_text(targets, published).encode(),
    "csv": lambda targets, published: as_csv(targets_sheet(targets, published)),
    "xlsx": lambda targets, published: as_xlsx([targets_sheet(targets, published)]),
    "json": lambda targets, _: (
        json.dumps([t.to_dict() for t in targets], ensure_ascii=False, indent=2) + "\n"
    ).encode(),
}


def render(briefing: Briefing, form: str) -> bytes:
    """A briefing as a file: ``md``, ``html``, ``docx`` or ``json``."""
    return _BRIEFING[form](briefing)


def render_targets(targets: Sequence[Target], form: str, published: Dates) -> bytes:
    """Targets as a file: ``table`` (text for a terminal), ``csv``, ``xlsx`` or ``json``.

    Args:
        targets: in the order in which they are shown.
        form: of the file.
        published: dates by article, which tell a target from its revision.
    """
    return _TARGETS[form](targets, published)


__all__ = ["FORMATS", "ExportReport", "export_library", "render", "render_targets", "write_whole"]
