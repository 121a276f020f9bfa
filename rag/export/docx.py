"""A briefing as a Word document; markers lead to the quotes."""

from __future__ import annotations

import io
import re
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from library.records import Briefing, Citation, Point
from rag.targets import COLUMNS, HEADINGS, TARGETS, target_row

_GREY, _RED = RGBColor(0x55, 0x55, 0x55), RGBColor(0xB0, 0x00, 0x20)
_LATIN, _CHINESE = "Calibri", "Microsoft YaHei"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # not allowed in XML
_SOURCES = {"zh": "出处", "en": "Sources", "both": "Sources / 出处"}


def briefing_docx(briefing: Briefing) -> bytes:
    """The briefing as a .docx file in its language, with Word's own headings, lists, tables and links."""
    document = Document()
    _set_fonts(document)
    title = briefing.title_zh if briefing.language == "zh" else briefing.title_en or briefing.title_zh
    document.core_properties.title = _clean(title)
    document.core_properties.author = "Kejian"
    document.add_heading(_clean(title), level=0)
    if briefing.language == "both" and briefing.title_zh != title:
        _run(document.add_paragraph(), briefing.title_zh, grey=True)
    for section in briefing.sections:
        if len(briefing.sections) > 1:
            heading = section.heading_zh if briefing.language == "zh" else section.heading_en or section.heading_zh
            document.add_heading(_clean(heading), level=1)
        for point in section.points:
            _add_point(document, point, briefing.language)
    _add_targets(document, briefing)
    document.add_heading(_SOURCES[briefing.language], level=1)
    for citation in briefing.citations:
        _add_source(document, citation)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_fonts(document: Any) -> None:
    """Chinese has a font of its own in Word; without one it falls back to whatever is there."""
    for name in ("Normal", "Title", "Heading 1", "List Bullet"):
        style = document.styles[name]
        style.font.name = _LATIN
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), _CHINESE)
    document.styles["Normal"].font.size = Pt(10.5)
    for section in document.sections:
        section.left_margin = section.right_margin = Cm(2.2)


def _add_point(document: Any, point: Point, language: str) -> None:
    paragraph = document.add_paragraph(style="List Bullet")
    _run(paragraph, point.zh if language == "zh" else point.en or "(not translated)")
    for n in point.citations:
        _link(paragraph, f"[{n}]", f"quote{n}")
    if language == "zh":
        return
    paragraph.add_run().add_break()
    _run(paragraph, point.zh, grey=True)
    problems = [*(["figures differ"] if point.numbers == "mismatch" else []), *point.flags]
    if problems:
        paragraph.add_run().add_break()
        _run(paragraph, f"⚠ {'; '.join(problems)}").font.color.rgb = _RED


def _add_targets(document: Any, briefing: Briefing) -> None:
    """The table of targets, computed from the articles."""
    if not briefing.targets:
        return
    document.add_heading(TARGETS[briefing.language], level=1)
    columns = COLUMNS[briefing.language]
    table = document.add_table(rows=1, cols=len(columns), style="Light Grid Accent 1")
    for cell, n in zip(table.rows[0].cells, columns, strict=True):
        cell.text = HEADINGS[n]
    for target in briefing.targets:
        row = target_row(target, briefing.language)
        for cell, n in zip(table.add_row().cells, columns, strict=True):
            cell.text = _clean(row[n])


def _add_source(document: Any, citation: Citation) -> None:
    paragraph = document.add_paragraph()
    _bookmark(paragraph, f"quote{citation.n}", citation.n)
    _run(paragraph, f"[{citation.n}] “{citation.quote}”")
    paragraph.add_run().add_break()
    where = [part for part in (citation.title, citation.city, citation.published, citation.uri) if part]
    _run(paragraph, ", ".join(where), grey=True)


def _run(paragraph: Any, text: str, *, grey: bool = False) -> Any:
    run = paragraph.add_run(_clean(text))
    if grey:
        run.font.color.rgb = _GREY
    return run


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)


def _link(paragraph: Any, text: str, anchor: str) -> None:
    """A link to a bookmark; python-docx has no name for it."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), anchor)
    run = paragraph.add_run(text)
    run.font.superscript = True
    link.append(run._r)
    paragraph._p.append(link)


def _bookmark(paragraph: Any, name: str, number: int) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    paragraph._p.append(start)
    paragraph._p.append(end)
