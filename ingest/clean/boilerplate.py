"""What surrounds an article on its page: menus, breadcrumbs, share bars, recommendation lists, notices."""

from __future__ import annotations

import re

from ingest.origin import Cleaned, Text
from lang.script import count_han

# A line that begins a list of other pages. From it to the next running paragraph, all goes.
_LIST_HEAD = re.compile(
    r"^[【\[]?(?:(?:相关|热点|热门|精彩|为你|编辑|更多|延伸)(?:推荐|阅读|新闻|文章|链接|资讯|专题)|推荐阅读|猜你喜欢"
    r"|头条要闻|最新评论|网友评论|热搜榜|热门排行|点击排行)[】\]]?[:：]?$"
)
_NOTICES = [
    re.compile(pattern)
    for pattern in (
        r"^您访问的链接即将离开.*$",
        r"^(?:发布|发表|查看|我要|参与)评论.*$",
        r"^分享(?:至|到)?[:：]?.{0,30}$",
        r"^[\s\d]{1,4}$",
        r"^(?:当前|您的|你的|您所在的|您现在的)位置[:：]?.*$",
        r"^[^。！？]{0,40}首页\s*[>›»＞/|].{0,60}$",
        r"^(?:字号|字体|【?字体)[:：]?.{0,20}$",
        r"^(?:打印|关闭|收藏|返回顶部|返回首页|扫一扫.*|上一篇.*|下一篇.*|打印本页|关闭窗口|【打印】.*)$",
        r"^无障碍浏览.*$",
        r"^(?:版权所有|Copyright|©|主办单位[:：]|承办单位[:：]|网站标识码|.{0,3}ICP备).*$",
        r"^原标题[:：]?$",
        r"^(?:特别声明|免责声明)[:：].*$",
    )
]
_PROSE_END = re.compile(r"[。！？!?；;：:”」』…）)]$")
_MIN_PROSE_HAN = 20
_LONG_PROSE_HAN = 50


def remove_boilerplate(text: Text) -> Cleaned:
    """Takes out the lines that are not the article's; counts lines.

    When nothing would be left, nothing is removed: a page of short lines may be a list that matters.
    """
    spans = list(text.lines())
    lines = [text.chars[a:b].strip() for a, b in spans]
    junk = {i for i, line in enumerate(lines) if is_notice(line)} | _recommendations(lines) | _menus(lines)
    if not any(count_han(lines[i]) for i in range(len(lines)) if i not in junk):
        return Cleaned(text)
    removed = text.edit((*spans[i], "") for i in sorted(junk))
    return Cleaned(removed.text.strip(), tuple(text.raw_span(*spans[i]) for i in sorted(junk) if lines[i]))


def is_notice(line: str) -> bool:
    """Whether a line is a notice or a control that a site puts on all its pages."""
    return any(p.match(line) for p in _NOTICES)


def is_prose(line: str) -> bool:
    """Whether a line is running text rather than a heading, a menu or a control."""
    return count_han(line) >= _MIN_PROSE_HAN and _PROSE_END.search(line) is not None


def is_menu(line: str) -> bool:
    """Whether a line is a row of short names: 演播厅 会议室."""
    words = line.split()
    return len(words) >= 2 and all(count_han(w) <= 14 for w in words) and not re.search(r"[。！？，,；;：:、]", line)


def _recommendations(lines: list[str]) -> set[int]:
    """Lines of lists of other pages: from a list's head to the next long paragraph, or to the end."""
    junk: set[int] = set()
    for i, line in enumerate(lines):
        if i in junk or not _LIST_HEAD.match(line):
            continue
        stop = next((j for j in range(i + 1, len(lines)) if _resumes(lines[j])), len(lines))
        junk.update(range(i, stop))
    return junk


def _resumes(line: str) -> bool:
    return count_han(line) >= _LONG_PROSE_HAN and line[-1] in "。”；」"


def _menus(lines: list[str]) -> set[int]:
    """Menus stand before the first paragraph and after the last; in between, short rows may matter."""
    prose = [i for i, line in enumerate(lines) if is_prose(line)]
    if not prose:
        return set()
    outside = [*range(prose[0]), *range(prose[-1] + 1, len(lines))]
    return {i for i in outside if is_menu(lines[i]) and not _is_byline(lines[i])}


def _is_byline(line: str) -> bool:
    return re.search(r"记者|通讯员|摄|来源|作者|编辑|\d{4}[-年/]\d", line) is not None
