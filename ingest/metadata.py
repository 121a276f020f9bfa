"""Title, city, date and source, where the page gives them; an empty string where it does not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ingest.clean.boilerplate import is_menu, is_notice, is_prose
from lang.cities import main_city
from lang.script import count_han

_DATE = re.compile(r"(20\d\d|19\d\d)\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})\s*日?")
_LABELLED = re.compile(r"(?:发布|发表|刊发|成文|更新|印发)?(?:时间|日期)\s*[:：]\s*(?=(?:20|19)\d\d)")
_SOURCE = re.compile(r"(?:来源|稿源|信息来源)\s*[:：]\s*([^\s|,，。;；]{2,24})")
_ORIGINAL_TITLE = re.compile(r"^原标题\s*[:：]?\s*(.*)$")
_BYLINE = re.compile(r"记者|通讯员|来源|稿源|作者|编辑|发布时间|发布日期|日期[:：]")
_MIN_TITLE, _FULL_TITLE, _MAX_TITLE = 6, 10, 60
_NOTICE = re.compile(r"(?:通知|公告|公示|通报|办法|意见|方案)$")
_SITE_SUFFIX = re.compile(r"\s*[-_|–—]+\s*[^-_|–—]{2,20}(?:局|厅|委|网|报|政府|频道|在线|门户|新闻|日报|晚报)$")


@dataclass(frozen=True, slots=True)
class Metadata:
    """``published`` is an ISO date, ``city`` a Chinese name without 市."""

    title: str
    city: str
    published: str
    source: str


def find_metadata(page: str, body: str, title: str = "", published: str = "", source: str = "") -> Metadata:
    """Reads a page's metadata.

    Args:
        page: the folded text with its surroundings, for bylines and site names stand there.
        body: the cleaned text.
        title: what the page or its record declared; it wins over what is found.
        published: the same for the date, in any common form.
        source: the same for the source.
    """
    lines = [line.strip() for line in page.splitlines() if line.strip()]
    head = _head(lines)
    title = _without_site(title) or _find_title(head, lines)
    return Metadata(
        title=title,
        city=main_city(body, title) or main_city(page, title),
        published=_iso(published) or _find_date(head, lines),
        source=source or next((m[1] for m in map(_SOURCE.search, lines) if m), ""),
    )


def _head(lines: list[str]) -> list[str]:
    """The lines before the first paragraph: at most twenty, for a head is short."""
    first = next((i for i, line in enumerate(lines) if is_prose(line)), len(lines))
    return lines[: min(first, 20)]


def _find_title(head: list[str], lines: list[str]) -> str:
    for i, line in enumerate(lines[:30]):
        original = _ORIGINAL_TITLE.match(line)
        if original:
            return original[1] or (lines[i + 1] if i + 1 < len(lines) and not is_prose(lines[i + 1]) else "")
    fit = [line for line in head if _may_be_title(line)]
    # A column's or an office's name may stand above the title: it is shorter, and no notice ends like one.
    notice = next((line for line in fit if _NOTICE.search(line)), "")
    return notice or next((line for line in fit if count_han(line) >= _FULL_TITLE), fit[0] if fit else "")


def _without_site(title: str) -> str:
    """A declared title less the name of the site that many pages append.

    >>> _without_site("云川上调全年科技目标-云川市科学技术局")
    '云川上调全年科技目标'
    """
    return _SITE_SUFFIX.sub("", title).strip()


def _may_be_title(line: str) -> bool:
    return (
        _MIN_TITLE <= count_han(line) <= _MAX_TITLE
        and not is_menu(line)
        and not is_notice(line)
        and not _BYLINE.search(line)
        and not line.startswith(("——", "--"))
        and not line.endswith(("。", "；", "，", ","))
    )


def _find_date(head: list[str], lines: list[str]) -> str:
    """A labelled date anywhere, else a full date in the head.

    Dates further down are the article's matter, or the times of recommended pages.
    """
    for line in lines:
        label = _LABELLED.search(line)
        if label and (found := _iso(line[label.end() :])):
            return found
    return next((d for d in map(_iso, head) if d), "")


def _iso(text: str) -> str:
    """The first full date in the text as ISO, or an empty string where there is none that exists."""
    match = _DATE.search(text)
    if not match:
        return ""
    try:
        return date(*map(int, match.groups())).isoformat()
    except ValueError:
        return ""
