"""The title of a page, among the lines of its head."""

from __future__ import annotations

import re

from ingest.clean.boilerplate import is_menu, is_notice, is_prose
from ingest.credits import read_credits
from lang.script import count_han

_ORIGINAL_TITLE = re.compile(r"^原标题\s*[:：]?\s*(.*)$")
_BYLINE = re.compile(r"记者|通讯员|来源|稿源|作者|编辑|发布时间|发布日期|日期[:：]")
_MIN_TITLE, _FULL_TITLE, _MAX_TITLE = 6, 10, 60
_NOTICE = re.compile(r"(?:通知|公告|公示|通报|办法|意见|方案)$")
_SITE_SUFFIX = re.compile(r"\s*[-_|–—]+\s*[^-_|–—]{2,20}(?:局|厅|委|网|报|政府|频道|在线|门户|新闻|日报|晚报)$")


def find_title(head: list[str], lines: list[str]) -> str:
    """The title: what follows 原标题, else a notice's name in the head, else its first long line.

    Two lines after 原标题 are a kicker and its title (引题 and 主题), and the title has both, a space between.

    Args:
        head: the lines before the first paragraph.
        lines: all lines of the page, without white space around them and without blank ones.
    """
    for i, line in enumerate(lines[:30]):
        original = _ORIGINAL_TITLE.match(line)
        if original and count_han(original[1]) <= _MAX_TITLE:  # a longer one has the article after it
            return original[1] or _after_label(lines[i + 1 : i + 4])
    fit = [line for line in head if _may_be_title(line)]
    # A column's or an office's name may stand above the title: it is shorter, and no notice ends like one.
    notice = next((line for line in fit if _NOTICE.search(line)), "")
    return notice or next((line for line in fit if count_han(line) >= _FULL_TITLE), fit[0] if fit else "")


def without_site(title: str) -> str:
    """A declared title less the name of the site that many pages append.

    >>> without_site("云川上调全年科技目标-云川市科学技术局")
    '云川上调全年科技目标'
    """
    return _SITE_SUFFIX.sub("", title).strip()


def _after_label(lines: list[str]) -> str:
    """The line or two before the first paragraph; a line after them would be a heading's, and it is left."""
    before = []
    for line in lines:
        if is_prose(line):
            break
        before.append(line)
    both = len(before) == 2 and all(_may_be_title(line) and count_han(line) >= _FULL_TITLE for line in before)
    return " ".join(before) if both else (before[0] if before else "")


def _may_be_title(line: str) -> bool:
    return (
        _MIN_TITLE <= count_han(line) <= _MAX_TITLE
        and not is_menu(line)
        and not is_notice(line)
        and not _BYLINE.search(line)
        and not line.startswith(("——", "--"))
        and not line.endswith(("。", "；", "，", ","))
        and read_credits(line) is None
    )
