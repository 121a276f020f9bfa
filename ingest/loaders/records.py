"""``.jsonl`` files: one page a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import IO

from ingest.loaders.source import Source
from library.errors import PageError
from library.records import Failure

MAX_LINE = 8_000_000
_FIELDS = {"id": (str, int), "text": (str,), "title": (str, int), "date": (str, int), "url": (str,)}
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def read_records(uri: str, shown: str, lines: IO[bytes]) -> Iterator[Source | Failure]:
    """One source a line; the file is streamed, for it may hold ten thousand articles.

    Args:
        uri: of the file; a record's own is ``uri#id``.
        shown: how failures name the file.
        lines: the file.
    """
    first: dict[str, int] = {}
    for number, line in enumerate(_lines(lines), 1):
        if not line.strip():
            continue
        try:
            found: Source | Failure = _record(uri, line)
        except PageError as error:
            found = Failure(f"{shown}, line {number}", str(error))
        if isinstance(found, Source) and first.setdefault(found.uri, number) < number:
            found = Failure(f"{shown}, line {number}", f"its id is that of line {first[found.uri]}")
        yield found


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines; one that is too long comes cut off just past the limit, and its rest is passed over."""
    while line := file.readline(MAX_LINE + 1):
        yield line
        while len(line) > MAX_LINE and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE + 1)
            if len(line) <= MAX_LINE:
                break


def _record(uri: str, line: bytes) -> Source:
    if len(line) > MAX_LINE:
        raise PageError(f"longer than {MAX_LINE // 10**6} MB; split the text")
    try:
        record = json.loads(line.decode("utf-8-sig"))
        found = {k: record[k] for k in _FIELDS if record.get(k) is not None}
    except (ValueError, AttributeError, RecursionError) as error:
        said = "not in UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        raise PageError(f"not a JSON object ({said})") from error
    wrong = next((k for k, v in found.items() if not isinstance(v, _FIELDS[k]) or isinstance(v, bool)), None)
    if wrong:
        raise PageError(f"its '{wrong}' is not text")
    # Half an emoji, where a scraper cut a text short, can't be stored; one character stands for one.
    given = {k: _LONE_SURROGATE.sub("\ufffd", str(v)) for k, v in found.items()}
    if not given.get("id") or not given.get("text"):
        raise PageError("needs 'id' and 'text'")
    # The hash is of the content, not of the line: the order of keys says nothing.
    canonical = json.dumps(given, sort_keys=True, ensure_ascii=False).encode()
    return Source(f"{uri}#{given['id']}", lambda: canonical, given)
