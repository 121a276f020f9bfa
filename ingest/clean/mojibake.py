"""Text that was decoded in the wrong encoding and saved: three ways of damage, undone where the bytes tell.

1. GBK read as Latin-1 or cp1252: »ÝÖÝÊÐ for 惠州市.
2. UTF-8 read as Latin-1 or cp1252: æƒ\xa0å·žå¸‚.
3. UTF-8 read as GBK: 鎯犲窞甯傜; bytes that made no pair were lost on the way, as U+FFFD or ``?``.

A run is touched only where its bytes decode strictly, to common Chinese, in more characters than chance would
give. A character whose bytes are gone becomes 〓; it is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ingest.origin import Cleaned, Edit, Note, Text

LOST = "〓"
_LINE = re.compile("[^\r\n]+")
_MIN_CHARS = 3
_MIN_COMMON = 0.9


def repair_mojibake(text: Text) -> Cleaned:
    """Undoes wrong decoding line by line; what is lost is flagged."""
    edits: list[Edit] = []
    notes: list[Note] = []
    for line in _LINE.finditer(text.chars):  # U+0085 ends no line here: it is a byte of 元
        for start, end, new in mojibake_edits(line[0]):
            edits.append((line.start() + start, line.start() + end, new))
            if LOST in new:
                notes.append((line.start() + start, line.start() + end, "bytes were lost when this was decoded"))
    return text.edit(edits, notes)


def mojibake_edits(chars: str) -> list[Edit]:
    """What undoes wrong decoding in a line: sorted edits, none for text that is right.

    An edit covers as few characters as the bytes allow (two Latin letters, or three wrong Han for two right
    ones), so each restored character keeps its place in the raw file.

    >>> text = "惠州市召开工作会议"
    >>> damaged = text.encode("gbk").decode("latin-1")
    >>> "".join(new for _, _, new in mojibake_edits(damaged)) == text
    True
    >>> mojibake_edits("Café Müller 在惠州市召开工作会议")
    []
    """
    edits: list[Edit] = []
    for find in (_whole_utf8_as_latin, _gbk_as_latin, _utf8_as_latin, _utf8_as_gbk, _replaced_twice):
        taken = {i for start, end, _ in edits for i in range(start, end)}
        edits += [e for e in find(chars) if taken.isdisjoint(range(e[0], e[1]))]
    return sorted(edits)


def undo_whole(text: str) -> tuple[str, str] | None:
    """A whole file's text as it was meant and how it was misread, if every byte of it tells; else None.

    Raises nothing: a file with some right lines is left as it is, for ``mojibake_edits`` to mend by line.
    """
    if text.isascii() or not (_LATIN_HINT.search(text) or _GBK_HINT.search(text)):
        return None
    for encode, encoding, name in (
        (_latin_bytes, "utf-8", "utf-8 read as latin-1"),
        (_latin_bytes, "gb18030", "gb18030 read as latin-1"),
        (_gbk_bytes, "utf-8", "utf-8 read as gb18030"),
    ):
        try:
            meant = encode(text).decode(encoding)
        except UnicodeError:
            continue
        wide = [c for c in meant if c > "\x7f"]
        if len(wide) >= 2 and _common_share(wide) >= _MIN_COMMON and _is_worse(text, wide):
            return meant, name
    return None


# --- what is common ---------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """The 3755 characters of GB2312's first level, Big5's first 5401 and the marks of running text."""
    simplified = (bytes([a, b]) for a in range(0xB0, 0xD8) for b in range(0xA1, 0xFF))
    traditional = (bytes([a, b]) for a in range(0xA4, 0xC7) for b in (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    found = "".join(b.decode("gb2312", "ignore") for b in simplified)
    found += "".join(b.decode("big5", "ignore") for b in traditional)
    return frozenset(found + _MARKS)


_MARKS = "，。、：；！？“”‘’（）《》〈〉【】「」『』—…·％～－\u3000○０１２３４５６７８９"


@lru_cache(maxsize=1)
def _first_level() -> frozenset[str]:
    simplified = (bytes([a, b]) for a in range(0xB0, 0xD8) for b in range(0xA1, 0xFF))
    return frozenset("".join(b.decode("gb2312", "ignore") for b in simplified) + _MARKS)


def _common_share(chars: list[str] | str) -> float:
    return sum(c in _common() for c in chars) / len(chars) if chars else 0.0


def _is_worse(before: str, after: list[str]) -> bool:
    """Whether the text as it stands looks less like Chinese than what its bytes would give."""
    wide = [c for c in before if c > "\x7f"]
    level = _first_level()
    share = sum(c in level for c in wide) / len(wide)
    return share <= 0.6 and share < sum(c in level for c in after) / len(after) + 0.2


def _is_text(char: str) -> bool:
    """Whether a restored character belongs in Chinese text at all."""
    return char in _MARKS or any(low <= char <= high for low, high in _BLOCKS)


_BLOCKS = (("\u4e00", "\u9fff"), ("\uff00", "\uffef"), ("\u2010", "\u27bf"))


# --- Latin letters that stand for bytes -------------------------------------------------------------------

_UNDEFINED = (0x81, 0x8D, 0x8F, 0x90, 0x9D)  # in cp1252
_CP1252 = {bytes([b]).decode("cp1252"): b for b in range(0x80, 0xA0) if b not in _UNDEFINED}
_BYTE = {**{chr(b): b for b in range(0x80, 0x100)}, **_CP1252}


def _class(low: int, high: int) -> str:
    return "[" + "".join(re.escape(c) for c, b in _BYTE.items() if low <= b <= high) + "]"


_HIGH, _CONT = _class(0x81, 0xFE), _class(0x80, 0xBF)
_CONT_OR_LOST = f"{_CONT[:-1]}\ufffd]"  # cp1252 leaves five bytes undefined
_LATIN_HINT = re.compile(f"{_HIGH}{_HIGH}")
_GBK_HINT = re.compile("[\u4e00-\u9fff][\u4e00-\u9fff€]")
# 0xA0, the last byte of 惠 and others, was a no-break space and often has become a plain one.
_REST = f"{_CONT_OR_LOST}{_CONT_OR_LOST}|{_CONT} |{_CONT}?[\ufffd?]|{_CONT}?"
_UTF8_SEQUENCE = re.compile(f"{_class(0xE2, 0xEF)}(?:{_REST})|{_class(0xC2, 0xDF)}{_CONT}")
_UTF8_RUN = re.compile(f"(?:{_UTF8_SEQUENCE.pattern}|[\\x20-\\x7e])+")
_GBK_RUN = re.compile(f"(?:{_HIGH}(?:{_HIGH}|[\\x40-\\x7e])|[\\x20-\\x7e])+")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_GBK_PAIRS = re.compile(f"(?:{_HIGH}{_HIGH}){{4,}}")


def _latin_bytes(text: str) -> bytes:
    table = {ord(c): chr(b) for c, b in _CP1252.items()}
    return text.translate(table).encode("latin-1")


def _whole_utf8_as_latin(chars: str) -> list[Edit]:
    """Runs without a loss, and without another such letter at their ends, as GBK would have."""
    return _utf8_as_latin(chars, strict=True)


def _utf8_as_latin(chars: str, strict: bool = False) -> list[Edit]:
    edits: list[Edit] = []
    for run in _UTF8_RUN.finditer(chars) if _LATIN_HINT.search(chars) else ():
        found = [(m, _decoded(m[0])) for m in _UTF8_SEQUENCE.finditer(chars, *run.span())]
        # A pair of letters may be one word's; only three of this shape have no other reading.
        whole = [c for m, c in found if c and len(m[0]) == 3 and _is_text(c)]
        lost = sum(c is None for _, c in found)
        around = chars[run.start() - 1 : run.start()] + chars[run.end() : run.end() + 1]
        if strict and (lost or any(c in _BYTE for c in around)):
            continue
        if not whole or lost > len(whole) or _common_share(whole) < _MIN_COMMON:
            continue
        for m, c in found:
            single = len(m[0]) == 1 and c is None
            if not (single and lost == len(found)):
                edits.append((*m.span(), c or LOST))
    return edits


def _decoded(sequence: str) -> str | None:
    """The character of a UTF-8 sequence read as Latin-1, or None where bytes are missing and more than one fits."""
    if len(sequence) == 3 and sequence.count("\ufffd") == 1:
        fits = [c for b in _UNDEFINED if (c := _decoded(sequence.replace("\ufffd", chr(b)))) in _common()]
        return fits[0] if len(fits) == 1 else None
    if "\ufffd" in sequence or "?" in sequence:
        return None
    data = bytes(_BYTE.get(c, ord(c) if c < "\x80" else 0x20) for c in sequence)
    for candidate in (data, data[:-1] + b"\xa0") if data.endswith(b" ") else (data,):
        try:
            return candidate.decode("utf-8")
        except UnicodeDecodeError:
            continue
    return None


def _gbk_as_latin(chars: str) -> list[Edit]:
    if not _LATIN_HINT.search(chars):
        return []
    edits: list[Edit] = []
    for run in _GBK_RUN.finditer(chars):
        edits += _gbk_pairs(chars, *run.span()) or [
            e for part in _GBK_PAIRS.finditer(chars, *run.span()) for e in _gbk_pairs(chars, *part.span())
        ]
    return edits


def _utf8_valid(letters: str) -> bool:
    try:
        _latin_bytes(letters).decode("utf-8")
    except UnicodeError:
        return False
    return True


def _gbk_pairs(chars: str, start: int, end: int) -> list[Edit]:
    """One edit a pair, if the whole stretch is GBK that gives common characters, and is no UTF-8."""
    if _utf8_valid(chars[start:end]):
        return []
    edits: list[Edit] = []
    at = start
    while at < end:
        if chars[at] in _BYTE:
            second = chars[at + 1] if at + 1 < end else ""
            try:
                char = bytes([_BYTE[chars[at]], _BYTE.get(second) or ord(second)]).decode("gb18030")
            except (UnicodeDecodeError, TypeError, ValueError):
                return []
            edits.append((at, at + 2, char))
            at += 2
        else:
            at += 1
    wide = [new for _, _, new in edits]
    enough = len(wide) >= 4 or (len(wide) >= _MIN_CHARS and start == 0 and end == len(chars))
    enough = enough and len(set(wide)) >= _MIN_CHARS  # a ruled line of dashes is no text
    return edits if enough and _common_share(wide) >= _MIN_COMMON and not _PRIVATE.search("".join(wide)) else []


# --- Han characters that stand for bytes ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Bytes:
    """GBK bytes of a line. ``owner[i]`` is the character that byte ``i`` came from; 0xFF is a lost byte."""

    data: bytes
    owner: list[int]


_BREAK = b"\xc0"  # no byte of UTF-8
# A lost byte is U+FFFD here or a question mark; how many bytes one stands for depends on who wrote it.
_SEQUENCE = re.compile(
    rb"[\xe3-\xe9\xef][\x80-\xbf]{2}|\xe2[\x80-\x9f][\x80-\xbf]|\xc2\xb7"
    rb"|[\xe2-\xe9\xef](?:[\xff?][\x80-\xbf]|[\x80-\xbf][\xff?]|[\xff?]{1,2}|[\x80-\xbf]?(?=[\x00-\x7e]|\Z))"
    rb"|\xff[\x80-\xbf]{1,2}"
)
_GBK_UTF8_RUN = re.compile(rb"(?:" + _SEQUENCE.pattern + rb"|[\x20-\x7e])+")


def _gbk_bytes(text: str) -> bytes:
    """The bytes that were read as these characters; cp936 reads a lone 0x80 as the euro sign."""
    return b"\x80".join(part.encode("gb18030") for part in text.split("€"))


def _line_bytes(chars: str) -> _Bytes:
    data, owner = bytearray(), []
    for i, c in enumerate(chars):
        piece = b"\x80" if c == "€" else b"\xff" if c == "\ufffd" else c.encode("gb18030", "replace")
        piece = piece if len(piece) <= 2 else _BREAK
        data += piece
        owner += [i] * len(piece)
    return _Bytes(bytes(data), owner)


def _utf8_as_gbk(chars: str) -> list[Edit]:
    if not _GBK_HINT.search(chars):
        return []
    line = _line_bytes(chars)
    parts: list[_Found] = []
    for run in _GBK_UTF8_RUN.finditer(line.data):
        found = [(m.start(), m.end(), _whole(m[0])) for m in _SEQUENCE.finditer(line.data, *run.span())]
        parts.append(_from_character(found, line))
    # Where one run of a line is surely damaged, a shorter or poorer one beside it is so too.
    sure = any(_qualifies(chars, part, line, 4) for part in parts)
    kept = [p for p in parts if _qualifies(chars, p, line, 0 if sure else 2)]
    return [edit for part in kept for edit in _aligned(part, line)]


def _whole(data: bytes) -> str | None:
    """The character, or None where a byte is missing and more than one would fit."""
    if data[:1] == b"\xe2" and data[1:2] in (b"\xff", b"?"):  # a quotation mark or dash: 0x80 makes no pair
        data = b"\xe2\x80" + data[2:]
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


_Found = list[tuple[int, int, str | None]]


def _from_character(found: _Found, line: _Bytes) -> _Found:
    """The sequences from the first on that begins where a character does, and to the last of three bytes."""

    def is_first(at: int, end: int, char: str | None) -> bool:
        return _starts_character(line, at) and (char != "·" if char else b"\xff" in line.data[at + 1 : end])

    first = next((i for i, (at, end, c) in enumerate(found) if is_first(at, end, c)), len(found))
    last = len(found)
    while last > first and found[last - 1][2] == "·":
        last -= 1
    return found[first:last]


def _starts_character(line: _Bytes, at: int) -> bool:
    return at == 0 or line.owner[at] != line.owner[at - 1]


def _qualifies(chars: str, part: _Found, line: _Bytes, least: int) -> bool:
    """Whether a part is text that was misread: it gives at least so many characters, and common ones."""
    whole = [c for _, _, c in part if c]
    if not part or len(whole) < least or not all(map(_is_text, whole)):
        return False
    if least and len(whole) < 0.5 * len(part):
        return False
    covered = sorted({line.owner[i] for at, end, _ in part for i in range(at, end)})
    wide = [chars[i] for i in covered if chars[i] > "\x7f" and chars[i] != "\ufffd"]
    level = _first_level()
    before = sum(c in level for c in wide) / max(len(wide), 1)
    after = sum(c in level for c in whole) / max(len(whole), 1)
    # Two characters by chance are not unheard of in three million; then nothing of the run may be common.
    most = 0.6 if len(whole) >= 4 else 0.34
    return before <= most and (not whole or (_common_share(whole) >= _MIN_COMMON and after > before))


def _aligned(part: _Found, line: _Bytes) -> Iterator[Edit]:
    """Edits over whole characters: sequences are gathered until they end where a character does."""
    start, new = -1, ""
    end = last = 0
    for at, end, c in part:
        if start < 0:
            start = at
        elif at != last:  # ASCII between sequences stays, unless one of its letters was half of a pair
            new += line.data[last:at].decode("ascii", "ignore")
        new += c or LOST
        last = end
        if end == len(line.data) or line.owner[end] != line.owner[end - 1]:
            yield line.owner[start], line.owner[end - 1] + 1, new
            start, new = -1, ""
    if start >= 0:  # a letter that was taken for the second half of the last pair
        stop = end
        while stop < len(line.data) and line.owner[stop] == line.owner[end - 1]:
            stop += 1
        yield line.owner[start], line.owner[end - 1] + 1, new + line.data[end:stop].decode("ascii", "ignore")


_TWICE = re.compile("[锟斤拷]*锟斤拷[锟斤拷]*")


def _replaced_twice(chars: str) -> list[Edit]:
    """锟斤拷: two lost characters were saved as U+FFFD, and these read as GBK. They are gone."""
    return [(*m.span(), LOST * -(-len(m[0]) * 2 // 3)) for m in _TWICE.finditer(chars)]
