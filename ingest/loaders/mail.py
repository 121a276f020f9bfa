"""E-mail and the pages that browsers save in its form (``.mht``): the part that holds the page.

Headers are read one by one and only so far: the standard library's structured parser needs quadratic time
for a long one, and raises on many that are merely odd.
"""

from __future__ import annotations

import re
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime

from ingest.loaders.encodings import decode
from ingest.loaders.html import read_html
from ingest.loaders.source import Reading
from ingest.origin import Text
from lang.people import find_people
from library.errors import PageError

_MAX_HEADER = 4_000
_MAX_PARTS = 1_000
_LATIN_NAME = re.compile(r"[A-Z][a-z]+(?:[ -][A-Z]\.?[a-z]*){1,3}")
_ROBOT = re.compile(r"(?i)no-?reply|news|info|admin|service|notif|system|bulletin|postmaster|daemon|mailer|support")


def read_mail(data: bytes) -> Reading:
    """The HTML part of a mail if it has one, else its plain text; subject, date and sender as metadata.

    ``raw`` is that part, decoded. The sender is the author where it names a person, else the source.

    Raises:
        PageError: it has no such part, or none that can be read.
    """
    try:
        message = message_from_bytes(data)
        parts = _parts(message)
    except RecursionError as error:
        raise PageError("a mail with parts nested too deeply; save the page itself") from error
    part = next((p for kind in ("text/html", "text/plain") for p in parts if p.get_content_type() == kind), None)
    body = part.get_payload(decode=True) if part else None
    if part is None or not isinstance(body, bytes) or not body.strip():
        raise PageError("a mail without a page in it; save the page itself")
    raw, _ = decode(body, str(part.get_content_charset("") or ""))
    title, date, sender = _header(message, "Subject"), _date(message), _sender(message)
    author, source = (sender, "") if _is_person(sender) else ("", sender)
    if part.get_content_type() == "text/plain":
        return Reading(raw, Text.from_raw(raw), title, date, source, author)
    page = read_html(raw)
    return Reading(raw, page.text, page.title or title, page.date or date, page.source or source, page.author or author)


def _parts(message: Message) -> list[Message]:
    """The parts that may be the page: not what is attached."""
    parts: list[Message] = []
    for part in message.walk():
        parts.append(part)
        if len(parts) > _MAX_PARTS:
            raise PageError(f"a mail of more than {_MAX_PARTS:,} parts; save the page itself")
    return [p for p in parts if not p.is_multipart() and p.get_content_disposition() != "attachment"]


def _header(message: Message, name: str) -> str:
    written = next((v for k, v in message.raw_items() if k.lower() == name.lower()), "")
    written = str(written)[:_MAX_HEADER]
    try:
        pieces = decode_header(written)
    except Exception:  # a broken encoded word raises whatever its decoder does
        return written
    text = "".join(_decoded(piece, charset) for piece, charset in pieces)
    return " ".join(text.split())


def _decoded(piece: str | bytes, charset: str | None) -> str:
    data = piece.encode("utf-8", "surrogateescape") if isinstance(piece, str) else piece
    try:
        return decode(data, charset or "")[0] if data.strip() else data.decode("ascii", "replace")
    except PageError:  # too short to tell by its look: what it says is all there is
        try:
            return data.decode(charset or "gb18030", "replace")
        except LookupError:
            return data.decode("gb18030", "replace")


def _date(message: Message) -> str:
    try:
        return parsedate_to_datetime(_header(message, "Date")).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _sender(message: Message) -> str:
    name, address = parseaddr(_header(message, "From"))
    if not address and name.startswith(("Saved by", "由")):
        return ""
    return "" if re.match(r"Saved by|由 .*保存", name) or "<Saved by" in _header(message, "From") else name


def _is_person(name: str) -> bool:
    """Whether a sender's name is a person's, Chinese (as after a title) or Latin (two or more words).

    >>> _is_person("白玉涛"), _is_person("Bai Yutao"), _is_person("云川日报"), _is_person("News Service")
    (True, True, False, False)
    """
    if _ROBOT.search(name):
        return False
    return find_people(f"局长{name}表示") == [name] or _LATIN_NAME.fullmatch(name) is not None
