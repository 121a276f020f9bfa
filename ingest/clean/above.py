"""What stands above an article: menus, columns, controls and the names of the site. The title stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.clean.below import is_foreign
from ingest.clean.line_kinds import CERTAIN, SHORT_KINDS, Kind, Line, coverage, is_menu, is_moment, is_signature
from ingest.clean.topic import ON_TOPIC, Topic
from lang.script import count_han

_TITLE_HAN = 8
_SIMILAR = 0.25
_LONG_NAME = 12
_DOCUMENT_TITLE = re.compile(r"^关于.+的\w{2,4}$")


def find_above(lines: Sequence[Line], first: int, topic: Topic, surrounded: bool) -> Iterator[int]:
    """Above the article stand menus, columns and controls; the title and the bylines stay."""
    title = _find_title(lines, first, topic)
    if surrounded and title < first and _is_name_of_site(lines[title], topic):
        title = first
    crowded = any(_is_surely_above(line) for line in lines[:first]) or _is_column(lines, title)
    for i, line in enumerate(lines[:first]):
        if _goes_above(line, i < title, crowded) or (surrounded and i != title and is_foreign(line, topic)):
            yield i


def _is_name_of_site(line: Line, topic: Topic) -> bool:
    """Whether what looked most like a title names the site, or an office, for it has nothing of the article."""
    if _DOCUMENT_TITLE.match(line.chars):
        return False
    share = topic.share(line.chars)
    return (
        not topic.knows(line)
        or (share == 0 and line.han < _LONG_NAME)
        or (is_signature(line.chars) and share < ON_TOPIC)
    )


def _find_title(lines: Sequence[Line], first: int, topic: Topic) -> int:
    """The line that shares most with the article; where none does, the first that is long enough."""
    fit = [i for i in range(first) if _may_be_title(lines[i]) or _is_title_in_parts(lines[i], topic)]
    if len(fit) > 1:
        shares = {i: topic.share(lines[i].chars) for i in fit}
        best = max(shares.values())
        return next(i for i in fit if shares[i] >= best - _SIMILAR) if best >= ON_TOPIC else fit[0]
    short = (i for i in reversed(range(first)) if _may_be_short_title(lines[i]))
    return fit[0] if fit else next(short, first)


def _goes_above(line: Line, above_title: bool, crowded: bool) -> bool:
    if line.kind in (Kind.PROMPT, Kind.APPEAL):
        return True
    if line.kind is Kind.COUNTER:
        return re.search(r"\d\D+\d", line.chars) is None  # a day says when the page appeared
    if not above_title:
        return line.kind is Kind.SHORT and (_is_long_menu(line) or _is_small_control(line) or is_moment(line.chars))
    if line.kind is Kind.LIST_HEAD:
        return True
    return line.kind is Kind.SHORT and (is_menu(line.chars) or crowded)


def _is_small_control(line: Line) -> bool:
    """听全文 3分钟: between a title and its article stands nothing shorter than a subtitle but controls."""
    hard, all_of_it = coverage(line.chars)
    return line.han <= _TITLE_HAN and (hard >= 0.3 or all_of_it >= 0.6)


def _may_be_title(line: Line) -> bool:
    long = line.kind in SHORT_KINDS and line.han >= _TITLE_HAN
    return long and not is_menu(line.chars) and coverage(line.chars)[0] < 0.5


def _is_title_in_parts(line: Line, topic: Topic) -> bool:
    """A title of two or three parts looks like a row of a menu, but its words are the article's."""
    parts = line.chars.split()
    long = 2 <= len(parts) <= 3 and all(count_han(part) >= 4 for part in parts)
    return line.kind is Kind.SHORT and long and topic.share(line.chars) >= ON_TOPIC


def _may_be_short_title(line: Line) -> bool:
    """4 + 4 characters may be a title in two halves, where no better one stands: 凝心聚力 再谱新篇."""
    halves = line.chars.split()
    return line.kind is Kind.SHORT and line.han >= 6 and len(halves) <= 2 and all(count_han(h) >= 4 for h in halves)


def _is_surely_above(line: Line) -> bool:
    return line.kind in CERTAIN[:2] or (line.kind is Kind.SHORT and is_menu(line.chars))


def _is_column(lines: Sequence[Line], title: int) -> bool:
    """Whether names stand in a column above the title, a menu turned on its side."""
    return sum(line.kind is Kind.SHORT and line.han <= 6 for line in lines[:title]) >= 3


def _is_long_menu(line: Line) -> bool:
    return is_menu(line.chars) and (len(line.chars.split()) >= 6 or coverage(line.chars)[1] >= 0.5)
