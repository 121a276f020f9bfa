"""The process that reads PDF and DOCX files: bytes on stdin, JSON on stdout.

It is run by path, so it imports nothing of Kejian and starts fast. The JSON is ``{"lines": [str], "title",
"date", "author"}`` or ``{"error": reason}``.
"""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

MEMORY = 400_000_000
SECONDS = 20
MAX_CHARS = 2_000_000
MAX_PAGES = 3_000
_MAX_XML, _MAX_PARTS = 20_000_000, 100_000_000
_TOO_LONG = f"its text is longer than {MAX_CHARS / 10**6:g} million characters; split it"


class Refused(Exception):
    """The document can't be read; the message is the reason."""


def read_pdf(data: bytes) -> dict[str, Any]:
    """The text of a PDF, a printed line a line, pages in order."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        reason = "under a password; save it without one" if locked else "damaged or incomplete; fetch it again"
        raise Refused(f"a PDF that is {reason}") from error
    if len(document) > MAX_PAGES:
        raise Refused(f"a PDF of more than {MAX_PAGES} pages; split it")
    lines: list[str] = []
    size = 0
    for number in range(len(document)):
        found = _page_lines(document, number)
        lines += found
        size += sum(map(len, found)) + len(found)
        if size > MAX_CHARS:
            raise Refused(_TOO_LONG)
    if not any(line.strip() for line in lines):
        raise Refused("a PDF without text, perhaps a scan; run it through text recognition (OCR) first")
    about = document.get_metadata_dict()
    return {
        "lines": lines,
        "title": about.get("Title", ""),
        "author": about.get("Author", ""),
        "date": _pdf_date(about.get("CreationDate", "")),
    }


def _page_lines(document: Any, number: int) -> list[str]:
    import pypdfium2

    try:
        page = document[number]
        text = page.get_textpage()
    except pypdfium2.PdfiumError:  # one page's damage does not cost the others
        return []
    if text.count_chars() > MAX_CHARS:
        raise Refused(_TOO_LONG)
    found: str = text.get_text_bounded()
    text.close()
    page.close()
    # U+FFFE stands for a hyphen at a line's end.
    return found.replace("\ufffe", "").replace("\0", "").splitlines()


def _pdf_date(written: str) -> str:
    match = re.match(r"(?:D:)?(\d{4})(\d\d)(\d\d)", written)
    return "-".join(match.groups()) if match else ""


def read_docx(data: bytes) -> dict[str, Any]:
    """The text of a Word document, a paragraph a line; a table's row is a line with tabs between cells."""
    import docx

    _weigh(data)
    try:
        document = docx.Document(io.BytesIO(data))
    except Exception as error:  # it raises whatever its XML, ZIP and relationship parsers do
        raise Refused("a damaged or incomplete Word document; save it again") from error
    lines: list[str] = []
    size = 0
    for line in _blocks(document.element.body):
        lines.append(line)
        size += len(line) + 1
        if size > MAX_CHARS:
            raise Refused(_TOO_LONG)
    if not any(line.strip() for line in lines):
        raise Refused("a Word document without text")
    about = _properties(document)
    return {"lines": lines, **about}


def _weigh(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except Exception as error:
        raise Refused("a damaged or incomplete Word document; save it again") from error
    xml = sum(p.file_size for p in parts if p.filename.lower().endswith((".xml", ".rels")))
    if xml > _MAX_XML or sum(p.file_size for p in parts) > _MAX_PARTS or len(parts) > 10_000:
        raise Refused("a Word document that unpacks to far more than it should; save its text as a new document")


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PASSED = {f"{_W}del", f"{_W}instrText", f"{_W}pPr", f"{_W}rPr", f"{_W}sectPr", f"{_W}tblPr", f"{_W}rt"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def _blocks(body: Any) -> Iterator[str]:
    """Lines in reading order, from the body and whatever wraps its blocks (content controls, insertions)."""
    for element in body:
        if element.tag == f"{_W}p":
            yield from "".join(_runs(element)).split("\n")
        elif element.tag == f"{_W}tbl":
            for row in element.iterchildren(f"{_W}tr"):
                cells = [" ".join(_blocks(cell)) for cell in row.iterchildren(f"{_W}tc")]
                yield "\t".join(cells)
        elif isinstance(element.tag, str) and element.tag not in _PASSED:
            yield from _blocks(element)


def _runs(element: Any) -> Iterator[str]:
    """The characters of a paragraph, without deleted ones, field codes and readings in ruby."""
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}tab":
            yield "\t"
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif isinstance(child.tag, str) and child.tag not in _PASSED and child.tag != _FALLBACK:
            yield from _runs(child)


def _properties(document: Any) -> dict[str, str]:
    try:
        about = document.core_properties
        when = about.created or about.modified
        return {"title": about.title, "author": about.author, "date": when.date().isoformat() if when else ""}
    except Exception:  # a date that is none, a part that is missing: the text is what matters
        return {"title": "", "author": "", "date": ""}


def _limit() -> None:
    """No more memory and processor time than a document may take; where the system has no such limits, the
    parent's clock is the only one."""
    try:
        import resource
    except ImportError:
        return
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard < 0 else min(most, hard), hard))


def main() -> None:
    data = sys.stdin.buffer.read()
    _limit()
    try:
        answer = {"pdf": read_pdf, "docx": read_docx}[sys.argv[1]](data)
    except Refused as error:
        answer = {"error": str(error)}
    except (MemoryError, RecursionError):
        answer = {"error": "a document that takes too much memory to read; save it as text"}
    sys.stdout.write(json.dumps(answer))  # in ASCII, so that half a surrogate pair passes


if __name__ == "__main__":
    main()
