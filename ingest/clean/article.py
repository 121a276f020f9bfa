"""Where the article stands on its page: from the first to the last of its paragraphs."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.clean.line_kinds import CERTAIN, Kind, Line, is_numbered_heading
from ingest.clean.topic import OFF_TOPIC, Topic

_SAID_BELOW = 60  # Chinese characters; notices and comments are shorter than most paragraphs
_SHARE_OF_LONGEST = 2 / 3


def find_article(lines: Sequence[Line]) -> tuple[int, int] | None:
    """The first and the last line of running text; None where there is none.

    An exclamation counts as long as nothing parts it from the others: below, titles of other pages end so.
    """
    sure = [i for i, line in enumerate(lines) if line.kind is Kind.TEXT or _is_own_appeal(lines, i)]
    if not sure:
        return None
    first = sure[0]
    last = next((i for i in reversed(sure) if not is_numbered_heading(lines[i].chars)), sure[-1])
    # 问：… among the titles of other pages is one of them.
    parted = next((i for i in range(last + 1, len(lines)) if lines[i].kind in CERTAIN), len(lines))
    last = max(i for i in sure if i < parted)
    last = _end_of_topic(lines, [i for i in sure if i <= last])
    while first > 0 and lines[first - 1].kind is Kind.EXCLAMATION:
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].kind is Kind.EXCLAMATION and not is_listed(lines, last + 1):
        last += 1
    return first, last


def is_surrounded(lines: Sequence[Line], first: int, last: int) -> bool:
    """Whether a page shows that it is a site's: controls or notices stand around the article.

    A bare text's short lines are its own; on a site's page those outside the article have to prove it.
    """
    return any(line.kind in CERTAIN for line in (*lines[:first], *lines[last + 1 :]))


def _end_of_topic(lines: Sequence[Line], text: Sequence[int]) -> int:
    """The last line of running text that is the article's: behind furniture may stand notices and readers' comments.

    They are short, also beside the article's paragraphs, and have hardly a word of the article, of which half must
    stand before them.
    """
    budget = sum(lines[i].han for i in text) // 2
    short = min(_SAID_BELOW, _SHARE_OF_LONGEST * _longest_paragraph(lines, text))
    cut = len(text)
    for n in range(len(text) - 1, 0, -1):
        budget -= lines[text[n]].han
        if lines[text[n]].han > short or budget < 0:
            break
        cut = n if _is_parted(lines[text[n - 1] + 1 : text[n]]) else cut
    topic = Topic(lines[text[0] : text[cut - 1] + 1])
    return next((i for i in reversed(text[cut:]) if topic.share(lines[i].chars) >= OFF_TOPIC), text[cut - 1])


def _longest_paragraph(lines: Sequence[Line], text: Sequence[int]) -> int:
    """Chinese characters in the longest paragraph, whose lines may have been wrapped."""
    longest = size = 0
    for i in text:
        size = lines[i].han + (size if i > 0 and lines[i - 1].runs_on else 0)
        longest = max(longest, size)
    return longest


def _is_parted(between: Sequence[Line]) -> bool:
    certain = [line.kind for line in between if line.kind in CERTAIN]
    short = sum(line.kind is Kind.SHORT for line in between)
    return len(certain) >= 2 or Kind.LIST_HEAD in certain or (len(certain) == 1 and short >= 2)


def _is_own_appeal(lines: Sequence[Line], at: int) -> bool:
    """Whether the article itself asks something of its readers: no furniture stands beside it."""
    beside = [*lines[max(0, at - 1) : at], *lines[at + 1 : at + 2]]
    return lines[at].kind is Kind.APPEAL and not any(line.kind in CERTAIN for line in beside)


def is_listed(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is said twice, or a time stands in the two lines below it, as in lists of other pages."""
    below = lines[at + 1 : at + 4]
    twice = bool(below) and below[0].chars == lines[at].chars
    return twice or any(line.kind is Kind.STAMP for line in below)
