"""Which lines of a page are furniture, by where they stand: above the article, inside it, below it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.clean.above import find_above
from ingest.clean.article import find_article, is_surrounded
from ingest.clean.below import announces, find_below, find_foreign
from ingest.clean.line_kinds import Kind, Line, coverage, is_item, is_numbered_heading
from ingest.clean.lists import find_bare_lists, find_headed_lists
from ingest.clean.topic import Topic
from lang.people import is_name

_LONGEST_CREDIT = 20  # Chinese characters
_LONG_HEADING = 10
_MARK = re.compile(r"[^\w\s]")
_WORD = re.compile(r"\w+")


def find_furniture(lines: Sequence[Line]) -> set[int]:
    """Indices of the lines that are not the article's.

    Args:
        lines: the page's lines that are not blank.
    """
    junk = {i for i, line in enumerate(lines) if line.kind is Kind.FURNITURE}
    article = find_article(lines)
    if article is None:
        return junk
    first, last = article
    topic = Topic(lines[first : last + 1])
    surrounded = is_surrounded(lines, first, last)
    above = set(find_above(lines, first, topic, surrounded))
    inside = {*find_headed_lists(lines, first, last), *find_bare_lists(lines, first, last)}
    repeated = frozenset(lines[i].chars for i in above)
    below = set(find_below(lines, last, topic, repeated))
    if surrounded:
        inside |= {i for i in range(first + 1, last) if _is_strange(lines[i], topic)}
    if surrounded and not announces(lines[last]):
        below |= set(find_foreign(lines, last, topic, junk | below))
    return junk | above | inside | below


def _is_strange(line: Line, topic: Topic) -> bool:
    """Whether a short line between paragraphs is none of the article's: a control, a credit, or a caption.

    It is made of the words of controls, or has hardly two characters that stand in the article, where a heading has
    some. What has a mark of any sort may be a sentence.
    """
    if line.kind is not Kind.SHORT or line.han > _LONGEST_CREDIT or is_numbered_heading(line.chars):
        return False
    hard, all_of_it = coverage(line.chars)
    if hard >= 0.5 and all_of_it >= 0.75:
        return True
    named = any(len(w) > 2 and is_name(w) for w in _WORD.findall(line.chars))
    bare = line.han >= _LONG_HEADING and not _MARK.search(line.chars) and not is_item(line.chars)
    if bare and not topic.knows(line, 2) and topic.share(line.chars) == 0:
        return True
    return (hard > 0 or named) and not topic.knows(line)
