"""Briefings and summaries as files."""

import json
from collections.abc import Callable, Sequence

from library.records import Briefing, Target
from rag.export.batch import FORMATS, ExportReport, export_library, write_whole
from rag.export.html import briefing_html
from rag.export.markdown import briefing_markdown
from rag.export.targets import targets_csv, targets_table, targets_xlsx

_RENDERERS: dict[str, Callable[[Briefing], str]] = {
    "md": briefing_markdown,
    "html": briefing_html,
    "json": lambda b: json.dumps(b.to_dict(), ensure_ascii=False, indent=2),
}


def render(briefing: Briefing, form: str) -> str:
    """A briefing as text: ``md``, ``html`` or ``json``."""
    return _RENDERERS[form](briefing)


def render_targets(targets: Sequence[Target], form: str) -> bytes:
    """Targets as a file: ``table`` (text), ``csv``, ``xlsx`` or ``json``."""
    if form == "json":
        return (json.dumps([t.to_dict() for t in targets], ensure_ascii=False, indent=2) + "\n").encode()
    return {"table": targets_table, "csv": targets_csv, "xlsx": targets_xlsx}[form](targets)


__all__ = ["FORMATS", "ExportReport", "export_library", "render", "render_targets", "write_whole"]
