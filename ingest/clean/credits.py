"""Bylines, photo credits with their captions, editor lines and the source line of a head."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.clean.boilerplate import is_prose
from ingest.clean.lines import count_pauses, is_stopped
from ingest.credits import Credits, read_credits
from ingest.origin import Cleaned, Text
from lang.script import count_han

_HEAD_LINES = 20
_RUNNING_HAN = 20
_SPEAKER = re.compile(r"(记者|作者|编辑|主编|责编)\s*[:：]")
_NUMERIC_DATE = re.compile(r"(?:20|19)\d\d[-/.]|:\d\d")
_EMPTY_LABEL = re.compile(r"(?:来源|稿源|作者|编辑|责任编辑|责编|发布时间|发布日期)\s*[:：]")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the page: its span, and what it says where it is a credit from end to end."""

    start: int
    end: int
    text: str
    read: Credits | None

    @property
    def is_prose(self) -> bool:
        return self.read is None and is_prose(self.text)


def remove_credits(text: Text) -> Cleaned:
    """Takes out the lines that are credits from end to end; counts lines.

    A photo's credit goes with its caption, which is no part of the running text. What stands inside a
    paragraph stays there, 本报讯（记者…） and a closing （责任编辑：…） too: a body that was flattened to one line
    does not tell whether they are its own. A signature, a speaker's line and a dated line of a notice are no
    credits. When no paragraph would be left, nothing is removed.
    """
    lines = [_Line(a, b, line, read_credits(line)) for a, b in text.lines() for line in [text.chars[a:b].strip()]]
    first, last = _bounds(lines)
    speakers = _speakers(lines)
    spoken = {i for i, line in enumerate(lines) if _speaks(line, speakers) or _goes_on(lines, i)}
    credited = [i for i, line in enumerate(lines) if line.read and i not in spoken]
    gone = {i for i in credited if _may_go(lines[i], i, first, last)}
    gone -= _captions_that_are_the_text(lines, gone)
    gone |= _values(lines, gone, first)
    if not any(count_han(line.text) for i, line in enumerate(lines) if i not in gone):
        return Cleaned(text)
    return text.edit((lines[i].start, lines[i].end, "") for i in sorted(gone))


def _bounds(lines: list[_Line]) -> tuple[int, int]:
    """Where the head ends and the tail begins: at the first and last paragraph. Credits do not move them."""
    prose = [i for i, line in enumerate(lines) if line.is_prose]
    others = [i for i, line in enumerate(lines) if line.text and not line.read]
    head = others[_HEAD_LINES] if len(others) > _HEAD_LINES else len(lines)
    return (min(prose[0], head), prose[-1]) if prose else (head, len(lines))


def _may_go(line: _Line, i: int, first: int, last: int) -> bool:
    """A byline, an editor or a photo's credit anywhere; a lone source outside the text; a date in the head only."""
    read = line.read
    assert read is not None
    if read == Credits(published=read.published) and read.published:
        return i < first and _NUMERIC_DATE.search(line.text) is not None
    kinds = sum(map(bool, (read.authors, read.editors, read.source, read.published)))
    named = read.captions or read.photographers or read.editors or (read.authors and "记者" in line.text)
    return i < first or i > last or kinds > 1 or bool(named)


def _goes_on(lines: list[_Line], i: int) -> bool:
    """Whether a line ends a sentence that the line before broke off: 发展。（图片由通讯员提供） is then no caption."""
    before, read = lines[i - 1].text if i else "", lines[i].read
    running = count_han(before) >= _RUNNING_HAN and count_pauses(before) > 0 and not is_stopped(before)
    return running and read is not None and bool(read.captions)


def _speakers(lines: list[_Line]) -> set[str]:
    """Labels that introduce speech on this page: 记者：你怎么看？"""
    said = (_SPEAKER.match(line.text) for line in lines if line.read is None)
    return {m[1] for m in said if m}


def _speaks(line: _Line, speakers: set[str]) -> bool:
    speaker = _SPEAKER.match(line.text)
    return speaker is not None and speaker[1] in speakers


def _captions_that_are_the_text(lines: list[_Line], gone: set[int]) -> set[int]:
    """All captions, on a page that has more of them than of other text: a picture story."""
    captions = {i for i in gone if (read := lines[i].read) and read.captions}
    shown = sum(count_han(lines[i].text) for i in captions)
    said = sum(count_han(line.text) for line in lines if not line.read)
    return captions if shown > said else set()


def _values(lines: list[_Line], gone: set[int], first: int) -> set[int]:
    """Short lines of the head that are the value of a label on a line of its own: 来源： and then 云川日报."""
    found = set()
    for i in gone:
        follows = next((j for j in range(i + 1, first) if lines[j].text), None)
        if follows is not None and _EMPTY_LABEL.fullmatch(lines[i].text) and not lines[follows].is_prose:
            joined = read_credits(lines[i].text + lines[follows].text)
            if joined and joined != Credits() and len(lines[follows].text) <= 12 and lines[follows].read is None:
                found.add(follows)
    return found
