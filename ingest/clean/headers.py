"""Running headers and page numbers that landed between lines, or inside a sentence, when a document was converted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

import rjieba

from ingest.clean.lines import count_pauses, is_stopped, is_word_across, trim, wrap_width
from ingest.clean.rounds import settle
from ingest.origin import Cleaned, Edit, Note, Text
from lang.script import HAN, count_han, is_han
from lang.unigram import Unigram

DOUBTFUL = "may be a running header inside the sentence"

_NUMBER = (
    r"(?:[-—–―·]{1,2}\s?\d{1,4}\s?[-—–―·]{1,2}|第\s?\d{1,4}\s?页(?:\s?[,，/]?\s?共\s?\d{1,4}\s?页)?|\d{1,4}\s?/\s?\d{1,4}"
    r"(?:\s?页)?)"
)
_PAGE = re.compile(_NUMBER)
_NUMBERED = re.compile(rf"\s?{_NUMBER}$")
_BARE = re.compile(r"\d{1,3}")
_BARE_AT_END = re.compile(r"(?<=[^\d\s.])\s\d{1,3}$")
_TAIL = re.compile(f"[{HAN}（）()—\\d]{{3,24}}$")
# What headers of documents are titles of.
_DOCUMENT = re.compile(
    r"(?:讲话|会议|纪要|报告|简报|专报|摘报|文件|总结|规划|方案|材料|计划|手册|通报|汇编|通知|意见|公报|决定|办法|条例|稿|读本|年鉴|概览)[)）]?"
    r"(?:[（(][^（）()]{2,16}[)）])?$"
)
_CUT_OFF = re.compile(r"[^（(]{2,20}[)）]$")  # a header that lost its beginning: 2021—2025年）
_PUNCTUATED = re.compile(r"[。！？!?，,；;：:、“”]")
# Shorter lines are no running text that could have taken a header in.
_MIN_RUNNING_HAN, _MIN_BROKEN_HAN = 20, 10
_MIN_HEADER, _MAX_HEADER = 3, 24
_MAX_CUT_OFF = 7  # characters by which one header of a document is longer than another that was cut off
_SHARED_END = 4  # characters in which headers of one document agree at least; some are cut off at their beginning
_TITLE_LINES, _MAX_TITLE = 3, 60
_LONG_HAN, _ORDERLY = 40, 0.6
_ITEM = re.compile(
    r"[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d+[.、．]|第[一二三四五六七八九十\d]+[条章节]"
)
_COMPARED = 8  # lines of one ending; more are as alike
_WINDOW = 8
_STANDS_ALONE = frozenset(
    "的了在是和与及也都就又还有被把对为从到据等并将要以于其该这那各让使给向由而但或不没可会能已曾正仍更最很再只"
)


def remove_running_headers(text: Text) -> Cleaned:
    """Takes out page numbers and headers of a document that stand where a sentence goes on.

    ``…一家机械公务虚会议`` / ``司毕业后…`` on a page titled 在务虚会上的讲话: the end of the first line is the title's,
    and without it the two lines make a word, 公司. A header may also stand in a line of its own. It is taken out
    where it has a page number, recurs, or parts a word; where only its form speaks for it, it is flagged and stays.
    The line break goes with it.
    """
    return settle(text, _remove)


def _remove(text: Text) -> Cleaned:
    spans = [(a, b) for a, b in text.lines() if not text.chars[a:b].isspace()]
    lines = [trim(text.chars, a, b) for a, b in spans]
    page = _Page.read([text.chars[a:b] for a, b in lines])
    edits: list[Edit] = []
    notes: list[Note] = []
    at = 0  # up to where the last edit went
    for i, (start, end) in enumerate(lines):
        found = page.find(i)
        if found and found.sure:
            first, last = (lines[i - 1][1], lines[i + 1][0]) if found.joins else spans[i]
            edits.append((max(start + found.start if found.start else first, at), last, ""))
            at = last
        elif found:
            notes.append((start + found.start, end, DOUBTFUL))
    return text.edit(edits, notes)


@dataclass(frozen=True, slots=True)
class _Found:
    """A header from character ``start`` of a line to its end; ``joins`` if the sentence goes on in the next line."""

    start: int
    sure: bool = True
    joins: bool = True


@dataclass(frozen=True, slots=True)
class _Page:
    """A page's lines, where the page number at the end of each begins, and what headers are made of.

    ``width`` is what lines were wrapped at, 0 where they were not; ``title`` has every three characters in a row
    of the title; ``alike`` the lines that end in the same four characters and break off; ``known`` the headers that
    stand in lines of their own; ``orderly`` whether most paragraphs end as sentences do, so that one that does not
    was broken.
    """

    lines: Sequence[str]
    ends: Sequence[int]
    width: int
    title: frozenset[str]
    alike: dict[str, list[int]]
    orderly: bool
    known: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, lines: Sequence[str]) -> _Page:
        width = wrap_width(lines)
        titles = [line for line in lines[:_TITLE_LINES] if _may_be_title(line, width)]
        title = frozenset(line[i : i + 3] for line in titles for i in range(len(line) - 2))
        ends = [_end_of_words(line) for line in lines]
        alike = defaultdict[str, list[int]](list)
        for i, (line, end) in enumerate(zip(lines[:-1], ends, strict=False)):
            key = line[max(0, end - _SHARED_END) : end]
            if (count_han(key) == _SHARED_END or key[-1:] in ")）") and len(alike[key]) < _COMPARED:
                alike[key].append(i)
        long = [line for line in lines if count_han(line) >= _LONG_HAN and count_pauses(line)]
        orderly = not width and sum(map(is_stopped, long)) >= _ORDERLY * len(long)
        page = cls(lines, ends, width, title, dict(alike), orderly)
        page.known.extend(dict.fromkeys(page._words(i) for i in range(1, len(lines) - 1) if page._shows_header(i)))
        return page

    def _words(self, i: int) -> str:
        return self.lines[i][: self.ends[i]].rstrip()

    def _shows_header(self, i: int) -> bool:
        """Whether a line is a whole header, from which others of the page are told."""
        if len(self.known) >= _COMPARED or not self._may_stand_alone(i) or count_han(self._words(i)) < _MIN_HEADER:
            return False
        told = self._is_document(i) or self._is_cut_off(i) or self._shared_end(i) >= _SHARED_END
        return told and self._breaks_off(i, self._before(i))

    def _is_cut_off(self, i: int) -> bool:
        """Whether a line closes a bracket that it did not open, nor did the line before."""
        before = self._before(i)
        return _CUT_OFF.match(self._words(i)) is not None and not re.search("[（(][^）)]*$", before)

    def _known_end(self, i: int) -> int:
        """How many characters the end of a line shares with a header that stands in a line of its own."""
        words = self._words(i)
        shared = (_common(words[::-1], known[::-1]) for known in self.known if known != words)
        return max((n for n in shared if n >= _MIN_HEADER), default=0)

    def find(self, i: int) -> _Found | None:
        """The header in line ``i``, if the sentence goes on below it."""
        if i + 1 >= len(self.lines):
            return None
        return self._line_of_its_own(i) if self._may_stand_alone(i) else self._at_end(i)

    def _may_stand_alone(self, i: int) -> bool:
        words = self.lines[i][: self.ends[i]]
        return len(words) <= _MAX_HEADER and not _PUNCTUATED.search(words)

    def _line_of_its_own(self, i: int) -> _Found | None:
        line, before, after = self.lines[i], self._before(i), self.lines[i + 1]
        if _PAGE.fullmatch(line):
            near = max(count_han(before), count_han(after))
            joins = bool(before) and self._breaks_off(i, before)
            return _Found(0, joins=joins) if i > 0 and near >= _MIN_RUNNING_HAN else None
        if not before or not self._breaks_off(i, before):
            return None
        across = is_word_across(before, after)
        if _BARE.fullmatch(line):
            return _Found(0) if across else None
        known, words = self._known_end(i), self._words(i)
        if known and len(words) - known > _MAX_CUT_OFF and not across:
            return _Found(len(words) - known)  # text, and then a header
        if self._is_cut_off(i) and not self.width:
            return _Found(0)
        if not (is_han(line[0]) or known) or len(line) < _MIN_HEADER:
            return None
        if self.width and not self._is_document(i):
            return None  # two wraps in a row leave short lines, too
        if across and not is_word_across(before, line) and not is_word_across(line, after):
            return _Found(0)
        numbered = self.ends[i] < len(line) and (_NUMBERED.search(line) is not None or self._is_document(i))
        if numbered or known or self._shared_end(i) >= _SHARED_END:
            return _Found(0)
        broken = self.orderly and count_han(before) >= _LONG_HAN and not _is_list(after)
        return _Found(0, sure=broken) if self._is_document(i) else None

    def _before(self, i: int) -> str:
        """The text before a line, other headers aside."""
        for j in range(i - 1, max(-1, i - 4), -1):
            if count_han(self.lines[j]) and (j == 0 or not (self._may_stand_alone(j) and self._is_document(j))):
                return self.lines[j]
        return ""

    def _breaks_off(self, i: int, before: str) -> bool:
        """Whether the text before a line is running text; a rest between two headers is short."""
        if is_stopped(before):
            return False
        if self._is_document(i) and count_han(before) >= _MIN_BROKEN_HAN:
            numbered = _NUMBERED.search(self.lines[i]) is not None
            if numbered or count_pauses(before) or is_word_across(before, self.lines[i + 1]):
                return True
        long = count_han(before) >= _MIN_RUNNING_HAN and count_pauses(before) > 0
        return long or (self._shared_end(i) >= _SHARED_END and i > 1)

    def _is_document(self, i: int) -> bool:
        return _DOCUMENT.search(self._words(i)) is not None

    def _shared_end(self, i: int) -> int:
        """How many characters the end of a line shares with the end of another that breaks off, too."""
        words = self._last(i)
        others = self.alike.get(words[:_SHARED_END][::-1], ())
        return max((_common(words, self._last(j)) for j in others if j != i), default=0)

    def _last(self, i: int) -> str:
        """The last words of a line, from the end on; one character more than any header has."""
        end = self.ends[i]
        return self.lines[i][max(0, end - _MAX_HEADER - 1) : end][::-1]

    def _at_end(self, i: int) -> _Found | None:
        """A header behind the text of a line: where it begins, a word must close, or another line show it."""
        line, after, end = self.lines[i], self.lines[i + 1], self.ends[i]
        known, document = self._known_end(i), self._is_document(i)
        stopped = is_stopped(line[:end]) and not (known or (document and line[:end].endswith(("）", ")"))))
        if stopped or not _is_running(line[:end]) or len(line) <= self.width or not is_han(after[0]):
            return None
        if is_word_across(line, after):
            return None
        numbered, shared = end < len(line), self._shared_end(i)
        if known and known < _MAX_HEADER:
            return _Found(len(self._words(i)) - known)
        if shared >= _SHARED_END or numbered or document:
            closings = self._closings(line[:end], after, max(shared, _MIN_HEADER))
            closing = min(closings, key=lambda at: _cost(line[:end], at, after), default=None)
            told = document or shared >= _SHARED_END or (numbered and _NUMBERED.search(line) is not None)
            if closing is not None and told:
                return _Found(closing)
            if shared >= _SHARED_END:
                return _Found(end - min(shared, _MAX_HEADER))
        at = self._title_from(line[:end])
        if at is None or not _is_half_word(after):
            form = _DOCUMENT.search(line[:end])
            doubt = _Found(form.start(), sure=False) if form and self.orderly and not _is_list(after) else None
            return _Found(end) if numbered and _NUMBERED.search(line) else doubt
        return _Found(at, sure=is_word_across(line[:at], after))

    def _closings(self, line: str, after: str, shortest: int) -> Iterator[int]:
        """Places where a header at the end of a line may begin, as a word closes over it."""
        if _is_half_word(after):
            tail = _TAIL.search(line)
            for at in range(len(line) - shortest, tail.start() if tail else len(line), -1):
                if is_word_across(line[:at], after):
                    yield at

    def _title_from(self, line: str) -> int | None:
        """Where the title's words begin at the end of a line; None where they do not, or go further back."""
        tail = _TAIL.search(line)
        for at in range(max(tail.start() if tail else len(line), 1), len(line) - _MIN_HEADER + 1):
            if (
                line[at : at + 3] in self.title
                and line[at - 1 : at + 2] not in self.title
                and self._is_title(line[at:])
            ):
                return at
        return None

    def _is_title(self, chars: str) -> bool:
        """Whether most of the characters stand in the title, three in a row."""
        inside = {j for i in range(len(chars) - 2) if chars[i : i + 3] in self.title for j in range(i, i + 3)}
        return len(inside) >= 0.7 * len(chars)


def _cost(line: str, at: int, after: str) -> float:
    """How rare the words are, in nats, that a line makes if a header begins at a place and the text goes on below."""
    model, begin = Unigram(), max(0, len(line) - 2 * _MAX_HEADER)
    return sum(model.char_costs(line[begin:at] + after[:_WINDOW])) + sum(model.char_costs(line[at:]))


def _may_be_title(line: str, width: int) -> bool:
    """Whether a line at the top may be the title: not long, nor a piece of a sentence."""
    wrapped = 0 < width <= len(line) + 3
    return len(line) <= _MAX_TITLE and not is_stopped(line) and not wrapped and not count_pauses(line)


def _is_list(line: str) -> bool:
    return _ITEM.match(line) is not None


def _common(one: str, other: str) -> int:
    """How many characters two strings begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _end_of_words(line: str) -> int:
    """Where the page number at the end of a line begins; the line's length where there is none."""
    found = _NUMBERED.search(line, max(0, len(line) - 24)) or _BARE_AT_END.search(line, max(0, len(line) - 6))
    return found.start() if found and found.start() > 0 else len(line)


def _is_running(line: str) -> bool:
    return count_han(line) >= _MIN_RUNNING_HAN and count_pauses(line) > 1


def _is_half_word(line: str) -> bool:
    """Whether a line begins with a character that is part of no word there and does not stand alone."""
    words = rjieba.cut(line[:_WINDOW], False)
    return bool(words) and len(words[0]) == 1 and words[0] not in _STANDS_ALONE
