"""Hard wraps: a line that broke off inside a sentence is joined to the next."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import rjieba

from ingest.origin import Cleaned, Edit, Text
from lang.script import count_han, is_han

_STOPS = "。！？!?；;：:…”』」）)]】.～~"
# No line begins with these: what they close or follow stands before them.
_NEVER_FIRST = "，。、；：！？）》」』】”’％,;:!?)%"
_HEADING_OR_ITEM = re.compile(
    r"(?:[一二三四五六七八九十]+[、是要]|第[一二三四五六七八九十]+[条章节部]|[（(](?:\d+|[一二三四五六七八九十]+)[)）]|\d+[)）、]|\d+[.．](?!\d)|[①-⑳]|[问答][:：])"
)
_BYLINE = re.compile(r"记者|通讯员|编辑|作者|来源|供稿|摄\s*[)）]?$")
_BLANK_LINES = re.compile(r"\n{3,}")
_TOKEN = re.compile(r"[A-Za-z0-9][\w.,'%/+-]*|.", re.ASCII)

# Wraps were seen from 30 characters on; a title of 20 stands alone too often to be counted.
_MIN_WIDTH, _MAX_WIDTH = 20, 160
# A wide character takes two columns, so wraps by columns are twice as wide.
_MIN_HAN = 25
_LONG_HAN = 60  # longer than any title
_MANY_PAUSES = 3  # more than any title
_WINDOW = 6


def wrap_width(lines: Sequence[str]) -> int:
    """The number of characters at which a page's lines were broken; 0 where they were not.

    On a wrapped page most lines that stop in mid-sentence are equally long, and hardly any is longer.

    Args:
        lines: without white space around them; blank ones are passed over.
    """
    return _page_width([len(line) for line in lines if line], [not _stops(line) for line in lines if line])


def join_broken_lines(text: Text) -> Cleaned:
    """Joins lines that were broken in mid-sentence; paragraphs, headings and items stay apart.

    On a wrapped page a line that fills the width runs on. Elsewhere a line runs on if it is running text
    without a stop: longer than a title, or the break stands inside a word. Three blank lines become one.
    """
    spans = [_trim(text.chars, a, b) for a, b in text.lines()]
    lines = [line for line in spans if line.start < line.end]
    joined = text.edit(_joins(text.chars, lines))
    blank = ((*m.span(), "\n\n") for m in _BLANK_LINES.finditer(joined.text.chars))
    return Cleaned(joined.text.replace(blank), joined.spans)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int


@dataclass(slots=True)
class _Paragraph:
    """What was joined so far, for a fragment of a wrap may be short."""

    han: int = 0
    pauses: int = 0

    def add(self, line: str) -> None:
        self.han += count_han(line)
        self.pauses += sum(line.count(mark) for mark in "，,、；;。")


def _trim(chars: str, start: int, end: int) -> _Line:
    line = chars[start:end]
    return _Line(start + len(line) - len(line.lstrip()), end - len(line) + len(line.rstrip()))


def _joins(chars: str, lines: Sequence[_Line]) -> Iterator[Edit]:
    strings = [chars[line.start : line.end] for line in lines]
    gaps = [chars.count("\n", a.end, b.start) - 1 for a, b in pairwise(lines)]
    page = _Page.measure(strings, gaps)
    paragraph = _Paragraph()
    for i, (a, b) in enumerate(pairwise(lines)):
        paragraph.add(strings[i])
        if page.runs_on(i) or _breaks_off(strings[i], strings[i + 1], paragraph, gaps[i] > page.gap):
            yield a.end, b.start, page.glue(i)
        else:
            paragraph = _Paragraph()


@dataclass(frozen=True, slots=True)
class _Page:
    """A page's lines, the width they were wrapped at (0: they were not) and how wide each is.

    ``gap`` is the number of blank lines between the lines of one paragraph: some converters double every break.
    """

    lines: Sequence[str]
    gaps: Sequence[int]
    sizes: Sequence[int]
    width: int
    gap: int
    exact: bool

    @classmethod
    def measure(cls, lines: Sequence[str], gaps: Sequence[int]) -> _Page:
        """Width is counted in characters, or in columns where that fits the lines better."""
        runs_on = [not _stops(line) for line in lines]
        sizes = [len(line) for line in lines]
        width = _page_width(sizes, runs_on)
        if not width and any(not line.isascii() for line in lines):
            columns = [_columns(line) for line in lines]
            width = _page_width(columns, runs_on, 2)
            sizes = columns if width else sizes
        full = [i for i in range(len(gaps)) if runs_on[i] and width and sizes[i] in (width, width - 1)]
        gap = Counter(gaps[i] for i in full).most_common(1)[0][0] if full else 0
        exact = sum(sizes[i] == width for i in full) >= 0.8 * len(full) if full else False
        return cls(lines, gaps, sizes, width, gap, exact)

    def runs_on(self, i: int) -> bool:
        """Whether line ``i`` fills the width and the next one belongs to it."""
        if not self.width or self.gaps[i] > self.gap or not self._is_full(i):
            return False
        line, following = self.lines[i], self.lines[i + 1]
        if _stops(line):
            return self.sizes[i] == self.width and not _HEADING_OR_ITEM.match(following)
        return True

    def _is_full(self, i: int) -> bool:
        """Whether the next line's first word would not have fitted."""
        token = _TOKEN.match(self.lines[i + 1])
        needed = max(2, len(token[0]) if token else 1)
        return self.width < self.sizes[i] + needed and self.sizes[i] <= self.width + 2

    def glue(self, i: int) -> str:
        """What stood at the break: a space between Latin words, unless the word itself was broken."""
        before, after = self.lines[i][-1], self.lines[i + 1][0]
        if self.exact and self.sizes[i] == self.width:
            return ""
        if self.exact and self.sizes[i] == self.width - 1:
            return " "
        letters = before.isascii() and after.isascii() and after.isalpha() and (before.isalpha() or before in ",.;:")
        return " " if letters else ""


def _page_width(sizes: Sequence[int], runs_on: Sequence[bool], scale: int = 1) -> int:
    """The most frequent size of lines that stop in mid-sentence, if it limits the page; else 0."""
    low, high = _MIN_WIDTH * scale, _MAX_WIDTH * scale
    open_sizes = Counter(size for size, open_ in zip(sizes, runs_on, strict=True) if open_ and low <= size <= high)
    if not open_sizes:
        return 0
    width = max(open_sizes, key=lambda size: (open_sizes[size], size))
    near = sum(count for size, count in open_sizes.items() if width - 2 * scale <= size <= width + scale)
    longer = sum(size > width + 2 * scale for size in sizes)
    filled = sum(width - 2 * scale <= size <= width + 2 * scale for size in sizes)
    if open_sizes[width] >= 2 and near >= 0.6 * open_sizes.total() and longer <= 0.1 * filled:
        return width
    return 0


def _breaks_off(line: str, following: str, paragraph: _Paragraph, gap: bool) -> bool:
    """Whether running text stops in mid-sentence, on a page of no fixed width."""
    if paragraph.han < _MIN_HAN or not paragraph.pauses or _stops(line):
        return False
    if following[0] in _NEVER_FIRST:
        return True
    if gap or _HEADING_OR_ITEM.match(following) or _BYLINE.search(line[-30:]):
        return False
    running = paragraph.han >= _LONG_HAN or paragraph.pauses >= _MANY_PAUSES
    return running or is_word_across(line, following)


def _stops(line: str) -> bool:
    return line[-1] in _STOPS


def is_word_across(before: str, after: str) -> bool:
    """Whether a word begins at the end of one text and ends at the start of the other.

    >>> is_word_across("营造创新氛", "围，优化环境"), is_word_across("这一重要", "目标")
    (True, False)
    """
    if not (is_han(before[-1:]) and is_han(after[:1])):
        return False
    tail = before[-_WINDOW:]
    at = 0
    for word in rjieba.cut(tail + after[:_WINDOW]):
        at += len(word)
        if at >= len(tail):
            return at > len(tail)
    return False


def _columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
