"""Telling formats apart by content, for a name may lie; and saying of each that can't be read what to do."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from typing import Literal

from library.errors import PageError

Format = Literal["pdf", "zip", "gzip", "tar", "mail", "text"]

_SIGNATURES: dict[bytes, str] = {
    b"\x89PNG\r\n\x1a\n": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"II*\0": "a TIFF image",
    b"MM\0*": "a TIFF image",
    b"8BPS": "a Photoshop image",
    b"\x7fELF": "a program",
    b"\xca\xfe\xba\xbe": "a program",
    b"\xcf\xfa\xed\xfe": "a program",
    b"\xfe\xed\xfa": "a program",
    b"ID3": "a sound file",
    b"OggS": "a sound file",
    b"fLaC": "a sound file",
    b"\x1aE\xdf\xa3": "a film",
    b"SQLite format 3\0": "an SQLite database",
    b"PAR1": "a Parquet file",
}
_ARCHIVES: dict[bytes, str] = {
    b"7z\xbc\xaf'\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\xfd7zXZ\0": "an XZ archive",
    b"BZh": "a bzip2 archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive",
}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD = {
    ".xls": "an old Excel workbook; save it as text (.csv renamed to .txt) or copy its text into a page",
    ".ppt": "an old PowerPoint file; save it as .pdf",
    ".wps": "a WPS document; save it as .docx",
    ".et": "a WPS workbook; save it as text or .pdf",
    ".docx": "a Word file under a password; save it as .docx without one",
}
_PACKAGES = {
    "xl/workbook.xml": "an Excel workbook; save it as .pdf or as text",
    "ppt/presentation.xml": "a PowerPoint file; save it as .pdf",
    "META-INF/container.xml": "an e-book (EPUB); save its chapters as HTML",
    "content.xml": "an OpenDocument file; save it as .docx",
    "AndroidManifest.xml": "a program",
    "META-INF/MANIFEST.MF": "a program",
}
_MAIL_HEAD = re.compile(rb"(?:(?!<)[\x21-\x39\x3b-\x7e]{1,60}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,}")
_MAIL_SIGN = re.compile(rb"^(?:MIME-Version|Message-ID|Received|Snapshot-Content-Location):", re.I | re.M)


def told_format(head: bytes, suffix: str = "") -> Format:
    """The format of a page by its first thousand bytes; the suffix decides only where they leave it open.

    Raises:
        PageError: it is a format that can't be read; the reason names it and what to do.
    """
    if head.lstrip(b"\xef\xbb\xbf \t\r\n\0")[:5] == b"%PDF-" or (suffix == ".pdf" and b"%PDF-" in head):
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return "zip"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head[257:262] == b"ustar":
        return "tar"
    _refuse_known(head, suffix)
    if suffix in (".eml", ".mht", ".mhtml") or (suffix not in _TEXTS and _is_mail(head)):
        return "mail"
    return "text"


_TEXTS = {".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".shtml"}


def _is_mail(head: bytes) -> bool:
    match = _MAIL_HEAD.match(head)
    return match is not None and _MAIL_SIGN.search(match[0]) is not None


def _refuse_known(head: bytes, suffix: str) -> None:
    if head.startswith(_OLD_OFFICE):
        raise PageError(_OLD.get(suffix, "an old Word file; save it as .docx"))
    if head.startswith(b"{\\rtf"):
        raise PageError("an RTF file; save it as .docx")
    for signature, name in _ARCHIVES.items():
        if head.startswith(signature):
            raise PageError(f"{name}; unpack it and give the folder")
    name = next((n for s, n in _SIGNATURES.items() if head.startswith(s)), "") or _by_structure(head)
    if name:
        raise PageError(f"not a text page: it looks like {name}")


def _by_structure(head: bytes) -> str:
    """Formats whose sign stands further in, or is too short to be trusted alone."""
    if head.startswith(b"RIFF") and head[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return {b"WEBP": "a WebP image", b"WAVE": "a sound file", b"AVI ": "a film"}[head[8:12]]
    if head[4:8] == b"ftyp":
        return "a HEIC image" if head[8:12] in (b"heic", b"mif1", b"avif") else "a film"
    if head.startswith(b"MZ") and b"\0" in head[:64]:
        return "a program"
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        return "a BMP image"
    return ""


def zip_kind(data: bytes) -> Literal["docx", "archive"]:
    """What a ZIP file holds: a Word document or files.

    Raises:
        PageError: it is damaged, or another office format.
    """
    try:
        check_directory(io.BytesIO(data))
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error) as error:
        raise PageError("a damaged or incomplete ZIP or Word file; fetch or save it again") from error
    if "word/document.xml" in names or ("[Content_Types].xml" in names and any(n.startswith("word/") for n in names)):
        return "docx"
    for part, name in _PACKAGES.items():
        if part in names:
            raise PageError(name if ";" in name else f"not a text page: it looks like {name}")
    return "archive"


_END = struct.Struct("<4s4H2LH")
_MAX_DIRECTORY = 4_000_000


def check_directory(file: io.BufferedIOBase | io.BytesIO) -> None:
    """Refuses a ZIP file whose table of contents is too large to be loaded, before ``zipfile`` loads it.

    Raises:
        PageError: it is over four megabytes, some 40,000 files, or in the ZIP64 form that only such need.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(max(size - 66_000, 0))
    tail = file.read(66_000)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        raise zipfile.BadZipFile("no end of the central directory")
    directory: int = _END.unpack_from(tail, at)[5]
    if directory > _MAX_DIRECTORY or tail[max(at - 20, 0) : at].startswith(b"PK\x06\x07"):
        raise PageError("an archive with too many files; split it, or unpack it and give the folder")
    file.seek(0)
