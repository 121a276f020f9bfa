"""From a page's bytes to its text: which reader takes them is decided by what they are."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from ingest.loaders import source as limits
from ingest.loaders.archives import gunzip
from ingest.loaders.documents import read_docx, read_pdf
from ingest.loaders.encodings import decode
from ingest.loaders.formats import told_format, zip_kind
from ingest.loaders.html import is_html_document, looks_like_html, read_html
from ingest.loaders.mail import read_mail
from ingest.loaders.markdown import read_markdown
from ingest.loaders.source import Download, RawPage, Reading, Source
from ingest.origin import Text
from library.errors import PageError

_HTML = {".html", ".htm", ".xhtml", ".shtml"}
_MARKDOWN = {".md", ".markdown"}
_TEXT = {".txt", ".text"}


def read_page(source: Source, data: bytes) -> RawPage:
    """Decodes a page and finds its text.

    Raises:
        PageError: it is empty, too large, not text, or not in an encoding that can be told.
    """
    if not data.strip():
        raise PageError("the file is empty")
    if "id" in source.given:  # a record of a .jsonl file: its text is given, its file was decoded
        raw, given = source.given["text"], source.given
        reading = Reading(raw, Text.from_raw(raw), given.get("title", ""), given.get("date", ""))
    else:
        reading = _read(Path(source.uri.partition("?")[0]), data)
    if len(reading.text) > limits.MAX_CHARS:
        raise limits.too_long()
    return RawPage(source.uri, **{f.name: getattr(reading, f.name) for f in fields(Reading)})


def _read(name: Path, data: bytes, packed: bool = False) -> Reading:
    suffix = name.suffix.lower()
    match told_format(data[:1024], suffix):
        case "pdf":
            return read_pdf(data)
        case "zip" if zip_kind(data) == "docx":
            return read_docx(data)
        case "gzip" if not packed:
            return _read(name.with_suffix("") if suffix == ".gz" else name, gunzip(data), packed=True)
        case "zip" | "tar" | "gzip":
            raise PageError("an archive inside another, or behind a URL; unpack it and give the folder")
        case "mail":
            return read_mail(data)
    return _read_text(suffix, data)


def _read_text(suffix: str, data: bytes) -> Reading:
    raw, _ = decode(data, data.charset if isinstance(data, Download) else "")
    if not raw.strip():
        raise PageError("the file is empty")
    declared = isinstance(data, Download) and "html" in data.media_type
    if is_html_document(raw) or ((declared or suffix not in _TEXT | _MARKDOWN) and looks_like_html(raw)):
        page = read_html(raw)
        return Reading(raw, page.text, page.title, page.date, page.source, page.author)
    if suffix in _HTML and "</" in raw:
        page = read_html(raw)
        return Reading(raw, page.text, page.title, page.date, page.source, page.author)
    return read_markdown(raw) if suffix in _MARKDOWN else Reading(raw, Text.from_raw(raw))
