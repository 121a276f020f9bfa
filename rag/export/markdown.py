"""A briefing as Markdown, citations as footnotes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from library.records import Briefing, Citation, Point
from rag.targets import COLUMNS, HEADINGS, TARGETS, target_row

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
_NUMBERS = {"ok": "figures checked", "mismatch": "FIGURES DIFFER", "none": ""}


def briefing_markdown(briefing: Briefing) -> str:
    """The briefing as a Markdown document in its language; page text is escaped."""
    lines = [f"# {_heading(briefing.title_zh, briefing.title_en, briefing.language)}", ""]
    for section in briefing.sections:
        if len(briefing.sections) > 1:
            lines += [f"## {_heading(section.heading_zh, section.heading_en, briefing.language)}", ""]
        lines += [line for point in section.points for line in [*_point(point, briefing.language), ""]]
    lines += _targets(briefing)
    lines += [f"_{_note(briefing)}_", "", *(_footnote(c) for c in briefing.citations), ""]
    return "\n".join(lines)


def _targets(briefing: Briefing) -> list[str]:
    """The table of targets, computed from the articles."""
    if not briefing.targets:
        return []
    columns = COLUMNS[briefing.language]
    lines = [f"## {TARGETS[briefing.language]}", "", _row([HEADINGS[n] for n in columns]), _row(["---"] * len(columns))]
    cells = (target_row(t, briefing.language) for t in briefing.targets)
    return [*lines, *(_row([escape(row[n]) for n in columns]) for row in cells), ""]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _heading(zh: str, en: str, language: str) -> str:
    chosen = {"zh": zh, "en": en or zh}.get(language) or " / ".join(part for part in (en, zh) if part)
    return escape(chosen)


def _point(point: Point, language: str) -> list[str]:
    marks = "".join(f"[^{n}]" for n in point.citations)
    zh, en = escape(point.zh), escape(point.en)
    if language == "zh":
        return [f"- {zh}{marks}"]
    lines = [f"- {en or '(not translated)'}{marks}", f"  > {zh}"]
    remarks = [r for r in (_NUMBERS[point.numbers], *point.flags) if r and r != "figures checked"]
    return lines + ([f"  >\n  > ⚠ {escape('; '.join(remarks))}"] if remarks else [])


def _note(briefing: Briefing) -> str:
    points = [p for s in briefing.sections for p in s.points]
    flagged = sum(bool(p.flags) or p.numbers == "mismatch" for p in points)
    figures = sum(p.numbers == "ok" for p in points)
    if briefing.language == "zh":
        return f"共{len(points)}条，均摘自原文并注明出处。"
    return (
        f"{len(points)} points, each beside the sentence it translates; translated by {briefing.model}; "
        f"figures of {figures} checked and equal to the Chinese; {flagged} flagged. "
        "Wording and names are the model's: read them against the Chinese."
    )


def _footnote(c: Citation) -> str:
    where = ", ".join(
        escape(part) for part in (c.title or c.quote[:20].rstrip("，,、：:") + "…", c.city, c.published) if part
    )
    return f"[^{c.n}]: {where}. {escape(c.uri)}, characters {c.raw_start}–{c.raw_end} as it arrived."


def escape(text: str) -> str:
    """Text from pages and models with Markdown's special characters made harmless, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
