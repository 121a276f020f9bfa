"""What one line of a page is by itself: running text, a byline, a control, a time, or a short line of any sort."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache

from ingest.clean.furniture import BREADCRUMB, BYLINE, CONTACT, LEGAL, LIST_CORE, LIST_WORD, NOTICES, SELF, VOCABULARY
from ingest.clean.lines import is_word_across, last_place
from ingest.credits import read_credits
from lang.people import is_name
from lang.script import count_han


class Kind(Enum):
    """A line by itself. Where it stands decides whether it goes."""

    BLANK = auto()
    TEXT = auto()  # running text: the article is between the first and the last of these
    EXCLAMATION = auto()  # running text, or the title of another page: 好莱坞的噩梦!
    KEPT = auto()  # short, and an article's: byline, contact, attachment, numbered heading, salutation
    STAMP = auto()  # when a page appeared, to the minute, or how long ago
    COUNTER = auto()  # any other time or number: a table's cell, or what a counter shows
    LIST_HEAD = auto()  # begins a list of other pages, if titles follow
    FURNITURE = auto()  # a control or a notice, wherever it stands
    PROMPT = auto()  # a full sentence that speaks as the site, such as a disclaimer: furniture at the page's edges
    APPEAL = auto()  # a full sentence that may do so: furniture beside furniture
    SHORT = auto()


CERTAIN = (Kind.FURNITURE, Kind.PROMPT, Kind.STAMP, Kind.LIST_HEAD)
"""No line of these kinds is an article's."""
SHORT_KINDS = (Kind.SHORT, Kind.EXCLAMATION)


@dataclass(frozen=True, slots=True)
class Line:
    """A line without white space around it, its kind and its Chinese characters."""

    chars: str
    kind: Kind
    han: int
    gap: bool = False
    """Whether blank lines part it from the line before."""
    runs_on: bool = False
    """Whether it fills the width of a page that was wrapped, and does not end as sentences do."""


_SENTENCE_ENDS = "。！？!?；;：:…”』」）)】"
_PAUSE = re.compile("[，,、。；;]")
_LONGEST = 300  # no furniture is longer, and patterns need not look further
_TITLE = 60
_OPENING = 15
_FULL_PROSE_HAN, _PROSE_HAN, _TITLE_HAN = 50, 20, 8
_NAMED_HAN = 12  # characters that name a site or a column
_MARKS = re.compile(r"[^\w]|\d|_")
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．是要]|第[一二三四五六七八九十百\d]+[条章节部届期]|[（(][一二三四五六七八九十\d]+[)）]|问[:：]|答[:：])"
)
_ITEM = re.compile(r"^(?:\d{1,2}[.、．]\s?(?!\d)|[①-⑳])")
_ATTACHMENT = re.compile(r"^附(?:件|表|图|录)?\s?\d{0,2}\s?[:：.、]|^附[件表图录]\s?\d{0,2}$")
_SIGNED_DATE = re.compile(
    r"^(?:\d{4}|[二〇○Ｏ零一九]{4})年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日$"
)
_DATELINE = re.compile(r"^[(（].{1,30}[)）]$")
_CLOCK = r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"
_DAY = r"(?:(?:19|20)\d\d\s*[-年/.])?\s*\d{1,2}\s*[-月/.]\s*\d{1,2}\s*日?"
_STAMP = re.compile(
    rf"^[\[(（]?(?:{_DAY}[\sT]*(?:{_CLOCK})?|{_CLOCK}|\d+\s*(?:秒|分钟|小时|天|周|个月|年)前|昨天|今天|刚刚)(?:\s*{_CLOCK})?[\])）]?$"
    r"|^[\s\d.,+]{1,8}$"
)
_STAMPED = re.compile(
    rf"(?:(?:19|20)\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/]\d{{1,2}})(?:[\sT]*{_CLOCK})?[\])）]?$|\d+(?:分钟|小时|天)前$"
)
_DATED = re.compile(rf"(?:19|20)\d\d\s*[-年/.]\s*\d{{1,2}}\s*[-月/.]\s*\d{{1,2}}\s*日?[\sT]*{_CLOCK}")
_MOMENT = re.compile(r"\d\s*[-/.月]\s*\d{1,2}.*[:：]|前")
_STOPPED = re.compile(r"[!?！？…~]+[”’」』）)]*$")
_SENTENCE_MARK = re.compile(r"[。；;]")
_SENTENCE_END = re.compile(r"[。！!]$")
_ROW = re.compile(r"[\s|｜/·•>»›_]+")
_BLANKS = re.compile(r"\s{2,}")
_LATIN_PROSE = re.compile(r"(?:\b[A-Za-z][\w'’-]{0,40}[\s,;:]{1,4}){7}")
_BRACKETS = re.compile("[（()）]")
_QUOTED = re.compile(r"[“”‘’《》「」\"']")
_UNIT = re.compile(
    r"(?:局|厅|委|部|处|科|室|办公室|委员会|政府|中心|协会|学会|商会|联盟|公司|集团|银行|大学|学院|学校|中学|小学|医院|研究院|研究所|实验室|领导小组|工作组|指挥部|分行|支行|报社|电视台|园区|开发区|高新区|[县市区镇乡村])$"
)


def read_line(chars: str, width: int = 0, gap: bool = False) -> Line:
    """Sorts a line; ``width`` is the width at which the page's lines were wrapped, 0 where they were not."""
    chars = chars.strip()
    han = count_han(chars)
    runs_on = _fills(chars, width) and chars[-1] not in _SENTENCE_ENDS
    kind = _kind if len(chars) <= _LONGEST else _kind.__wrapped__  # what is remembered must be short
    return Line(chars, kind(chars, han, width), han, gap, runs_on)


def continued(before: Line, line: Line) -> Line:
    """A line as it counts on a wrapped page: what goes on with the sentence of the line before is running text."""
    if line.kind is Kind.LIST_HEAD:
        return line
    goes_on = before.runs_on and before.kind is Kind.TEXT and (line.runs_on or not is_notice(line.chars))
    return replace(line, kind=Kind.TEXT) if goes_on or _is_path_inside(before, line) else line


def _is_path_inside(before: Line, line: Line) -> bool:
    """Whether what looks like a breadcrumb stands in a sentence that the line before broke off: 设置 > 安全 > 指纹."""
    running = before.kind is Kind.TEXT or (before.kind is Kind.SHORT and before.han >= _PROSE_HAN)
    if line.gap or not running or len(line.chars) > _LONGEST or before.chars[-1:] in _SENTENCE_ENDS:
        return False
    return _PAUSE.search(before.chars) is not None and re.match(BREADCRUMB, line.chars) is not None


def preceding(lines: Sequence[Line]) -> list[Line]:
    """Lines as they count before what follows: what a sentence of the next line began with is running text."""
    counted = list(lines)
    for i in range(len(counted) - 2, -1, -1):
        line, following = counted[i : i + 2]
        if line.kind is Kind.SHORT and following.kind is Kind.TEXT and not following.gap and _leads(line, following):
            counted[i] = replace(line, kind=Kind.TEXT)
    return counted


def _leads(line: Line, following: Line) -> bool:
    """Whether a sentence goes on in the next line: titles and controls are neither so long nor left open."""
    chars = line.chars
    if is_menu(chars):
        return False
    if _PAUSE.search(chars) and (len(chars) > _TITLE or is_word_across(chars, following.chars)):
        return True
    closed = _BRACKETS.findall(following.chars[:_TITLE])
    opened = (line.runs_on or len(chars) > _TITLE) and _BRACKETS.findall(chars)[-1:] in (["（"], ["("])
    return bool(opened and closed and closed[0] in "）)")


def _fills(line: str, width: int) -> bool:
    """Whether a line is as long as wrapped ones; figures and Latin words at its end may have made it longer."""
    return 0 < width <= len(line) + 3 and (len(line) <= width + 3 or last_place(line) <= width + 1)


@lru_cache(maxsize=8192)
def _kind(line: str, han: int, width: int) -> Kind:
    if not line:
        return Kind.BLANK
    if is_notice(line):
        return Kind.FURNITURE
    if is_list_head(line):
        return Kind.LIST_HEAD
    if is_control(line):
        return Kind.FURNITURE
    if (speaks := _speaks_as_site(line, han)) is not None and ("。" in line or speaks is Kind.PROMPT):
        return speaks
    if _is_text(line, han, width):
        return Kind.TEXT
    if _STAMP.match(line) and not _SIGNED_DATE.match(line):
        return Kind.STAMP if _MOMENT.search(line) else Kind.COUNTER
    if is_kept(line):
        return Kind.KEPT
    return Kind.EXCLAMATION if han >= _PROSE_HAN and _STOPPED.search(line) else Kind.SHORT


def is_notice(line: str) -> bool:
    """Whether a line is a notice or a control that a site puts on all its pages."""
    if len(line) > _LONGEST:
        return False
    line = _BLANKS.sub(" ", line)  # patterns with three optional spaces in a row take the cube of a run's length
    return any(p.match(line) for p in NOTICES)


def is_control(line: str) -> bool:
    """Whether a line is made of the words of controls: 收藏 纠错 打印, 手机客户端下载.

    A name of one or two words needs almost all of it, a row of several words two thirds.
    """
    if len(line) > 2 * _TITLE or _SENTENCE_MARK.search(line) or _QUOTED.search(line):
        return False
    hard, all_of_it = coverage(line)
    return hard >= 0.5 and all_of_it >= (0.65 if len(_words(line)) > 2 else 0.9)


def coverage(line: str) -> tuple[float, float]:
    """The shares, 0 to 1, of a line's letters in words of controls, and in these or words of menus.

    >>> coverage("收藏 打印"), coverage("扫码看视频")
    ((1.0, 1.0), (0.4, 0.8))
    """
    size = len(_MARKS.sub("", line))
    hard = soft = 0
    for match in VOCABULARY.finditer(line):
        letters = len(match[0]) - match[0].count(" ")
        hard, soft = (hard + letters, soft) if match[1] else (hard, soft + letters)
    return (min(1.0, hard / size), min(1.0, (hard + soft) / size)) if size else (0.0, 0.0)


def _speaks_as_site(line: str, han: int) -> Kind | None:
    """Whether a full sentence is a disclaimer, a reprint notice, or a call to follow, share or log in."""
    own = SELF.search(line)
    # A paragraph with a disclaimer at its end is a paragraph.
    if own is None or own.start() > _OPENING or len(line) > _LONGEST or not han:
        return None
    if _NUMBERED.match(line) or (BYLINE.search(line) and not _SENTENCE_END.search(line)):
        return None
    legal = [m[0] for m in LEGAL.finditer(line)]
    share = sum(map(len, legal)) / han
    hard, all_of_it = coverage(line)
    if (len(set(legal)) >= 3 and share >= 0.45) or (hard >= 0.35 and all_of_it >= 0.6 and len(line) <= 2 * _TITLE):
        return Kind.PROMPT
    return Kind.APPEAL if (len(set(legal)) >= 3 and share >= 0.3) or (hard >= 0.2 and all_of_it >= 0.4) else None


def _is_text(line: str, han: int, width: int) -> bool:
    if han < 1:
        return bool(_LATIN_PROSE.search(line))
    if "。" in line or _NUMBERED.match(line):
        return True
    if is_menu(line) and len(_words(line)) > 2:
        return False
    if han >= _FULL_PROSE_HAN:
        return True
    if _fills(line, width) and _PAUSE.search(line):  # titles of other pages have none
        return True
    return han >= _PROSE_HAN and line[-1] in "；;：:，,、"


def is_numbered_heading(line: str) -> bool:
    """Whether a line counts as running text only for what it begins with: 一、, （二）, 问：."""
    return _NUMBERED.match(line) is not None and "。" not in line and count_han(line) < _FULL_PROSE_HAN


def is_kept(line: str) -> bool:
    """Whether a short line is an article's by its form."""
    if len(line) > 2 * _TITLE:
        return False
    return bool(
        _is_byline(line)
        or CONTACT.search(line)
        or _ATTACHMENT.match(line)
        or _SIGNED_DATE.match(line)
        or _DATELINE.match(line)
        or line[-1] in "：:"
    )


def _is_byline(line: str) -> bool:
    """Whether a line is a byline, rather than a title that was cut off after 本报讯（记者陆以宁）."""
    found = BYLINE.search(line)
    return found is not None and (found.start() == 0 or read_credits(line) is not None)


def is_list_head(line: str) -> bool:
    """Whether a line may begin a list of other pages: 24小时热榜, 大家还在看.

    Its words are those of such heads, and one of them says so; whether titles follow is for the page to show.
    """
    bare = re.sub(r"[\W_]", "", line)
    if not 2 <= len(bare) <= 12 or _SENTENCE_MARK.search(line):
        return False
    covered = sum(len(m[0]) for m in LIST_WORD.finditer(bare))
    return covered / len(bare) >= 0.75 and LIST_CORE.search(bare) is not None


def is_stamped(line: str) -> bool:
    """Whether a line ends in a numeric day or an age, as titles in lists of pages do."""
    return len(line) <= 2 * _TITLE and _STAMPED.search(line) is not None


def is_prose(line: str) -> bool:
    """Whether a line is running text rather than a heading, a menu or a control."""
    return count_han(line) >= _PROSE_HAN and re.search(r"[。！？!?；;：:”」』…）)]$", line) is not None


def is_menu(line: str) -> bool:
    """Whether a line is a row of short names: 演播厅 会议室."""
    words = _words(line)
    if len(words) < 2 or re.search(r"[。！？，,；;]", line):
        return False
    sizes = [count_han(w) for w in words]
    return max(sizes) <= 14 and sum(sizes) <= (10 if len(words) == 2 else 9 * len(words)) and sum(sizes) > 0


def is_item(line: str) -> bool:
    """Whether a line is an entry of an article's own list: numbered, a unit, names of people, a row with figures."""
    words = line.split()
    short = bool(words) and all(count_han(w) == len(w) and 2 <= len(w) <= 4 for w in words)
    return bool(
        _ITEM.match(line)
        or _UNIT.search(line)
        or (short and 2 * sum(map(is_name, words)) >= len(words))
        or (len(words) > 1 and any(w[0].isdigit() for w in words))
    )


def is_title_like(line: Line) -> bool:
    """Whether a line could be the title of another page."""
    return (
        line.kind in (Kind.SHORT, Kind.EXCLAMATION)
        and line.han >= _TITLE_HAN - 2
        and len(line.chars) <= _TITLE
        and not is_item(line.chars)
    )


def is_signature(line: str) -> bool:
    """Whether a line may be the name under a notice."""
    return len(line) <= _TITLE // 2 and _UNIT.search(line) is not None


def is_signed_date(line: str) -> bool:
    """Whether a line is the date under a notice: 2024年5月6日, 二〇二四年五月六日."""
    return _SIGNED_DATE.match(line) is not None


def is_moment(line: str) -> bool:
    """Whether a line says little but a day and a time of the clock: 2024-05-06 10:30 云川新闻."""
    return _DATED.search(line) is not None and count_han(line) <= _NAMED_HAN


def is_editor(line: str) -> bool:
    """Whether a line names an editor, which stands below an article, and below what surrounds it."""
    return re.match(r"^[\[(（【]?(?:责任编辑|责编|编辑|编审|审核|校对|审签|终审|监制)\s*[:：]", line) is not None


def normal(line: str) -> str:
    """A line as it is remembered for a site: no white space, no letter case."""
    return "".join(line.split()).casefold()


def _words(line: str) -> Sequence[str]:
    return [w for w in _ROW.split(line) if w]
