"""What cannot be told from the page alone: filtered characters, placeholders, and text read in a wrong encoding."""

from __future__ import annotations

import re
from random import Random

from eval.noise.damaged import Damaged, Spot
from ingest.origin import Edit
from lang.script import is_han

# Characters that word filters are known to take out wherever they stand.
_FILTERED = "色性情激织枪毒赌黄乳胸"
_PLACEHOLDERS = (
    (re.compile(r"\d{1,2}月\d{1,2}日"), "x月x日"),
    (re.compile(r"(?<=[在由从与和、，。])[\u4e00-\u9fff]{2,4}大学"), "xx大学"),
    (re.compile(r"(?<=[在由从与和、，。])[\u4e00-\u9fff]{2}市"), "x市"),
    (re.compile(r"\d+(?=[家名个项])"), "x"),
)
_WRONG = (
    ("gb18030", "latin-1"),
    ("gb18030", "cp1252"),
    ("utf-8", "gb18030"),
    ("utf-8", "latin-1"),
    ("utf-8", "cp1252"),
)


def lost(page: Damaged, rng: Random) -> Damaged:
    """Takes one filtered character out of the whole page, and masks some dates, names and figures with x."""
    text = page.page
    char = rng.choice([c for c in _FILTERED if c in text] or [""])
    edits = [(m.start(), m.end(), "", "lost") for m in re.finditer(char, text)] if char else []
    for pattern, mask in _PLACEHOLDERS if rng.random() < 0.5 else ():
        edits += [(*m.span(), mask, "placeholder") for m in pattern.finditer(text) if rng.random() < 0.3]
    kept, spots = list[Edit](), list[Spot]()
    for start, end, new, kind in sorted(edits):
        if kept and start < kept[-1][1]:
            continue
        kept.append((start, end, new))
        first, last = page.clean_span(start, end)
        around = (max(first - 1, 0), min(last + 1, len(page.clean))) if kind == "lost" else (first, last)
        spots.append(Spot("lost" if kind == "lost" else "placeholder", *around))
    return page.edited(kept, spots)


def mojibake(page: Damaged, rng: Random) -> Damaged:
    """Reads the page, or one of its paragraphs, in the wrong encoding; what that one lacks is replaced by U+FFFD."""
    written, read = rng.choice(_WRONG)
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", page.page)]
    whole = rng.random() < 0.5
    chosen = lines if whole else [rng.choice(lines)]
    edits, spots = list[Edit](), list[Spot]()
    for start, end in chosen:
        if not any(map(is_han, page.page[start:end])):
            continue
        seen, gone = misread(page.page[start:end], written, read)
        edits.append((start, end, seen))
        lost_chars = {i for g in gone for i in range(*page.clean_span(start + g, start + g + 1))}
        spots.append(Spot("mojibake", *page.clean_span(start, end), frozenset(lost_chars)))
    return page.edited(edits, spots).called(f"{written} as {read}, {'page' if whole else 'paragraph'}")


def misread(text: str, written: str, read: str) -> tuple[str, set[int]]:
    """The text as it looks when read wrongly, and the characters of it that lost a byte.

    >>> misread("中文", "utf-8", "latin-1")[0]
    'ä¸\\xadæ\\x96\\x87'
    """
    pieces = [char.encode(written, "replace") for char in text]
    owners = [i for i, piece in enumerate(pieces) for _ in piece]
    raw, gone, out, at = b"".join(pieces), set[int](), "", 0
    while at < len(raw):
        try:
            return out + raw[at:].decode(read), gone
        except UnicodeDecodeError as error:
            out += raw[at : at + error.start].decode(read) + "\ufffd"
            gone |= set(owners[at + error.start : at + error.end])
            at += error.end
    return out, gone
