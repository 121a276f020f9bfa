"""Briefings and summaries as files."""

import json
from collections.abc import Callable

from library.records import Briefing
from rag.export.batch import FORMATS, ExportReport, export_library, write_whole
from rag.export.html import briefing_html
from rag.export.markdown import briefing_markdown

_RENDERERS: dict[str, Callable[[Briefing], str]] = {
    "md": briefing_markdown,
    "html": briefing_html,
    "json": lambda b: json.dumps(b.to_dict(), ensure_ascii=False, indent=2),
}


def render(briefing: Briefing, form: str) -> str:
    """A briefing as text: ``md``, ``html`` or ``json``."""
    return _RENDERERS[form](briefing)


__all__ = ["FORMATS", "ExportReport", "export_library", "render", "write_whole"]
