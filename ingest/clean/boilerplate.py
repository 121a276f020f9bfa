"""What surrounds an article on its page: menus, breadcrumbs, share bars, recommendation lists, notices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, takewhile

from ingest.clean.article import find_article
from ingest.clean.line_kinds import (
    Kind,
    Line,
    continued,
    is_menu,
    is_notice,
    is_prose,
    is_signed_date,
    normal,
    preceding,
    read_line,
)
from ingest.clean.lines import count_pauses, is_stopped, torn_width, wrap_width
from ingest.clean.rounds import settle
from ingest.clean.zones import find_furniture
from ingest.origin import Cleaned, Edit, Text

__all__ = ["SharedLines", "edge_lines", "is_menu", "is_notice", "is_prose", "remove_boilerplate"]

SharedLines = Callable[[Sequence[str]], frozenset[str]]
"""Of the lines at a page's edges, as ``edge_lines`` gives them, those that earlier pages of its site carry."""

_Span = tuple[int, int]

_EDGE = 30
_MAX_SHARED_HAN = 60
_MIN_SHARED_SENTENCE_HAN = 15  # 特此通知。 is shared, and every notice's own
# Controls inside a line that also says when and by whom: 来源：云川日报 字号：大 中 小.
_INLINE = re.compile(
    r"[\s|]*[\[【(（]?\s*(?:字号|字体)\s*[:：]?\s*[\[【(（]?\s*(?:特大|超大|大|中|小|默认)(?:[\s|/]{0,3}(?:特大|超大|大|中|小|默认)){1,3}\s*[\]】)）]{0,2}"
    r"|[\s|]*(?:浏览|阅读|点击|访问)(?:次数|量|数|人次)?\s*[:：]\s*\d[\d,.万]{0,9}\s*次?"
    r"|[\s|]+[\[【]?(?:打印|关闭|收藏|分享|纠错)[\]】]?(?=[\s|]|$)"
)


def remove_boilerplate(text: Text, shared: SharedLines | None = None) -> Cleaned:
    """Takes out the lines that are not the article's.

    A line goes for what it says (a control, a notice), for where it stands (a menu above the title, anything
    below the first sure piece of furniture under the last paragraph), or as part of a list of other pages.
    Bylines, signatures, attachments and contacts stay. When nothing would be left, nothing is removed: a page
    of short lines may be a list that matters.

    Args:
        text: the page, one paragraph or item a line.
        shared: tells which lines at the page's edges earlier pages of the same site carry too.
    """
    return settle(text, lambda page: _remove(page, shared))


def _remove(text: Text, shared: SharedLines | None) -> Cleaned:
    spans, lines = _read(text)
    junk = find_furniture(lines)
    if shared is not None:
        junk |= _find_shared(lines, shared, junk)
    if not any(line.han and line.kind is not Kind.LIST_HEAD for i, line in enumerate(lines) if i not in junk):
        return Cleaned(text)
    edits = list(_edits(text, spans, lines, junk))
    if not edits:
        return Cleaned(text)
    removed = text.edit(edits)
    return Cleaned(removed.text.strip(), removed.spans)


def edge_lines(text: Text) -> tuple[str, ...]:
    """The short lines near the top and the bottom of a page, normalised: what is remembered for its site."""
    _, lines = _read(text)
    return _remembered(lines)


def _remembered(lines: Sequence[Line]) -> tuple[str, ...]:
    edges = lines if len(lines) <= 2 * _EDGE else [*lines[:_EDGE], *lines[-_EDGE:]]
    return tuple(dict.fromkeys(normal(line.chars) for line in edges if _may_be_shared(line)))


def _read(text: Text) -> tuple[list[_Span], list[Line]]:
    """The lines that are not blank, and their spans with the line break."""
    spans = [(a, b) for a, b in text.lines() if not text.chars[a:b].isspace()]
    chars = [text.chars[a:b].strip() for a, b in spans]
    gaps = [i > 0 and spans[i - 1][1] < a for i, (a, _) in enumerate(spans)]
    widths = _widths(chars, [*gaps[1:], False][: len(gaps)])
    lines = (read_line(line, width, gap) for line, width, gap in zip(chars, widths, gaps, strict=True))
    return spans, preceding(list(accumulate(lines, continued)))


def _widths(chars: Sequence[str], parted: Sequence[bool]) -> list[int]:
    """The width that each line may fill: none where blank lines follow it, unless they follow all full lines."""
    # Titles of other pages have no pauses, or seldom.
    width = wrap_width([line for line in chars if count_pauses(line)]) or torn_width(chars)
    open_lines = [gap for line, gap in zip(chars, parted, strict=True) if len(line) == width and not is_stopped(line)]
    spaced = 2 * sum(open_lines) > len(open_lines)
    return [0 if gap and not spaced else width for gap in parted]


def _edits(text: Text, spans: Sequence[_Span], lines: Sequence[Line], junk: set[int]) -> Iterator[Edit]:
    """Cuts of whole lines, of the blank lines that would be doubled, and of controls inside bylines."""
    blank_before = True  # whether blank lines, or nothing, stand before the run of lines that goes
    for i, (start, end) in enumerate(spans):
        if i not in junk:
            yield from _controls(lines[i], text.chars[start:end].rstrip(), start)
            continue
        if i - 1 not in junk:
            blank_before = i == 0 or lines[i].gap
        inside = blank_before or i + 1 in junk
        yield start, (spans[i + 1][0] if i + 1 < len(spans) else len(text)) if inside else end, ""


def _controls(line: Line, chars: str, at: int) -> Iterator[Edit]:
    if line.kind is Kind.KEPT:
        for m in _INLINE.finditer(chars):
            if m[0].strip() != chars.strip():
                parts = m[0][0].isspace() and not chars[m.end() : m.end() + 1].isspace() and m.end() < len(chars)
                yield at + m.start() + parts, at + m.end(), ""


def _find_shared(lines: Sequence[Line], shared: SharedLines, junk: set[int]) -> set[int]:
    """Lines that the site's earlier pages carry too: outside the article, or at the page's very edge."""
    known = shared(_remembered(lines))
    found = {i for i, line in enumerate(lines) if _may_be_shared(line) and normal(line.chars) in known}
    first, last = find_article(lines) or (0, len(lines) - 1)
    edge = {*_from_edge(range(len(lines)), found, junk), *_from_edge(range(len(lines) - 1, -1, -1), found, junk)}
    return {i for i in found if i in edge or not first <= i <= last}


def _from_edge(order: Sequence[int], found: set[int], junk: set[int]) -> Iterator[int]:
    return takewhile(lambda i: i in found or i in junk, order)


def _may_be_shared(line: Line) -> bool:
    """A site's own line is short; salutations and bylines are shared, too, and belong to the articles."""
    if line.kind is Kind.KEPT or is_signed_date(line.chars) or not line.han:
        return False
    return line.han <= _MAX_SHARED_HAN and ("。" not in line.chars or line.han >= _MIN_SHARED_SENTENCE_HAN)
