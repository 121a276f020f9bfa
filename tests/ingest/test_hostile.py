"""One batch of files that can't be read, or were made to do harm, with a few good ones among them."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import random
import re
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from ingest import IngestReport, ingest
from library import Library
from library.records import Failure

GOOD = "今天在云川市召开了科技工作会议，会议部署了全年的重点任务，力争技术合同登记额达80亿元。"
RANDOM = random.Random(7)
MAIL = b"From: a@x.example\r\nSubject: t\r\nMIME-Version: 1.0\r\n"
BASE64 = b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"
PARTS = b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n"
Content = bytes | Callable[[Path], None]


def _zip(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return made.getvalue()


def _docx(document: bytes, types: bytes = b"") -> bytes:
    """A Word document with another ``document.xml``."""
    plain, made = io.BytesIO(), io.BytesIO()
    docx.Document().save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = document if name == "word/document.xml" else old.read(name)
            new.writestr(name, types if types and name == "[Content_Types].xml" else data)
    return made.getvalue()


W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]><w:document " + W + b"><w:body><w:p><w:r><w:t>&a11;</w:t></w:r></w:p></w:body></w:document>"
)  # fmt: skip
EMPTY_BODY = b"<w:document " + W + b"><w:body/></w:document>"

FULL_BODY = b"<w:document " + W + b"><w:body><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:body></w:document>"


def _pdf(stream: bytes, extra: bytes = b"", trailer: bytes = b"", filters: bytes = b"") -> bytes:
    """A PDF of one page, its table of contents right, whatever its stream."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d%s>>stream\n%s\nendstream" % (len(stream), filters, stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *([extra] if extra else []),
    ]
    made, places = b"%PDF-1.4\n", []
    for n, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj%s\nendobj\n" % (n, one)
    table = b"".join(b"%010d 00000 n \n" % p for p in places)
    count = len(objects) + 1
    return made + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (
        count, table, count, trailer, len(made)
    )  # fmt: skip


def _zeros(megabytes: int) -> bytes:
    """A zlib stream of so many megabytes of zeros."""
    import zlib

    packer = zlib.compressobj(9)
    return b"".join([*(packer.compress(bytes(1_000_000)) for _ in range(megabytes)), packer.flush()])


def _tar(*members: tuple[tarfile.TarInfo, bytes], mode: str = "w") -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:  # type: ignore[call-overload]
        for info, data in members:
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


def _member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def _bad_crc() -> bytes:
    data = bytearray(_zip(("a.txt", GOOD.encode()), method=zipfile.ZIP_STORED))
    data[40] ^= 1
    return bytes(data)


def _locked_zip() -> bytes:
    data = bytearray(_zip(("a.txt", GOOD.encode())))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + at] |= 1
    return bytes(data)


def _lying_directory() -> bytes:
    data = bytearray(_zip(("a.txt", GOOD.encode())))
    struct.pack_into("<L", data, data.rindex(b"PK\x05\x06") + 12, 0x7FFFFFFF)
    return bytes(data)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(200_000_000)


def _unreadable(path: Path) -> None:
    path.write_bytes(GOOD.encode())
    path.chmod(0)


BOMB = _zip(*((f"{n}.txt", bytes(15_000_000)) for n in range(4)))
ENCRYPTED = b"<</Filter/Standard/V 1/R 2/O(" + b"o" * 32 + b")/U(" + b"u" * 32 + b")/P -4>>"

# Each with the reason, or how it begins or what it holds.
BAD: dict[str, tuple[Content, str]] = {
    "empty.txt": (b"", "the file is empty"),
    "blank.txt": (b" \r\n\t\n" * 50, "the file is empty"),
    "mark_only.txt": (b"\xef\xbb\xbf\n", "the file is empty"),
    "nulls.txt": (bytes(5000), "not readable as text"),
    "random.txt": (RANDOM.randbytes(20_000), "not readable as text"),
    "random.html": (b"<html>" + RANDOM.randbytes(20_000), "not readable as text"),
    "png.txt": (b"\x89PNG\r\n\x1a\n" + RANDOM.randbytes(500), "not a text page: it looks like a PNG image"),
    "jpeg.html": (b"\xff\xd8\xff\xe0" + RANDOM.randbytes(500), "not a text page: it looks like a JPEG image"),
    "gif.md": (b"GIF89a" + RANDOM.randbytes(500), "not a text page: it looks like a GIF image"),
    "webp.txt": (b"RIFF\0\0\0\0WEBP" + RANDOM.randbytes(500), "not a text page: it looks like a WebP image"),
    "elf.txt": (b"\x7fELF" + bytes(100), "not a text page: it looks like a program"),
    "exe.txt": (b"MZ\x90\0" + bytes(100), "not a text page: it looks like a program"),
    "film.txt": (b"\0\0\0\x18ftypmp42" + bytes(100), "not a text page: it looks like a film"),
    "database.txt": (b"SQLite format 3\0" + bytes(100), "not a text page: it looks like an SQLite database"),
    "old_word.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a Word file under a password"),
    "old_word.txt": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Word file; save it as .docx"),
    "rich.txt": (rb"{\rtf1\ansi hello}", "an RTF file; save it as .docx"),
    "seven.zip": (b"7z\xbc\xaf'\x1c" + bytes(100), "a 7z archive; unpack it"),
    "rar.zip": (b"Rar!\x1a\x07\0" + bytes(100), "a RAR archive; unpack it"),
    "truncated.pdf": (_pdf(b"BT ET")[:120], "a PDF that is damaged"),
    "head_only.pdf": (b"%PDF-1.7\n", "a PDF that is damaged"),
    "pdf_named.txt": (b"%PDF-1.7\n" + RANDOM.randbytes(900), "a PDF that is damaged"),
    "encrypted.pdf": (_pdf(b"BT ET", ENCRYPTED, b"/Encrypt 6 0 R/ID[(a)(a)]"), "a PDF that is under a password"),
    "scan.pdf": (_pdf(b"0 0 10 10 re f"), "a PDF without text, perhaps a scan"),
    "endless.pdf": (_pdf(_zeros(1500), filters=b"/Filter/FlateDecode"), "a PDF"),
    "loop.pdf": (_pdf(b"").replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"), "a PDF"),
    "text_named.pdf": (bytes(range(1, 256)) * 20, "not readable as text"),
    "bomb.zip": (BOMB, "an archive that unpacks to over 100 times its size"),
    "nested.zip": (_zip(("inner.zip", BOMB)), "an archive inside another"),
    "bomb.tar.gz": (_tar((_member("a.txt"), bytes(15_000_000)), mode="w:gz"), "an archive that unpacks to over 100"),
    "names.zip": (_zip(("../../etc/passwd.txt", b"x"), ("/root/a.txt", b"x")), "its name leads out of the archive"),
    "crc.zip": (_bad_crc(), "damaged in its archive"),
    "locked.zip": (_locked_zip(), "under a password"),
    "torn.zip": (_zip(("a.txt", GOOD.encode()))[:60], "a damaged or incomplete archive"),
    "directory.zip": (_lying_directory(), "an archive with too many files"),
    "images.zip": (_zip(("a.png", b"x")), "an archive without a page in it"),
    "rare.zip": (_zip(("a.txt", b"x" * 99), method=zipfile.ZIP_LZMA), "packed by a rare method"),
    "book.zip": (_zip(("mimetype", b"application/epub+zip"), ("META-INF/container.xml", b"")), "an e-book (EPUB)"),
    "sheet.docx": (_zip(("[Content_Types].xml", b""), ("xl/workbook.xml", b"")), "an Excel workbook"),
    "zip_named.pdf": (_zip(("../a.txt", b"x")), "its name leads out of the archive"),
    "torn.txt.gz": (gzip.compress(RANDOM.randbytes(5000))[:2000], "a damaged or incomplete gzip file"),
    "bomb.txt.gz": (gzip.compress(bytes(60_000_000)), "larger than 20 MB"),
    "twice.txt.gz": (gzip.compress(gzip.compress(b"x")), "an archive inside another"),
    "links.tar": (
        _tar((_member("a.txt", tarfile.SYMTYPE, "/etc/passwd"), b""), (_member("b.txt", tarfile.CHRTYPE), b"")),
        "a link or device in an archive",
    ),
    "torn.tar": (_tar((_member("a.txt"), GOOD.encode() * 100))[:700], "damaged in its archive"),
    "bomb.docx": (_docx(EMPTY_BODY + b" " * 60_000_000), "a Word document that unpacks"),
    "laughs.docx": (_docx(LAUGHS), "a "),
    "torn.docx": (_docx(EMPTY_BODY)[:2000], "a damaged or incomplete ZIP or Word file"),
    "broken.docx": (_docx(b"<w:document><w:body>"), "a damaged or incomplete Word document"),
    "empty.docx": (_docx(EMPTY_BODY), "a Word document without text"),
    "large.txt": (_sparse, "larger than 20 MB; split it"),
    "long.txt": (GOOD.encode() * 60_000, "its text is longer than 2 million characters"),
    "half_utf16.txt": (GOOD.encode("utf-16-le")[:30] + RANDOM.randbytes(600), "not readable as text"),
    "mixed.txt": (("会议" * 40).encode("gb18030") + RANDOM.randbytes(400), "not readable as text"),
    "surrogates.txt": (b"\xed\xa0\x80\xed\xb0\x80" * 400, "not readable as text"),
    "deep.html": (b"<html><body>" + b"<div>" * 100_000, "no text was found"),
    "attributes.html": (b"<html><p " + b" ".join(b"a%d=1" % n for n in range(1_000_000)) + b">", "no text was found"),
    "attribute.html": (b"<html><p title='" + b"x" * 15_000_000 + b"'>", "no text was found"),
    "script.html": (b"<html><script>" + GOOD.encode() * 50, "no text was found"),
    "pieces.html": (b"<html><body>" + b"<p>x" * 300_000, "its text is in more than 200,000 pieces"),
    "bomb.eml": (MAIL + BASE64 + base64.b64encode(bytes(9_000_000)), "not readable as text"),
    "no_boundary.eml": (MAIL + b"Content-Type: multipart/mixed\r\n\r\n--x\r\nhello", "a mail without a page in it"),
    "nested.eml": (MAIL + b"".join(PARTS % (n, n) for n in range(3000)), "a mail "),
    "parts.eml": (MAIL + PARTS % (0, 0) + b"\r\nx\r\n--0\r\n" * 20_000, "a mail of more than 1,000 parts"),
    "image.mht": (MAIL + b"Content-Type: image/png\r\n\r\nx", "a mail without a page in it"),
    "torn.jsonl": (b'{"id": "1", "text": ', "not a JSON object"),
    "list.jsonl": (b"[1, 2]", "not a JSON object"),
    "types.jsonl": (b'{"id": "1", "text": ["a"]}', "its 'text' is not text"),
    "keys.jsonl": (b'{"text": "a"}', "needs 'id' and 'text'"),
    "deep.jsonl": (b"[" * 100_000, "not a JSON object"),
    "huge.jsonl": (b'{"id": "1", "text": "' + b"x" * 9_000_000 + b'"}', "longer than 8 MB"),
    "gbk.jsonl": ('{"id": "1", "text": "云川市"}'.encode("gbk"), "not a JSON object (not in UTF-8)"),
}  # fmt: skip

# Hostile, and yet there is a page in each.
GOOD_FILES: dict[str, bytes] = {
    "good.txt": GOOD.encode(),
    "good.html": f"<html><body><p>{GOOD}</p></body></html>".encode("gb18030"),
    "utf16.html": f"<html><body><p>{GOOD}</p></body></html>".encode("utf-16"),
    "html_named.txt": f"<!DOCTYPE html><html><body><p>{GOOD}</p></body></html>".encode(),
    "good.zip": _zip(("a.txt", GOOD.encode()), ("x.png", b"")),
    "deep_text.html": b"<html><body>" + b"<div>" * 100_000 + f"<p>{GOOD}</p>".encode(),
    "comments.html": f"<html><body><p>{GOOD}</p>".encode() + b"<!-- " * 200_000,
    "brackets.html": f"<html><body><p>{GOOD}</p>".encode() + b"<" * 100_000,
    "bold.html": f"<html><body><p>{GOOD}</p><p>".encode() + b"<b>x</b>" * 130_000,
    "quotes.html": f"<html><body><p>{GOOD}</p>".encode() + b"<p a='" * 100_001,
    "references.html": f"<html><body><p>{GOOD}&#{'9' * 5000};</p>".encode() + b"&amp" * 50_000,
    "line.txt": (GOOD * 5000).encode(),
    "cafe.txt": b"The Caf\xe9 of the science park opened in spring, and the city's laboratories met there. " * 3,
    "good.docx": _docx(FULL_BODY % GOOD.encode()),
    "good.pdf": _pdf(b"BT /F 12 Tf 20 200 Td (The science park of Yunchuan opened today.) Tj ET"),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    for name, content in [*GOOD_FILES.items(), *((n, c) for n, (c, _) in BAD.items())]:
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
        else:
            content(folder / name)
    return folder


@pytest.fixture
def specials(folder: Path) -> dict[str, str]:
    """What a file system can put in a page's place, each with its reason."""
    found = {"nowhere.txt": "can't be read (a link that leads nowhere)"}
    (folder / "nowhere.txt").unlink(missing_ok=True)
    (folder / "nowhere.txt").symlink_to(folder / "gone")
    if hasattr(os, "mkfifo"):
        (folder / "pipe.txt").unlink(missing_ok=True)
        os.mkfifo(folder / "pipe.txt")
        (folder / "zero.html").unlink(missing_ok=True)
        (folder / "zero.html").symlink_to("/dev/zero")
        found |= {"pipe.txt": "not a regular file", "zero.html": "not a regular file"}
    if hasattr(os, "geteuid") and os.geteuid() != 0:
        _unreadable(folder / "locked.txt")
        found["locked.txt"] = "can't be read (Permission denied)"
    (folder / "folder.txt").mkdir(exist_ok=True)
    (folder / "folder.txt" / "inside.txt").write_text(GOOD, encoding="utf-8")
    return found


def _name(failure: Failure) -> str:
    return re.split(r"!/|, line ", failure.path)[0].rsplit("/", 1)[-1]


class _Memory:
    """How far this process's memory grows, in bytes (Linux); the readers' own processes have a limit."""

    def __init__(self) -> None:
        self._status = Path("/proc/self/status")
        try:
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # sets the peak back to the present
            self._before: int | None = self._read("VmRSS")
        except OSError:
            self._before = None

    def _read(self, name: str) -> int:
        match = re.search(rf"{name}:\s+(\d+) kB", self._status.read_text(encoding="ascii"))
        assert match
        return int(match[1]) * 1024

    def growth(self) -> int:
        return 0 if self._before is None else self._read("VmHWM") - self._before


def test_every_bad_file_has_one_reason_and_every_good_one_is_taken(
    library: Library, folder: Path, specials: dict[str, str]
) -> None:
    expected = {name: reason for name, (_, reason) in BAD.items()} | specials
    assert len(expected) >= 50
    memory = _Memory()
    report = ingest(library, [folder, folder / "not\0a name", folder / "absent.txt"])
    got: dict[str, list[str]] = {}
    for failure in report.failed:
        got.setdefault(_name(failure), []).append(failure.reason)
    wrong = {n: got.get(n) for n, reason in expected.items() if not any(reason in r for r in got.get(n, []))}
    assert wrong == {}
    assert set(got) == {*expected, "not\0a name", "absent.txt"}
    for name, reasons in got.items():
        _assert_clear(name, reasons)
    assert memory.growth() < 400_000_000, memory.growth()
    assert _taken(report, folder) == {*GOOD_FILES, "folder.txt"}


def _assert_clear(name: str, reasons: list[str]) -> None:
    """One sentence, no internals, and no second one where a file is one page."""
    assert name in ("names.zip", "links.tar", "bomb.tar.gz", "torn.tar") or len(reasons) == 1, (name, reasons)
    for reason in reasons:
        assert "unexpected" not in reason
        assert 8 < len(reason) < 200, reason
        assert "\n" not in reason
        assert "Error" not in reason, reason


def _taken(report: IngestReport, folder: Path) -> set[str]:
    return {Path(a.path).relative_to(folder.resolve()).parts[0].removesuffix("!") for a in report.articles}


def test_a_file_that_vanishes_is_told(library: Library, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.txt").write_text(GOOD + name, encoding="utf-8")

    def progress(done: float, total: int, label: str) -> None:
        (tmp_path / "b.txt").unlink(missing_ok=True)

    report = ingest(library, [tmp_path / "a.txt", tmp_path / "b.txt", tmp_path / "c.txt"], progress)
    assert [Path(a.path).name for a in report.articles] == ["a.txt", "c.txt"]
    assert [f.reason for f in report.failed] == ["no such file or folder"]


def test_records_beside_broken_ones_are_taken(library: Library, tmp_path: Path) -> None:
    lines = [b'{"id": "a', b"\xff\xfe", b'{"id": 1, "text": 5}', json.dumps({"id": "x", "text": GOOD}).encode()]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines))
    report = ingest(library, [tmp_path])
    assert (report.added, len(report.failed)) == (1, 3)
