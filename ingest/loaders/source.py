"""What a loader is given and what it gives: a source of bytes, a page read from it, and the limits of both."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from ingest.origin import Text
from library.errors import PageError

MAX_BYTES = 20_000_000
"""The largest file, download or archive member that is read as one page."""

MAX_CHARS = 2_000_000
"""The longest text of one page. A thousand-page yearbook has less; offsets cost a hundred bytes a character."""


@dataclass(frozen=True, slots=True)
class Source:
    """A page that can be read: its URI, and how to get its bytes (hash them to know whether it changed).

    ``given`` holds the fields of a ``.jsonl`` record; it is empty for any other page.
    """

    uri: str
    read: Callable[[], bytes] = field(repr=False)
    given: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader finds in a page's bytes; each field of metadata is empty where the page does not give it.

    Attributes:
        raw: the characters that offsets count. For text, Markdown, HTML and records it is the decoded file;
            for a mail or a browser's archive, the decoded part that was read; for PDF and DOCX, which have
            no text of their own, the text extracted from them, a paragraph or printed line a line.
        text: the part of ``raw`` that cleaning starts from.
    """

    raw: str
    text: Text
    title: str = ""
    date: str = ""
    source: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as it arrived: decoded, with the text that cleaning starts from, and what it says of itself.

    The fields are those of ``Reading``, whose docstring says what ``raw`` is for each format.
    """

    uri: str
    raw: str
    text: Text
    title: str = ""
    date: str = ""
    source: str = ""
    author: str = ""


class Download(bytes):
    """Bytes from a server, with what it said about them: a charset and a media type, or nothing."""

    charset: str = ""
    media_type: str = ""


def too_large() -> PageError:
    return PageError(f"larger than {MAX_BYTES / 10**6:g} MB; split it")


def too_long() -> PageError:
    return PageError(f"its text is longer than {MAX_CHARS / 10**6:g} million characters; split it")


def sha256(data: bytes) -> str:
    """The hash by which an unchanged page is known."""
    return hashlib.sha256(data).hexdigest()
