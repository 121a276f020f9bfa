"""Lists of other pages between an article's paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.clean.line_kinds import SHORT_KINDS, Kind, Line, is_editor, is_stamped, is_title_like

_LIST_LABEL = re.compile(r"^[【\[]?(?:相关|延伸|推荐|拓展)(?:阅读|链接|新闻|报道|推荐|文章)[】\]]?[:：]?")


def find_headed_lists(lines: Sequence[Line], first: int, last: int) -> Iterator[int]:
    """Lists of other pages between paragraphs: a head, and titles up to where running text resumes."""
    at = first
    while at < last:
        line = lines[at]
        stop = next((j for j in range(at + 1, last + 1) if _resumes(lines[j])), last + 1) if _heads_list(line) else at
        listed = sum(
            is_title_like(x) or x.kind in (Kind.STAMP, Kind.COUNTER) or _is_numbered_title(x)
            for x in lines[at + 1 : stop]
        )
        if stop > at and (listed >= 2 or (listed == 1 and _LIST_LABEL.match(line.chars))):
            yield from (i for i in range(at, _before_heading(lines, at, stop)) if not is_editor(lines[i].chars))
        elif stop > at and is_label_with_title(line):
            yield at
        at = max(stop, at + 1)


def _is_numbered_title(line: Line) -> bool:
    return line.kind in SHORT_KINDS and line.han >= 6 and line.chars[0].isdigit()


def _heads_list(line: Line) -> bool:
    return line.kind is Kind.LIST_HEAD or is_label_with_title(line)


def is_label_with_title(line: Line) -> bool:
    """推荐阅读：云川建成首个中试基地."""
    label = _LIST_LABEL.match(line.chars)
    return (
        label is not None
        and label[0][-1] in ":：】]"
        and line.kind in (Kind.SHORT, Kind.EXCLAMATION, Kind.KEPT, Kind.LIST_HEAD)
    )


def _resumes(line: Line) -> bool:
    return line.kind is Kind.TEXT


def _before_heading(lines: Sequence[Line], start: int, stop: int) -> int:
    """Where a list ends: a last line set off by blank lines, in a list that is not, heads the text after it."""
    if stop - start < 3 or stop >= len(lines):
        return stop
    between = [line.gap for line in lines[start + 2 : stop - 1]]
    heading = lines[stop - 1].kind is Kind.SHORT and lines[stop - 1].gap and not any(between)
    return stop - 1 if heading and not is_stamped(lines[stop - 1].chars) else stop


def find_bare_lists(lines: Sequence[Line], first: int, last: int) -> Iterator[int]:
    """Lists of other pages that no known head announces: short lines with times of the clock, or said twice."""
    at = first
    while at < last:
        stop = next((j for j in range(at, last + 1) if _resumes(lines[j])), last + 1)
        if sum(is_dated(lines, i) for i in range(at, stop)) >= 2:
            end = _before_heading(lines, at, stop)
            yield from (i for i in range(at, end) if not is_editor(lines[i].chars))
        at = stop + 1


def is_dated(lines: Sequence[Line], at: int) -> bool:
    line = lines[at]
    if line.kind is Kind.STAMP:
        return True
    twice = at > 0 and is_title_like(line) and lines[at - 1].chars == line.chars
    return twice or (line.kind in SHORT_KINDS and is_stamped(line.chars))
