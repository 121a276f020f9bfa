"""Which lines of a page are furniture, by where they stand: above the article, inside it, below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import takewhile

import rjieba

from ingest.clean.furniture import IMPRINT, SITE_LABEL
from ingest.clean.line_kinds import (
    Kind,
    Line,
    coverage,
    is_editor,
    is_item,
    is_menu,
    is_numbered_heading,
    is_signature,
    is_signed_date,
    is_stamped,
    is_title_like,
)
from ingest.credits import read_credits
from lang.script import count_han

_CERTAIN = (Kind.FURNITURE, Kind.PROMPT, Kind.STAMP, Kind.LIST_HEAD)
_SHORT = (Kind.SHORT, Kind.EXCLAMATION)
_TITLE_HAN = 8
_ON_TOPIC, _SIMILAR, _OFF_TOPIC = 0.4, 0.25, 0.35
_MANY_TITLES = 4
_FOREIGN = 0.2
_MANY_CERTAIN = 1
_LONG_TITLE = 40
_CELLS = 2
_DOCUMENT_TITLE = re.compile(r"^关于.+的\w{2,4}$")
_SAID_BELOW = 60  # Chinese characters; notices and comments are shorter than most paragraphs
_DOCUMENT_NUMBER = re.compile(r"[〔\[(（【]\d{4}[〕\])）】]\s?第?\d+号")
_LIST_LABEL = re.compile(r"^[【\[]?(?:相关|延伸|推荐|拓展)(?:阅读|链接|新闻|报道|推荐|文章)[】\]]?[:：]?")
_FOOTER = re.compile(r"版权|主办|承办|ICP|备案|标识码|技术支持|Copyright|©", re.IGNORECASE)
_QUOTED = re.compile(r"[“”‘’《》「」\"']")
_EMPTY_EDITOR = re.compile(r"(?:责任编辑|责编|编辑|作者|来源)\s*[:：]$")
_ATTACHED = re.compile(r"^附(?:件|表|图|录)?\s?\d{0,2}\s?[:：.、]")


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
    topic = _Topic(lines[first : last + 1])
    surrounded = is_surrounded(lines, first, last)
    above = set(_above(lines, first, topic, surrounded))
    inside = {*_inside(lines, first, last), *_lists_without_head(lines, first, last)}
    repeated = frozenset(lines[i].chars for i in above)
    below = set(_below(lines, last, topic, repeated))
    if surrounded and not _announces(lines[last]):
        below |= set(_foreign_below(lines, last, topic, junk | below))
    return junk | above | inside | below


def is_surrounded(lines: Sequence[Line], first: int, last: int) -> bool:
    """Whether a page shows that it is a site's: controls or notices stand around the article.

    A bare text's short lines are its own; on a site's page those outside the article have to prove it.
    """
    outside = [*lines[:first], *lines[last + 1 :]]
    return sum(line.kind in _CERTAIN for line in outside) >= _MANY_CERTAIN


def _foreign_below(lines: Sequence[Line], last: int, topic: _Topic, junk: set[int]) -> Iterator[int]:
    """Short lines below the article that have none of its words; a list directly below it may be its own."""
    below = range(last + 1, len(lines))
    block = [lines[i].kind for i in takewhile(lambda i: i not in junk and lines[i].kind is not Kind.KEPT, below)]
    own, announced = True, block.count(Kind.COUNTER) >= _CELLS
    for i in below:
        line = lines[i]
        signed = i + 1 < len(lines) and is_signed_date(lines[i + 1].chars)
        if i not in junk and not signed and not (own and (announced or _may_be_own(line))) and _is_foreign(line, topic):
            own = False
            yield i
        own = own and i not in junk
        announced = announced or _announces(line)


def _may_be_own(line: Line) -> bool:
    return is_item(line.chars) or _QUOTED.search(line.chars) is not None or len(line.chars) > _LONG_TITLE


def _is_foreign(line: Line, topic: _Topic) -> bool:
    """Whether a short line outside the article has none of its words."""
    if line.kind not in _SHORT or _DOCUMENT_NUMBER.search(line.chars) or _announces(line):
        return False
    return topic.share(line.chars) < _FOREIGN


class _Topic:
    """The words of an article: its title shares some of them, the titles of other pages hardly any."""

    _ENOUGH = 20_000  # characters; a longer article is about the same

    def __init__(self, article: Sequence[Line]) -> None:
        self._article = article

    @cached_property
    def _chars(self) -> str:
        return "\n".join(line.chars for line in self._article if line.kind is Kind.TEXT)[: self._ENOUGH]

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(rjieba.cut(self._chars))

    def share(self, line: str) -> float:
        """The share, 0 to 1, of a line's words of two characters and more that the article has."""
        words = [w for w in rjieba.cut(line) if len(w) > 1]
        return sum(w in self._words for w in words) / len(words) if words else 0.0

    def knows(self, line: Line) -> bool:
        """Whether any two Chinese characters in a row of a line stand in the article, too."""
        pairs = (line.chars[i : i + 2] for i in range(len(line.chars) - 1))
        return any(pair in self._chars for pair in pairs if count_han(pair) == 2)


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
    parted = next((i for i in range(last + 1, len(lines)) if lines[i].kind in _CERTAIN), len(lines))
    last = max(i for i in sure if i < parted)
    last = _end_of_topic(lines, [i for i in sure if i <= last])
    while first > 0 and lines[first - 1].kind is Kind.EXCLAMATION:
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].kind is Kind.EXCLAMATION and not _is_listed(lines, last + 1):
        last += 1
    return first, last


def _end_of_topic(lines: Sequence[Line], text: Sequence[int]) -> int:
    """The last line of running text that is the article's: behind furniture may stand notices and readers' comments.

    They are short, and have hardly a word of the article, of which two thirds must stand before them.
    """
    budget = sum(lines[i].han for i in text) // 3
    cut = len(text)
    for n in range(len(text) - 1, 0, -1):
        budget -= lines[text[n]].han
        if lines[text[n]].han > _SAID_BELOW or budget < 0:
            break
        cut = n if _is_parted(lines[text[n - 1] + 1 : text[n]]) else cut
    topic = _Topic(lines[text[0] : text[cut - 1] + 1])
    return next((i for i in reversed(text[cut:]) if topic.share(lines[i].chars) >= _OFF_TOPIC), text[cut - 1])


def _is_parted(between: Sequence[Line]) -> bool:
    certain = [line.kind for line in between if line.kind in _CERTAIN]
    return len(certain) >= 2 or Kind.LIST_HEAD in certain


def _is_own_appeal(lines: Sequence[Line], at: int) -> bool:
    """Whether the article itself asks something of its readers: no furniture stands beside it."""
    beside = [*lines[max(0, at - 1) : at], *lines[at + 1 : at + 2]]
    return lines[at].kind is Kind.APPEAL and not any(line.kind in _CERTAIN for line in beside)


def _is_listed(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is said twice, or a time stands in the two lines below it, as in lists of other pages."""
    below = lines[at + 1 : at + 4]
    twice = bool(below) and below[0].chars == lines[at].chars
    return twice or any(line.kind is Kind.STAMP for line in below)


def _above(lines: Sequence[Line], first: int, topic: _Topic, surrounded: bool) -> Iterator[int]:
    """Above the article stand menus, columns and controls; the title and the bylines stay."""
    title = _find_title(lines, first, topic)
    if surrounded and title < first and not _DOCUMENT_TITLE.match(lines[title].chars) and not topic.knows(lines[title]):
        title = first  # the name of the site, or what it calls itself
    crowded = any(_is_surely_above(line) for line in lines[:first]) or _is_column(lines, title)
    for i, line in enumerate(lines[:first]):
        if _goes_above(line, i < title, crowded) or (surrounded and i != title and _is_foreign(line, topic)):
            yield i


def _find_title(lines: Sequence[Line], first: int, topic: _Topic) -> int:
    """The line that shares most with the article; where none does, the first that is long enough."""
    fit = [i for i in range(first) if _may_be_title(lines[i]) or _is_title_in_parts(lines[i], topic)]
    if len(fit) > 1:
        shares = {i: topic.share(lines[i].chars) for i in fit}
        best = max(shares.values())
        return next(i for i in fit if shares[i] >= best - _SIMILAR) if best >= _ON_TOPIC else fit[0]
    short = (i for i in reversed(range(first)) if _may_be_short_title(lines[i]))
    return fit[0] if fit else next(short, first)


def _goes_above(line: Line, above_title: bool, crowded: bool) -> bool:
    if line.kind in (Kind.PROMPT, Kind.APPEAL):
        return True
    if line.kind is Kind.COUNTER:
        return re.search(r"\d\D+\d", line.chars) is None  # a day says when the page appeared
    if not above_title:
        return line.kind is Kind.SHORT and (_is_long_menu(line) or _is_small_control(line))
    if line.kind is Kind.LIST_HEAD:
        return True
    return line.kind is Kind.SHORT and (is_menu(line.chars) or crowded)


def _is_small_control(line: Line) -> bool:
    """听全文 3分钟: between a title and its article stands nothing shorter than a subtitle but controls."""
    hard, all_of_it = coverage(line.chars)
    return line.han <= _TITLE_HAN and (hard >= 0.3 or all_of_it >= 0.6)


def _may_be_title(line: Line) -> bool:
    return line.kind in _SHORT and line.han >= _TITLE_HAN and not is_menu(line.chars) and coverage(line.chars)[0] < 0.5


def _is_title_in_parts(line: Line, topic: _Topic) -> bool:
    """A title of two or three parts looks like a row of a menu, but its words are the article's."""
    parts = line.chars.split()
    long = 2 <= len(parts) <= 3 and all(count_han(part) >= 4 for part in parts)
    return line.kind is Kind.SHORT and long and topic.share(line.chars) >= _ON_TOPIC


def _may_be_short_title(line: Line) -> bool:
    """4 + 4 characters may be a title in two halves, where no better one stands: 凝心聚力 再谱新篇."""
    halves = line.chars.split()
    return line.kind is Kind.SHORT and line.han >= 6 and len(halves) <= 2 and all(count_han(h) >= 4 for h in halves)


def _is_surely_above(line: Line) -> bool:
    return line.kind in _CERTAIN[:2] or (line.kind is Kind.SHORT and is_menu(line.chars))


def _is_column(lines: Sequence[Line], title: int) -> bool:
    """Whether names stand in a column above the title, a menu turned on its side."""
    return sum(line.kind is Kind.SHORT and line.han <= 6 for line in lines[:title]) >= 3


def _is_long_menu(line: Line) -> bool:
    return is_menu(line.chars) and (len(line.chars.split()) >= 6 or coverage(line.chars)[1] >= 0.5)


def _inside(lines: Sequence[Line], first: int, last: int) -> Iterator[int]:
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
        elif stop > at and _is_label_with_title(line):
            yield at
        at = max(stop, at + 1)


def _is_numbered_title(line: Line) -> bool:
    return line.kind in _SHORT and line.han >= 6 and line.chars[0].isdigit()


def _heads_list(line: Line) -> bool:
    return line.kind is Kind.LIST_HEAD or _is_label_with_title(line)


def _is_label_with_title(line: Line) -> bool:
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


def _lists_without_head(lines: Sequence[Line], first: int, last: int) -> Iterator[int]:
    """Lists of other pages that no known head announces: short lines with times of the clock, or said twice."""
    at = first
    while at < last:
        stop = next((j for j in range(at, last + 1) if _resumes(lines[j])), last + 1)
        if sum(_is_dated(lines, i) for i in range(at, stop)) >= 2:
            end = _before_heading(lines, at, stop)
            yield from (i for i in range(at, end) if not is_editor(lines[i].chars))
        at = stop + 1


def _is_dated(lines: Sequence[Line], at: int) -> bool:
    line = lines[at]
    if line.kind is Kind.STAMP:
        return True
    twice = at > 0 and is_title_like(line) and lines[at - 1].chars == line.chars
    return twice or (line.kind in _SHORT and is_stamped(line.chars))


def _below(lines: Sequence[Line], last: int, topic: _Topic, repeated: frozenset[str]) -> Iterator[int]:
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
    if line.kind in _CERTAIN or line.kind is Kind.APPEAL:
        return True
    if _is_label_with_title(line):
        return True
    if is_title_like(line) and (is_stamped(line.chars) or _is_listed(lines, at)):
        return True
    if line.kind is not Kind.SHORT or is_item(line.chars) or _QUOTED.search(line.chars):
        return False
    hard, all_of_it = coverage(line.chars)
    return hard >= 0.3 and all_of_it >= 0.6


def _reach_back(lines: Sequence[Line], last: int, start: int, topic: _Topic, footer: bool) -> int:
    """Where furniture begins: what leads up to a sure piece goes with it; signatures, lists and bylines do not."""
    begin = start
    while begin - 1 > last and (_may_lead(lines[begin - 1], footer) or lines[begin - 1].kind is Kind.COUNTER):
        begin -= 1
    block = lines[begin:start]
    if not block or _announces(lines[last]):
        return start
    titles = [line for line in block if is_title_like(line)]
    if start < len(lines) and lines[start].kind is Kind.STAMP:
        return begin
    if sum(_is_dated(lines, i) for i in range(begin, start)) >= 2:
        return begin
    off_topic = topic.share(" ".join(line.chars for line in titles)) < _OFF_TOPIC
    if off_topic and len(titles) >= (2 if start < len(lines) else _MANY_TITLES):
        return begin
    hard, all_of_it = coverage("".join(line.chars for line in block))
    if (hard >= 0.2 and all_of_it >= 0.4) or (footer and all(SITE_LABEL.match(line.chars) for line in block)):
        return begin
    while start - 1 >= begin and coverage(lines[start - 1].chars)[1] >= 0.4:
        start -= 1
    return start


def _may_lead(line: Line, footer: bool) -> bool:
    return (line.kind in _SHORT and not is_item(line.chars)) or (footer and SITE_LABEL.match(line.chars) is not None)


def _announces(line: Line) -> bool:
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
    return line.kind is Kind.KEPT and not footer and read_credits(line.chars) is not None
