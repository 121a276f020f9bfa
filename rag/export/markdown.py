"""A briefing as Markdown, citations as footnotes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from library.records import Briefing, Citation, Point
from rag.export.note import NOTES, NOTHING, PAGES, Page, cited_pages, verification_note
from rag.targets import TARGETS, targets_table

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
_UNSAFE = re.compile(r"[<>\s]")
_NUMBERS = {"ok": "figures checked", "mismatch": "FIGURES DIFFER", "none": ""}


def briefing_markdown(briefing: Briefing) -> str:
    """The briefing as a Markdown document in its language; page text is escaped."""
    lines = [f"# {_heading(briefing.title_zh, briefing.title_en, briefing.language)}", ""]
    return "\n".join([*lines, *_body(briefing, "##", ""), *_footnotes(briefing, "")])


def volume_markdown(briefings: Sequence[Briefing], title: str) -> str:
    """Briefings one after the other in a document, each under its title."""
    lines, notes = [f"# {escape(title)}", ""], []
    for n, briefing in enumerate(briefings, 1):
        lines += [f"## {_heading(briefing.title_zh, briefing.title_en, briefing.language)}", ""]
        lines += _body(briefing, "###", f"{n}-")
        notes += _footnotes(briefing, f"{n}-")
    return "\n".join([*lines, *notes])


def _body(briefing: Briefing, level: str, prefix: str) -> list[str]:
    """Sections, targets, note and pages; ``prefix`` keeps the footnotes of one briefing from another's."""
    lines: list[str] = []
    for section in briefing.sections:
        if len(briefing.sections) > 1:
            lines += [f"{level} {_heading(section.heading_zh, section.heading_en, briefing.language)}", ""]
        lines += [line for point in section.points for line in [*_point(point, briefing.language, prefix), ""]]
        lines += [] if section.points else [f"_{NOTHING[briefing.language]}_", ""]
    lines += _targets(briefing, level)
    lines += [f"{level} {PAGES[briefing.language]}", "", *map(_page, cited_pages(briefing)), ""]
    return [*lines, f"{level} {NOTES[briefing.language]}", "", escape(verification_note(briefing)), ""]


def _page(page: Page) -> str:
    where = f"<{page.link}>" if page.link and not _UNSAFE.search(page.link) else escape(page.uri)
    return f"- {escape(page.name)}{f' ({escape(page.about)})' if page.about else ''}: {where}"


def _footnotes(briefing: Briefing, prefix: str) -> list[str]:
    return [*(_footnote(c, prefix) for c in briefing.citations), ""]


def _targets(briefing: Briefing, level: str) -> list[str]:
    """The table of targets, computed from the articles."""
    if not briefing.targets:
        return []
    head, *rows = targets_table(briefing.targets, briefing.language)
    table = [_row(head), _row(["---"] * len(head)), *(_row([escape(cell) for cell in row]) for row in rows)]
    return [f"{level} {TARGETS[briefing.language]}", "", *table, ""]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _heading(zh: str, en: str, language: str) -> str:
    chosen = {"zh": zh, "en": en or zh}.get(language) or " / ".join(part for part in (en, zh) if part)
    return escape(chosen)


def _point(point: Point, language: str, prefix: str) -> list[str]:
    marks = "".join(f"[^{prefix}{n}]" for n in point.citations)
    zh, en = escape(point.zh), escape(point.en)
    if language == "zh":
        return [f"- {zh}{marks}"]
    lines = [f"- {en or '(not translated)'}{marks}", f"  > {zh}"]
    remarks = [r for r in (_NUMBERS[point.numbers], *point.flags) if r and r != "figures checked"]
    return lines + ([f"  >\n  > ⚠ {escape('; '.join(remarks))}"] if remarks else [])


def _footnote(c: Citation, prefix: str) -> str:
    return f"[^{prefix}{c.n}]: “{escape(c.quote)}” {escape(c.uri)}, characters {c.raw_start}–{c.raw_end} as it arrived."


def escape(text: str) -> str:
    """Text from pages and models with Markdown's special characters made harmless, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
