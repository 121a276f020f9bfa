"""Running headers and page numbers that landed between lines, or inside a sentence, when a document was converted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import rjieba

from ingest.clean.lines import count_pauses, is_stopped, is_word_across, wrap_width
from ingest.origin import Cleaned, Edit, Note, Text
from lang.script import HAN, count_han, is_han

DOUBTFUL = "may be a running header inside the sentence"

_PAGE = re.compile(
    r"(?:[-—–―·]{1,2}\s?\d{1,4}\s?[-—–―·]{1,2}|第\s?\d{1,4}\s?页(?:\s?[,，/]?\s?共\s?\d{1,4}\s?页)?|\d{1,4}\s?/\s?\d{1,4}\s?页?"
    r"|page\s?\d{1,4}(?:\s?of\s?\d{1,4})?)",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"\d{1,3}")
_HAN_TAIL = re.compile(f"[{HAN}]{{3,15}}$")
# Shorter lines are no running text that could have taken a header in.
_MIN_RUNNING_HAN = 20
_MIN_HEADER, _MAX_HEADER = 3, 15
_TITLE_LINES, _MAX_TITLE = 3, 60
_REPEATED = 3
_WINDOW = 8
_STANDS_ALONE = frozenset(
    "的了在是和与及也都就又还有被把对为从到据等并将要以于其该这那各让使给向由而但或不没可会能将已曾正仍更最很再只"
)


def remove_running_headers(text: Text) -> Cleaned:
    """Takes out page numbers between lines, and a document's title that broke into a sentence.

    ``…一家机械公务虚会议`` / ``司毕业后…`` on a page titled 在务虚会上的讲话: the end of the first line is the title's,
    and without it the two lines make a word, 公司. Where the end is the title's and the next line begins with
    half a word, but no word comes of the two, the place is flagged and stays.
    """
    lines = [(a, b) for a, b in text.lines() if not text.chars[a:b].isspace()]
    page = _Page.read([text.chars[a:b].strip() for a, b in lines])
    edits: list[Edit] = []
    notes: list[Note] = []
    for i, (start, end) in enumerate(lines):
        if page.is_page_number(i) or page.is_header_line(i):
            edits.append((start, end, ""))
            continue
        begin = start + text.chars[start:end].index(page.lines[i][0])
        found = page.header_in(i)
        if found and found.sure:
            edits.append((begin + found.start, begin + found.end, ""))
        elif found:
            notes.append((begin + found.start, begin + found.end, DOUBTFUL))
    return text.edit(edits, notes)


@dataclass(frozen=True, slots=True)
class _Found:
    """A header in characters ``start`` to ``end`` of a line; ``sure`` if a word closes over it."""

    start: int
    end: int
    sure: bool


@dataclass(frozen=True, slots=True)
class _Page:
    """The lines that are not blank, the width they were wrapped at (0: they were not), and what headers are made of.

    ``title`` has every three characters in a row of the title, ``repeated`` the short lines that recur.
    """

    lines: Sequence[str]
    width: int
    title: frozenset[str]
    repeated: frozenset[str]

    @classmethod
    def read(cls, lines: Sequence[str]) -> _Page:
        titles = [line for line in lines[:_TITLE_LINES] if len(line) <= _MAX_TITLE and not is_stopped(line)]
        title = frozenset(line[i : i + 3] for line in titles for i in range(len(line) - 2))
        counts = Counter(line for line in lines if _MIN_HEADER <= len(line) <= _MAX_HEADER and is_han(line[0]))
        counts += Counter(end for line in lines if _is_running(line) for end in _ends(line))
        return cls(
            lines, wrap_width(lines), title, frozenset(line for line, count in counts.items() if count >= _REPEATED)
        )

    def is_page_number(self, i: int) -> bool:
        """A number between two lines of running text; a bare one only where a sentence goes on below it."""
        line = self.lines[i]
        if not 0 < i < len(self.lines) - 1:
            return False
        before, after = self.lines[i - 1], self.lines[i + 1]
        if _PAGE.fullmatch(line):
            return count_han(before) >= _MIN_RUNNING_HAN or count_han(after) >= _MIN_RUNNING_HAN
        return _BARE_NUMBER.fullmatch(line) is not None and _is_running(before) and is_word_across(before, after)

    def is_header_line(self, i: int) -> bool:
        """A title or a line that recurs, below a line that breaks off, or words of the title inside a word."""
        line = self.lines[i]
        if not 0 < i < len(self.lines) - 1 or not _MIN_HEADER <= len(line) <= _MAX_HEADER:
            return False
        before, after = self.lines[i - 1], self.lines[i + 1]
        if not _is_running(before):
            return False
        if line in self.repeated or line == self.lines[0]:
            return True
        return self._is_title(line) and _closes(before, line, after)

    def header_in(self, i: int) -> _Found | None:
        """A piece of the title at the end of a line, where the sentence goes on in the next one."""
        if i + 1 >= len(self.lines) or not _is_running(self.lines[i]) or len(self.lines[i]) <= self.width:
            return None
        line, after = self.lines[i], self.lines[i + 1]
        tail = _HAN_TAIL.search(line)
        if not tail or not is_han(after[0]) or is_word_across(line, after):
            return None
        at = self._title_from(line, tail.start())
        if at is None or not _is_half_word(after):
            return None
        return _Found(at, len(line), _closes(line[:at], line[at:], after))

    def _title_from(self, line: str, low: int) -> int | None:
        """Where the title's words begin at the end of a line; None where they do not, or go further back."""
        for at in range(max(low, 1), len(line) - _MIN_HEADER):
            if line[at:] in self.repeated:
                return at
        for at in range(max(low, 1), len(line) - _MIN_HEADER + 1):
            if (
                line[at : at + 3] in self.title
                and line[at - 1 : at + 2] not in self.title
                and self._is_title(line[at:])
            ):
                return at
        return None

    def _is_title(self, chars: str) -> bool:
        """Whether most of the characters stand in the title, three in a row."""
        inside = {j for i in range(len(chars) - 2) if chars[i : i + 3] in self.title for j in range(i, i + 3)}
        return len(inside) >= 0.7 * len(chars)


def _ends(line: str) -> list[str]:
    """What may be a header at the end of a line, if other lines end so, too: four Chinese characters and more."""
    tail = _HAN_TAIL.search(line)
    return [line[at:] for at in range(tail.start(), len(line) - _MIN_HEADER)] if tail else []


def _is_running(line: str) -> bool:
    return count_han(line) >= _MIN_RUNNING_HAN and count_pauses(line) > 1 and not is_stopped(line)


def _closes(before: str, header: str, after: str) -> bool:
    """Whether a word stands across the place of the header, of which the line after begins with a rest."""
    return _is_half_word(after) and is_word_across(before, after) and not is_word_across(before + header, after)


def _is_half_word(line: str) -> bool:
    """Whether a line begins with a character that is part of no word there and does not stand alone."""
    words = rjieba.cut(line[:_WINDOW], False)
    return bool(words) and len(words[0]) == 1 and words[0] not in _STANDS_ALONE
