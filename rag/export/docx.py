"""A briefing as a Word document; markers lead to the quotes."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from library.records import Briefing, Citation, Point
from rag.export.note import NOTES, NOTHING, PAGES, QUOTES, cited_pages, verification_note
from rag.targets import TARGETS, targets_table

_GREY, _RED = RGBColor(0x55, 0x55, 0x55), RGBColor(0xB0, 0x00, 0x20)
_LATIN, _CHINESE = "Calibri", "Microsoft YaHei"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # not allowed in XML
_LONGEST_PROPERTY = 255
_NAMES, _OTHERS = Cm(7.2), Cm(8.8)  # of the columns of indicators together; of the others


def briefing_docx(briefing: Briefing) -> bytes:
    """The briefing as a .docx file in its language, with Word's own headings, lists, tables and links."""
    document = _opened(_title(briefing))
    if briefing.language == "both" and briefing.title_zh != _title(briefing):
        _run(document.add_paragraph(), briefing.title_zh, grey=True)
    _add_body(document, briefing, 1, "")
    return _saved(document)


def volume_docx(briefings: Sequence[Briefing], title: str) -> bytes:
    """Briefings one after the other in a document, each on a new page under its title."""
    document = _opened(title)
    for n, briefing in enumerate(briefings, 1):
        if n > 1:
            document.add_page_break()
        document.add_heading(_clean(_title(briefing)), level=1)
        _add_body(document, briefing, 2, f"{n}_")
    return _saved(document)


def _title(briefing: Briefing) -> str:
    return briefing.title_zh if briefing.language == "zh" else briefing.title_en or briefing.title_zh


def _opened(title: str) -> Any:
    document = Document()
    _set_fonts(document)
    document.core_properties.title = _clean(title)[:_LONGEST_PROPERTY]
    document.core_properties.author = "Kejian"
    document.add_heading(_clean(title), level=0)
    return document


def _saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add_body(document: Any, briefing: Briefing, level: int, prefix: str) -> None:
    """Sections, targets, pages, note and quotes; ``prefix`` keeps the bookmarks of one briefing from another's."""
    for section in briefing.sections:
        if len(briefing.sections) > 1:
            heading = section.heading_zh if briefing.language == "zh" else section.heading_en or section.heading_zh
            document.add_heading(_clean(heading), level=level)
        for point in section.points:
            _add_point(document, point, briefing.language, prefix)
        if not section.points:
            _run(document.add_paragraph(), NOTHING[briefing.language], grey=True)
    _add_targets(document, briefing, level)
    document.add_heading(PAGES[briefing.language], level=level)
    for page in cited_pages(briefing):
        paragraph = document.add_paragraph(style="List Bullet")
        _run(paragraph, page.name + (f" ({page.about})" if page.about else ""))
        paragraph.add_run().add_break()
        _run(paragraph, page.uri, grey=True)
    document.add_heading(NOTES[briefing.language], level=level)
    _run(document.add_paragraph(), verification_note(briefing))
    document.add_heading(QUOTES[briefing.language], level=level)
    for citation in briefing.citations:
        _add_source(document, citation, prefix)


def _set_fonts(document: Any) -> None:
    """Chinese has a font of its own in Word; without one it falls back to whatever is there."""
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "List Bullet"):
        style = document.styles[name]
        style.font.name = _LATIN
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), _CHINESE)
    document.styles["Normal"].font.size = Pt(10.5)
    for section in document.sections:
        section.left_margin = section.right_margin = Cm(2.2)


def _add_point(document: Any, point: Point, language: str, prefix: str) -> None:
    paragraph = document.add_paragraph(style="List Bullet")
    _run(paragraph, point.zh if language == "zh" else point.en or "(not translated)")
    for n in point.citations:
        _link(paragraph, f"[{n}]", f"quote{prefix}{n}")
    if language == "zh":
        return
    paragraph.add_run().add_break()
    _run(paragraph, point.zh, grey=True)
    problems = [*(["figures differ"] if point.numbers == "mismatch" else []), *point.flags]
    if problems:
        paragraph.add_run().add_break()
        _run(paragraph, f"⚠ {'; '.join(problems)}").font.color.rgb = _RED


def _add_targets(document: Any, briefing: Briefing, level: int) -> None:
    """The table of targets, computed from the articles."""
    if not briefing.targets:
        return
    document.add_heading(TARGETS[briefing.language], level=level)
    rows = targets_table(briefing.targets, briefing.language)
    names = 2 if briefing.language == "both" else 1  # the columns of indicators, after that of cities
    others = _OTHERS // (len(rows[0]) - names)
    widths = [_NAMES // names if 1 <= n <= names else others for n in range(len(rows[0]))]
    table = document.add_table(rows=0, cols=len(widths), style="Light Grid Accent 1")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width  # Word goes by the cells, LibreOffice by the columns
    for row in rows:
        for cell, text, width in zip(table.add_row().cells, row, widths, strict=True):
            cell.text = _clean(text)
            cell.width = width


def _add_source(document: Any, citation: Citation, prefix: str) -> None:
    paragraph = document.add_paragraph()
    _bookmark(paragraph, f"quote{prefix}{citation.n}")
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


def _bookmark(paragraph: Any, name: str) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    number = zlib.crc32(name.encode()) & 0x7FFFFFFF  # unlike any other's in the document
    for mark in (start, end):
        mark.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    paragraph._p.append(start)
    paragraph._p.append(end)
