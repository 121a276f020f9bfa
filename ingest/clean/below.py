"""What stands below an article: controls, notices, lists of other pages. Its own lists and signatures stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from ingest.clean.article import is_listed
from ingest.clean.furniture import IMPRINT, SITE_LABEL
from ingest.clean.line_kinds import (
    CERTAIN,
    SHORT_KINDS,
    Kind,
    Line,
    coverage,
    is_editor,
    is_item,
    is_signature,
    is_signed_date,
    is_stamped,
    is_title_like,
)
from ingest.clean.lists import is_dated, is_label_with_title
from ingest.clean.topic import OFF_TOPIC, Topic
from ingest.credits import read_credits
from lang.script import count_han

_MANY_TITLES = 4
_FOREIGN = 0.2
_LONG_TITLE = 40
_LONGEST_OUTLET = 12
_CELLS = 2
_DOCUMENT_NUMBER = re.compile(r"[〔\[(（【]\d{4}[〕\])）】]\s?第?\d+号")
_FOOTER = re.compile(r"版权|主办|承办|ICP|备案|标识码|技术支持|Copyright|©", re.IGNORECASE)
_QUOTED = re.compile(r"[“”‘’《》「」\"']")
_EMPTY_EDITOR = re.compile(r"(?:责任编辑|责编|编辑|作者|来源)\s*[:：]$")
_ATTACHED = re.compile(r"^附(?:件|表|图|录)?\s?\d{0,2}\s?[:：.、]")


def find_below(lines: Sequence[Line], last: int, topic: Topic, repeated: frozenset[str]) -> Iterator[int]:
    """Below the article, from the first sure piece of furniture on, all goes but editors and what is attached.

    What went above the article is sure below it, too: ``repeated``.
    """
    below = range(last + 1, len(lines))
    imprint = _find_imprint(lines, below)
    sure = (i for i in below if lines[i].chars in repeated or i in imprint or _is_surely_below(lines, i))
    start = next(sure, len(lines))
    footer = bool(imprint) or any(_FOOTER.search(line.chars) for line in lines[start:])
    begin = _reach_back(lines, last, start, topic, footer)
    for i in range(begin, len(lines)):
        if not _stays_below(lines, i, footer):
            yield i


def _find_imprint(lines: Sequence[Line], below: range) -> frozenset[int]:
    """Lines in which a site says who keeps it and where; an article's contact names one such thing, not two."""
    labelled = frozenset(i for i in below if SITE_LABEL.match(lines[i].chars))
    named = {m[0] for i in labelled for m in IMPRINT.finditer(lines[i].chars)}
    return labelled if len(named) > 1 else frozenset()


def _is_surely_below(lines: Sequence[Line], at: int) -> bool:
    line = lines[at]
    if line.kind in CERTAIN or line.kind is Kind.APPEAL:
        return True
    if is_label_with_title(line):
        return True
    if is_title_like(line) and (is_stamped(line.chars) or is_listed(lines, at)):
        return True
    if line.kind is not Kind.SHORT or is_item(line.chars) or _QUOTED.search(line.chars):
        return False
    hard, all_of_it = coverage(line.chars)
    return hard >= 0.3 and all_of_it >= 0.6


def _reach_back(lines: Sequence[Line], last: int, start: int, topic: Topic, footer: bool) -> int:
    """Where furniture begins: what leads up to a sure piece goes with it; signatures, lists and bylines do not."""
    begin = start
    while begin - 1 > last and (_may_lead(lines[begin - 1], footer) or lines[begin - 1].kind is Kind.COUNTER):
        begin -= 1
    block = lines[begin:start]
    if not block or announces(lines[last]):
        return start
    titles = [line for line in block if is_title_like(line)]
    if start < len(lines) and lines[start].kind is Kind.STAMP:
        return begin
    if sum(is_dated(lines, i) for i in range(begin, start)) >= 2:
        return begin
    off_topic = topic.share(" ".join(line.chars for line in titles)) < OFF_TOPIC
    if off_topic and len(titles) >= (2 if start < len(lines) else _MANY_TITLES):
        return begin
    hard, all_of_it = coverage("".join(line.chars for line in block))
    if (hard >= 0.2 and all_of_it >= 0.4) or (footer and all(SITE_LABEL.match(line.chars) for line in block)):
        return begin
    while start - 1 >= begin and coverage(lines[start - 1].chars)[1] >= 0.4:
        start -= 1
    return start


def _may_lead(line: Line, footer: bool) -> bool:
    named = footer and SITE_LABEL.match(line.chars) is not None
    return named or (line.kind in SHORT_KINDS and not is_item(line.chars))


def announces(line: Line) -> bool:
    """Whether the last paragraph announces a list: 名单如下."""
    if is_editor(line.chars) or _EMPTY_EDITOR.search(line.chars):
        return False
    return line.chars[-1] in ":：" or re.search(r"如下|名单|目录|附后", line.chars[-20:]) is not None


def _stays_below(lines: Sequence[Line], at: int, footer: bool) -> bool:
    line = lines[at]
    if is_editor(line.chars) or _ATTACHED.match(line.chars):
        return True
    if is_signed_date(line.chars):
        return True
    if is_signature(line.chars) and at + 1 < len(lines) and is_signed_date(lines[at + 1].chars):
        return True
    return line.kind is Kind.KEPT and not footer and _names_makers(line.chars)


def _names_makers(line: str) -> bool:
    """Whether a line is a credit; a title that begins with 来源： only looks like one."""
    read = read_credits(line)
    return read is not None and (read.source == "" or count_han(read.source) <= _LONGEST_OUTLET)


def find_foreign(lines: Sequence[Line], last: int, topic: Topic, junk: set[int]) -> Iterator[int]:
    """Short lines below the article that have none of its words; a list directly below it may be its own."""
    below = range(last + 1, len(lines))
    block = [lines[i].kind for i in takewhile(lambda i: i not in junk and lines[i].kind is not Kind.KEPT, below)]
    own, announced = True, block.count(Kind.COUNTER) >= _CELLS
    for i in below:
        line = lines[i]
        signed = i + 1 < len(lines) and is_signed_date(lines[i + 1].chars)
        if i not in junk and not signed and not (own and (announced or _may_be_own(line))) and is_foreign(line, topic):
            own = False
            yield i
        own = own and i not in junk
        announced = announced or announces(line)


def _may_be_own(line: Line) -> bool:
    return is_item(line.chars) or _QUOTED.search(line.chars) is not None or len(line.chars) > _LONG_TITLE


def is_foreign(line: Line, topic: Topic) -> bool:
    """Whether a short line outside the article has none of its words."""
    if line.kind not in SHORT_KINDS or _DOCUMENT_NUMBER.search(line.chars) or announces(line):
        return False
    return topic.share(line.chars) < _FOREIGN
