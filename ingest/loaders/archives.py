"""Archives of pages: ``.zip``, ``.tar``, ``.tar.gz``, read member by member; nothing is ever written to disk.

An archive may be a bomb: what it holds is counted and weighed as it is read, and it is let go of at the limit.
"""

from __future__ import annotations

import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from ingest.loaders import source
from ingest.loaders.files import open_regular, uri
from ingest.loaders.formats import check_directory, told_format
from ingest.loaders.records import read_records
from ingest.loaders.source import Source
from library.errors import PageError
from library.records import Failure

ARCHIVE_SUFFIXES = frozenset([".zip", ".tar", ".tgz"])
MAX_MEMBERS = 20_000
MAX_UNPACKED = 1_000_000_000
MAX_RATIO = 100
"""Unpacked to packed, of an archive past ten megabytes. Pages of one site pack 5 to 30 times smaller."""

_RATIO_FROM = 10_000_000
_INNER = frozenset(
    ".txt .text .md .markdown .html .htm .xhtml .shtml .jsonl .pdf .docx .eml .mht .mhtml .gz .zip .tar .tgz".split()
)
_DAMAGED = "a damaged or incomplete archive; fetch or make it again"
_ERRORS = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, EOFError, OSError)
_ODD_ERRORS = (*_ERRORS, struct.error, ValueError, NotImplementedError, RuntimeError, IndexError, OverflowError)

Found = Iterator[Source | Failure]


def members(path: Path, head: bytes) -> Found | None:
    """The pages in an archive, or None if the file is no archive but a page itself.

    The reason of whatever can't be read comes in its place, for one member or for the archive.

    Raises:
        PageError: the file can't be read, or is in a format that can't be.
    """
    kind = told_format(head, path.suffix.lower())
    if kind == "zip" and not _is_document(path):
        return _guarded(path, _zip_members)
    if kind == "tar" or (kind == "gzip" and _holds_tar(path)):
        return _guarded(path, _tar_members)
    return None


def gunzip(data: bytes) -> bytes:
    """A page that was packed by itself.

    Raises:
        PageError: it is damaged or grows too large.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            page = packed.read(source.MAX_BYTES + 1)
    except _ERRORS as error:
        raise PageError("a damaged or incomplete gzip file; fetch it again") from error
    if len(page) > source.MAX_BYTES:
        raise source.too_large()
    return page


def _guarded(path: Path, read: Callable[[Path], Found]) -> Found:
    """The members, and what goes wrong between them as a failure of the archive."""
    count = 0
    try:
        for found in read(path):
            count += 1
            yield found
    except PageError as error:
        yield Failure(uri(path), str(error))
    except _ODD_ERRORS:
        yield Failure(uri(path), _DAMAGED)
    else:
        if not count:
            yield Failure(uri(path), "an archive without a page in it")


def _is_document(path: Path) -> bool:
    """Whether a ZIP file is an office document, which is for its reader to judge."""
    try:
        with open_regular(path) as file:
            check_directory(file)  # type: ignore[arg-type]
            with zipfile.ZipFile(file) as package:
                names = package.namelist()
    except (PageError, *_ODD_ERRORS):
        return path.suffix.lower() == ".docx"
    return "[Content_Types].xml" in names or "mimetype" in names


def _holds_tar(path: Path) -> bool:
    try:
        with open_regular(path) as file, gzip.GzipFile(fileobj=file) as packed:
            return packed.read(262)[257:262] == b"ustar"
    except (PageError, *_ERRORS):
        return path.suffix.lower() == ".tgz" or path.name.lower().endswith(".tar.gz")


class _Archive:
    """An open archive. Its sources share it, and the last that is dropped closes it."""

    def __init__(self, path: Path) -> None:
        self.file = open_regular(path)

    def __del__(self) -> None:
        if hasattr(self, "file"):
            self.file.close()


def _zip_members(path: Path) -> Found:
    archive = _Archive(path)
    check_directory(archive.file)  # type: ignore[arg-type]
    package = zipfile.ZipFile(archive.file)
    infos = [i for i in package.infolist() if not i.is_dir()]
    if len(infos) > MAX_MEMBERS:
        raise _too_many()
    _weigh(sum(i.file_size for i in infos), archive.file.seek(0, io.SEEK_END))
    seen: set[str] = set()
    for info in infos:
        name = _zip_name(info)
        reason = _unfit(name, seen)
        if reason is None:
            continue
        reason = reason or _unfit_zip(info)

        def read(info: zipfile.ZipInfo = info, keep: _Archive = archive) -> bytes:
            return _read_member(partial(package.open, info))

        yield from _member(path, name, reason, info.file_size, read, partial(package.open, info))


def _zip_name(info: zipfile.ZipInfo) -> str:
    """A member's name. Without the UTF-8 flag its bytes are in whatever the packer's system spoke."""
    if info.flag_bits & 0x800:
        return info.filename
    written = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _unfit_zip(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 1:
        return "under a password; unpack it and give the folder"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "packed by a rare method; unpack it and give the folder"
    if (info.external_attr >> 16) & 0o170000 == 0o120000:
        return "a link in an archive, and links are not followed there"
    return ""


def _tar_members(path: Path) -> Found:
    archive = _Archive(path)
    size = archive.file.seek(0, io.SEEK_END)
    archive.file.seek(0)
    packed = archive.file.read(2) == b"\x1f\x8b"
    archive.file.seek(0)
    inner: IO[bytes] = gzip.GzipFile(fileobj=archive.file) if packed else archive.file  # type: ignore[assignment]
    tar = tarfile.open(fileobj=_Weighed(inner, size), mode="r:", encoding="utf-8", errors="surrogateescape")  # noqa: SIM115
    seen: set[str] = set()
    for count, info in enumerate(tar):
        if count >= MAX_MEMBERS:
            raise _too_many()
        name = _tar_name(info)
        reason = None if info.isdir() else _unfit(name, seen)
        if reason is None:
            continue
        if not info.isreg():
            reason = reason or "a link or device in an archive, and those are not read"

        def read(info: tarfile.TarInfo = info, keep: _Archive = archive) -> bytes:
            return _read_member(partial(tar.extractfile, info))

        yield from _member(path, name, reason, info.size, read, partial(tar.extractfile, info))


def _tar_name(info: tarfile.TarInfo) -> str:
    try:
        return info.name.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeDecodeError:
        return info.name.encode("utf-8", "surrogateescape").decode("gb18030", "backslashreplace")


class _Weighed(io.RawIOBase):
    """An unpacked stream that is let go of when it has grown too far past its packed size."""

    def __init__(self, inner: IO[bytes], size: int) -> None:
        super().__init__()
        self._inner, self._size = inner, size

    def read(self, size: int = -1) -> bytes:
        data = self._inner.read(size)
        _weigh(self._inner.tell(), self._size)
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        # In steps, for a seek unpacks all that it passes over.
        while whence == io.SEEK_SET and offset - self._inner.tell() > 8_000_000:
            before = self._inner.tell()
            self._inner.seek(before + 8_000_000)
            _weigh(self._inner.tell(), self._size)
            if self._inner.tell() == before:
                break
        return self._inner.seek(offset, whence)

    def tell(self) -> int:
        return self._inner.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True


def _weigh(unpacked: int, packed: int) -> None:
    if unpacked > MAX_UNPACKED:
        raise PageError(f"an archive that unpacks to more than {MAX_UNPACKED // 10**9} GB; split it")
    if unpacked > _RATIO_FROM and unpacked > packed * MAX_RATIO:
        raise PageError(f"an archive that unpacks to over {MAX_RATIO} times its size, as no archive of pages does")


def _too_many() -> PageError:
    return PageError(f"an archive of more than {MAX_MEMBERS:,} files; split it, or unpack it and give the folder")


def _unfit(name: str, seen: set[str]) -> str | None:
    """Why a member can't be read ("" if it can), or None where it is no page and is passed over."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    leads_out = ".." in parts or name.startswith(("/", "\\")) or name[1:2] == ":"
    hidden = not leads_out and any(p.startswith(".") or p == "__MACOSX" for p in parts)
    if hidden or not parts or PurePosixPath(parts[-1]).suffix.lower() not in _INNER:
        return None
    if leads_out:
        return "its name leads out of the archive; unpack it with care"
    if name in seen:
        return "a second member of that name"
    seen.add(name)
    return ""


def _member(
    path: Path, name: str, reason: str, size: int, read: Callable[[], bytes], stream: Callable[[], IO[bytes] | None]
) -> Found:
    shown = name.encode("utf-8", "backslashreplace").decode().replace("\0", "")
    where = f"{uri(path)}!/{shown}"
    if not reason and name.lower().endswith(".jsonl"):
        lines = stream()
        if lines is not None:
            with lines:
                yield from read_records(where, where, lines)
    elif reason or size > source.MAX_BYTES:
        yield Failure(where, reason or str(source.too_large()))
    else:
        yield Source(where, read)


def _read_member(open_member: Callable[[], IO[bytes] | None]) -> bytes:
    try:
        member = open_member()
        data = b""
        if member is not None:
            with member:
                data = member.read(source.MAX_BYTES + 1)
    except _ODD_ERRORS as error:
        raise PageError("damaged in its archive; fetch or make the archive again") from error
    if len(data) > source.MAX_BYTES:
        raise source.too_large()
    return data
