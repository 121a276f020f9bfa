"""From paths and URLs to raw pages: finding them, reading their bytes, decoding, HTML to text."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ingest.loaders.encodings import decode
from ingest.loaders.html import looks_like_html, read_html
from ingest.origin import Text
from library.errors import PageError
from library.records import Failure

MAX_BYTES = 20_000_000
_TEXT_SUFFIXES = {".txt", ".text", ".md", ".html", ".htm", ".xhtml", ".shtml"}
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_HTML_SUFFIXES = {".html", ".htm", ".xhtml", ".shtml"}


@dataclass(frozen=True, slots=True)
class Source:
    """A page that can be read: its URI, and how to get its bytes (hash them to know whether it changed)."""

    uri: str
    read: Callable[[], bytes] = field(repr=False)
    given: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as it arrived: decoded, with the text that cleaning starts from, and what it says of itself."""

    uri: str
    raw: str
    text: Text
    title: str = ""
    date: str = ""
    source: str = ""


def is_url(path: str) -> bool:
    """Whether a path given by the user is to be fetched."""
    return path.startswith(("http://", "https://"))


def find_sources(paths: Iterable[str | Path]) -> Iterator[Source | Failure]:
    """Every page below the paths, in a stable order; what can't be read comes as a failure in its place.

    A folder gives its text and HTML files and ``.jsonl`` files, at any depth; hidden ones are passed over.
    """
    for path in map(str, paths):
        if is_url(path):
            yield Source(path, lambda url=path: _fetch(url))  # type: ignore[misc]
        elif Path(path).is_dir():
            unread: list[OSError] = []
            for found in _walk(Path(path), unread.append):
                yield from _from_file(found)
            yield from (Failure(str(e.filename), f"can't be read ({e.strerror})") for e in unread)
        elif Path(path).is_file():
            yield from _from_file(Path(path))
        else:
            yield Failure(path, "no such file or folder")


def read_page(source: Source, data: bytes) -> RawPage:
    """Decodes a page and finds its text.

    Raises:
        PageError: it is empty, too large, not text, or not in an encoding that can be told.
    """
    if not data.strip():
        raise PageError("the file is empty")
    if "id" in source.given:  # a record of a .jsonl file: its text is given, its file was decoded
        raw, given = source.given["text"], source.given
        return RawPage(source.uri, raw, Text.from_raw(raw), given.get("title", ""), given.get("date", ""))
    raw, _encoding = decode(data)
    suffix = Path(source.uri).suffix.lower()
    if suffix in _HTML_SUFFIXES or (suffix not in _TEXT_SUFFIXES and looks_like_html(raw)):
        page = read_html(raw)
        return RawPage(source.uri, raw, page.text, page.title, page.date, page.source)
    return RawPage(source.uri, raw, Text.from_raw(raw))


def _walk(folder: Path, on_error: Callable[[OSError], None]) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder, onerror=on_error):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            if Path(name).suffix.lower() in _TEXT_SUFFIXES | {".jsonl"} and not name.startswith("."):
                yield Path(parent) / name


def _from_file(path: Path) -> Iterator[Source | Failure]:
    if path.suffix.lower() == ".jsonl":
        yield from _records(path)
    else:
        yield Source(_uri(path), lambda: _read_file(path))


def _uri(path: Path) -> str:
    """The path as text, whatever bytes its name has (names in GBK come out of archives)."""
    return str(path.resolve()).encode("utf-8", "backslashreplace").decode()


def _read_file(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PageError(f"larger than {MAX_BYTES // 10**6} MB; split it")
        return path.read_bytes()
    except OSError as error:
        raise PageError(f"can't be read ({error.strerror})") from error


def _records(path: Path) -> Iterator[Source | Failure]:
    """One source a line; the file is streamed, for it may hold ten thousand articles."""
    first: dict[str, int] = {}
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    found = _record(path, number, line)
                    if isinstance(found, Source) and first.setdefault(found.uri, number) < number:
                        found = Failure(f"{path}, line {number}", f"its id is that of line {first[found.uri]}")
                    yield found
    except OSError as error:
        yield Failure(str(path), f"can't be read ({error.strerror})")


def _record(path: Path, number: int, line: bytes) -> Source | Failure:
    try:
        record = json.loads(line.decode("utf-8-sig"))
        fields = ("id", "text", "title", "date", "url")
        # Half an emoji, where a scraper cut a text short, can't be stored; one character stands for one.
        given = {k: _LONE_SURROGATE.sub("\ufffd", str(record[k])) for k in fields if record.get(k) is not None}
    except (ValueError, AttributeError, RecursionError) as error:
        return Failure(f"{path}, line {number}", f"not a JSON object ({error})")
    if not given.get("id") or not given.get("text"):
        return Failure(f"{path}, line {number}", "needs 'id' and 'text'")
    # The hash is of the content, not of the line: the order of keys says nothing.
    canonical = json.dumps(given, sort_keys=True, ensure_ascii=False).encode()
    return Source(f"{_uri(path)}#{given['id']}", lambda: canonical, given)


def _fetch(url: str) -> bytes:
    import httpx

    try:
        with httpx.stream("GET", url, follow_redirects=True, timeout=30) as response:
            response.raise_for_status()
            data = b""
            for part in response.iter_bytes():
                data += part
                if len(data) > MAX_BYTES:
                    raise PageError(f"larger than {MAX_BYTES // 10**6} MB")
            return data
    except httpx.HTTPStatusError as error:
        raise PageError(f"the server answered {error.response.status_code}") from error
    except httpx.HTTPError as error:
        raise PageError(f"can't be fetched ({error}); save the page and give its file") from error


def sha256(data: bytes) -> str:
    """The hash by which an unchanged page is known."""
    return hashlib.sha256(data).hexdigest()
