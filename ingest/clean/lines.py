"""Hard wraps: a line that broke off inside a sentence is joined to the next."""

from __future__ import annotations

import re
from itertools import pairwise

from ingest.origin import Cleaned, Text
from lang.script import count_han

_STOP = re.compile(r"[。！？!?；;：:…”」』）)\]】]$")
_HEADING_OR_ITEM = re.compile(
    r"^(?:[一二三四五六七八九十]+[、是要]|第[一二三四五六七八九十]+[条章节部]|[（(]?\d+[)）.、]|[问答][:：])"
)
_INNER_STOP = re.compile(r"[，,。；;]")
_BLANK_LINES = re.compile(r"\n{3,}")
# Shorter lines are headings, signatures or table cells; a wrapped paragraph fills its line.
_MIN_HAN = 30


def join_broken_lines(text: Text) -> Cleaned:
    """Joins a long line without a stop to the line after it; blank lines always part paragraphs."""
    spans = list(text.lines())
    breaks = []
    paragraph = ""  # the lines joined so far, for a fragment of a wrap may be short
    for (a, b), (c, d) in pairwise(spans):
        line, following = text.chars[a:b].rstrip("\n"), text.chars[c:d].strip()
        paragraph += line
        if line and following and _breaks_off(paragraph) and not _HEADING_OR_ITEM.match(following):
            breaks.append((a + len(line), b, _glue(line, following)))
        else:
            paragraph = ""
    joined = text.edit(breaks)
    blank = ((*m.span(), "\n\n") for m in _BLANK_LINES.finditer(joined.text.chars))
    return Cleaned(joined.text.replace(blank), joined.spans)


def _breaks_off(paragraph: str) -> bool:
    """Running text without a stop at its end; a title has none inside either."""
    running = count_han(paragraph) >= _MIN_HAN and _INNER_STOP.search(paragraph) is not None
    return running and not _STOP.search(paragraph)


def _glue(line: str, following: str) -> str:
    return (
        " " if line[-1].isascii() and line[-1].isalnum() and following[0].isascii() and following[0].isalnum() else ""
    )
