"""Which lines of a page are furniture, by where they stand: above the article, inside it, below it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.clean.above import find_above
from ingest.clean.article import find_article, is_surrounded
from ingest.clean.below import announces, find_below, find_foreign
from ingest.clean.line_kinds import Kind, Line, coverage
from ingest.clean.lists import find_bare_lists, find_headed_lists
from ingest.clean.topic import Topic
from lang.people import is_name

_LONGEST_CREDIT = 20
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
    """Whether a short line between paragraphs is a control or a credit: no two characters of it are the article's."""
    if line.kind is not Kind.SHORT or line.han > _LONGEST_CREDIT or topic.knows(line):
        return False
    return coverage(line.chars)[0] > 0 or any(len(w) > 2 and is_name(w) for w in _WORD.findall(line.chars))
