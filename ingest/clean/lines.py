"""Hard wraps: a line that broke off inside a sentence is joined to the next."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import rjieba

from ingest.clean.rounds import settle
from ingest.origin import Cleaned, Edit, Text
from lang.script import count_han, is_han

_STOPS = "。！？!?；;：:…”』」）)]】.～~"
# No line begins with these: what they close or follow stands before them.
_NEVER_FIRST = "，。、；：！？）》」』】”’％,;:!?)%"
# Nor does one end with these: what they open stands behind them.
_NEVER_LAST = "“‘（《「『【〈"
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
_RUNNING_HAN = 40  # longer than a heading with a comma in it
_FRAGMENT = 8
_MANY_PAUSES = 3  # more than any title
_WINDOW = 6
_MAX_INDENT = 8
_CLEAR_SHARE = 0.8  # of the open lines of one size; then a few longer ones say nothing


def wrap_width(lines: Sequence[str]) -> int:
    """The number of characters at which a page's lines were broken; 0 where they were not.

    On a wrapped page most lines that stop in mid-sentence are equally long, and hardly any is longer.

    Args:
        lines: without white space around them; blank ones are passed over.
    """
    filled = [line for line in lines if line]
    return _width_of(filled, [not is_stopped(line) for line in filled])


def torn_width(lines: Sequence[str]) -> int:
    """The same from the lines that stop in mid-word, on a page with more titles of other pages than wrapped lines."""
    pairs = [(a, b) for a, b in pairwise(lines) if _MIN_WIDTH <= len(a) <= _MAX_WIDTH and not is_stopped(a)]
    torn = [a for a, b in pairs if is_word_across(a, b)]
    return _width_of(torn, [True] * len(torn))


def _width_of(lines: Sequence[str], is_open: Sequence[bool]) -> int:
    width = _Width.measure([len(line) for line in lines], [last_place(line) for line in lines], is_open)
    return 0 if width.mixed and width.share < _CLEAR_SHARE else width.at


def join_broken_lines(text: Text) -> Cleaned:
    """Joins lines that were broken in mid-sentence; paragraphs, headings and items stay apart.

    On a wrapped page a line that fills the width runs on. Elsewhere a line runs on if it is running text
    without a stop: longer than a title, or the break stands inside a word. Three blank lines become one.
    """
    return settle(text, _join)


def _join(text: Text) -> Cleaned:
    spans = [trim(text.chars, a, b) for a, b in text.lines()]
    spans = [(a, b) for a, b in spans if a < b]
    joined = text.edit(_joins(text, spans))
    # The first two breaks stay what they are: made anew, they would stand for all that was between the lines.
    blank = ((m.start() + 2, m.end(), "") for m in _BLANK_LINES.finditer(joined.text.chars))
    return Cleaned(joined.text.replace(blank), joined.spans)


def trim(chars: str, start: int, end: int) -> tuple[int, int]:
    """The span of a line without the white space around it."""
    line = chars[start:end]
    return start + len(line) - len(line.lstrip()), end - len(line) + len(line.rstrip())


def _joins(text: Text, spans: Sequence[tuple[int, int]]) -> Iterator[Edit]:
    page = _Page.measure(text, spans)
    paragraph = _Paragraph()
    for i, ((_, end), (start, _)) in enumerate(pairwise(spans)):
        paragraph.add(page.lines[i])
        if page.runs_on(i) or _breaks_off(page, i, paragraph):
            yield end, start, page.glue(i)
        else:
            paragraph = _Paragraph()


@dataclass(slots=True)
class _Paragraph:
    """What was joined so far, for a fragment of a wrap may be short."""

    han: int = 0
    pauses: int = 0

    def add(self, line: str) -> None:
        self.han += count_han(line)
        self.pauses += count_pauses(line)


@dataclass(frozen=True, slots=True)
class _Width:
    """At what size a page's lines were broken, 0 if they were not, and the size of each line.

    ``mixed`` pages have unbroken paragraphs as well. ``share`` tells how many open lines have that very size.
    """

    sizes: Sequence[int]
    at: int = 0
    mixed: bool = False
    share: float = 0.0

    @classmethod
    def measure(cls, sizes: Sequence[int], places: Sequence[int], is_open: Sequence[bool], scale: int = 1) -> _Width:
        """From the lines that stop in mid-sentence: on a wrapped page they are equally long.

        Args:
            sizes: of the lines, in characters or columns.
            places: the size up to the last place before the end where a line may be broken.
            is_open: whether each line stops in mid-sentence.
            scale: what one wide character takes.
        """
        low, high = _MIN_WIDTH * scale, _MAX_WIDTH * scale
        found = Counter(size for size, open_ in zip(sizes, is_open, strict=True) if open_ and low <= size <= high)
        if not found:
            return cls(sizes)
        at = max(found, key=lambda size: (found[size], size))
        low, high = at - 2 * scale, at + scale
        open_fit = sum(
            low <= size and place <= high for size, place, o in zip(sizes, places, is_open, strict=True) if o
        )
        filled = sum(low <= size and place <= high for size, place in zip(sizes, places, strict=True))
        mixed = sum(place > high + scale for place in places) > 0.1 * filled
        if found[at] < (3 if mixed else 2) or open_fit < 0.6 * found.total():
            return cls(sizes)
        return cls(sizes, at, mixed, found[at] / found.total())


@dataclass(frozen=True, slots=True)
class _Page:
    """A page's lines and how they were broken.

    ``gaps[i]`` counts the blank lines after line ``i``, and ``gap`` how many part the lines of one paragraph,
    for some converters double every break; ``indented[i]`` tells whether line ``i`` had white space before it
    where only first lines of paragraphs do.
    """

    lines: Sequence[str]
    gaps: Sequence[int]
    width: _Width
    gap: int
    indented: Sequence[bool]

    @classmethod
    def measure(cls, text: Text, spans: Sequence[tuple[int, int]]) -> _Page:
        lines = [text.chars[a:b] for a, b in spans]
        gaps = [text.chars.count("\n", b, c) - 1 for (_, b), (c, _) in pairwise(spans)]
        width = _measure_width(lines)
        full = [i for i in range(len(gaps)) if not is_stopped(lines[i]) and width.sizes[i] in (width.at, width.at - 1)]
        gap = Counter(gaps[i] for i in full).most_common(1)[0][0] if full else 0
        indented = [_is_indented(text, a) for a, _ in spans]
        if sum(indented[i + 1] for i in full) > 0.2 * len(full) or sum(indented) < 2 or all(indented[1:]):
            indented = [False] * len(lines)  # converters indent every line, too
        return cls(lines, gaps, width, gap, indented)

    def runs_on(self, i: int) -> bool:
        """Whether line ``i`` fills the width and the next one belongs to it."""
        if not self.width.at or self.gaps[i] > self.gap or self.indented[i + 1] or not self._is_full(i):
            return False
        line, following = self.lines[i], self.lines[i + 1]
        if self.width.mixed and not (count_pauses(line) or is_word_across(line, following)):
            return False
        if not is_stopped(line):
            return True
        fits = not self.width.mixed or self.width.sizes[i + 1] <= self.width.at
        return fits and self.width.sizes[i] >= self.width.at and not _HEADING_OR_ITEM.match(following)

    def _is_full(self, i: int) -> bool:
        """Whether the next line's first word would not have fitted, and the line itself did."""
        token = _TOKEN.match(self.lines[i + 1])
        needed = max(2 if is_stopped(self.lines[i]) else 3, len(token[0]) if token else 1)
        size = self.width.sizes[i]
        return self.width.at < size + needed and (
            size <= self.width.at + 3 or last_place(self.lines[i]) <= self.width.at
        )

    def glue(self, i: int) -> str:
        """What stood at the break: a space between Latin words, unless the word itself was broken."""
        if self.width.share >= 0.8 and not self.width.mixed:
            short = self.width.at - self.width.sizes[i]
            if short in (0, 1):
                return " " * short
        before, after = self.lines[i][-1], self.lines[i + 1][0]
        letters = before.isascii() and after.isascii() and after.isalpha() and (before.isalpha() or before in ",.;:")
        return " " if letters else ""


def _measure_width(lines: Sequence[str]) -> _Width:
    """The width in characters, or in columns where that fits the lines better."""
    is_open = [not is_stopped(line) for line in lines]
    by_chars = _Width.measure([len(line) for line in lines], [last_place(line) for line in lines], is_open)
    columns = [_columns(line) for line in lines]
    by_columns = _Width.measure(columns, columns, is_open, 2)
    return by_columns if by_columns.share > by_chars.share else by_chars


def _is_indented(text: Text, at: int) -> bool:
    """Whether white space stood before a line: it may have been taken out, and then leaves a gap in the origins."""
    if at == 0 or text.chars[at - 1] != "\n":
        return at > 0
    return 0 < int(text.starts[at]) - int(text.stops[at - 1]) <= _MAX_INDENT


def _breaks_off(page: _Page, i: int, paragraph: _Paragraph) -> bool:
    """Whether running text stops in mid-sentence, on a page of any width."""
    line, following = page.lines[i], page.lines[i + 1]
    if following[0] in _NEVER_FIRST or line[-1] in _NEVER_LAST:
        return True
    if is_stopped(line):
        return False
    joined = paragraph.han > count_han(line)
    if page.width.at and len(line) <= _FRAGMENT and joined and page.gaps[i] <= page.gap:
        return True  # a rest between two breaks, of a paragraph whose lines were joined up to here
    if paragraph.han >= _MIN_HAN and page.gaps[i] <= page.gap and is_word_torn(line, following):
        return True
    if paragraph.han < _MIN_HAN or not paragraph.pauses or page.gaps[i] > page.gap or page.indented[i + 1]:
        return False
    if _HEADING_OR_ITEM.match(following) or _BYLINE.search(line[-30:]):
        return False
    running = paragraph.han >= _LONG_HAN or paragraph.pauses >= _MANY_PAUSES or _is_one_of_equals(page, i)
    running = running or (i > 0 and paragraph.han >= _RUNNING_HAN)
    return running or is_word_across(line, following)


def _is_one_of_equals(page: _Page, i: int) -> bool:
    """Whether a line with pauses is as long as one beside it, as the lines of a wrapped paragraph are."""
    size = len(page.lines[i])
    beside = [*page.lines[max(0, i - 1) : i], page.lines[i + 1]]
    return _MIN_WIDTH <= size <= _MAX_WIDTH and any(len(line) == size for line in beside)


def count_pauses(line: str) -> int:
    """How many commas and stops a line has."""
    return sum(line.count(mark) for mark in "，,、；;。")


def is_stopped(line: str) -> bool:
    """Whether a line ends as sentences, items or brackets do."""
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
    for word in rjieba.cut(tail + after[:_WINDOW], False):
        at += len(word)
        if at >= len(tail):
            return at > len(tail)
    return False


def is_word_torn(before: str, after: str) -> bool:
    """Whether a word was broken into two characters of which neither is one by itself.

    >>> is_word_torn("专项执法检", "查坚持依法治安"), is_word_torn("产业园建成", "果断出手")
    (True, False)
    """
    last, first = rjieba.cut(before[-_WINDOW:], False)[-1:], rjieba.cut(after[:_WINDOW], False)[:1]
    single = last and first and len(last[0]) == len(first[0]) == 1
    return bool(single) and is_word_across(before, after)


def last_place(line: str) -> int:
    """Up to the last place before the end between two characters that are not ASCII: figures are seldom broken."""
    for at in range(len(line) - 1, max(0, len(line) - _MAX_WIDTH), -1):
        if line[at] > "\x7f" and line[at - 1] > "\x7f":
            return at
    return 0


def _columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line)
