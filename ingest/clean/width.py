"""ASCII punctuation between Chinese characters, where full-width marks belong: 发展,加强 becomes 发展，加强.

The rule, in full: ``, ; : ? !`` become ``， ； ： ？ ！`` where a Chinese character, a Chinese mark or a closing
bracket of Chinese text stands before them, or a Chinese character or an opening quotation mark after them, and
not both neighbours are ASCII. A pair of ``( )`` becomes ``（ ）`` where it holds a Chinese character. Nothing
else: full stops, straight quotation marks, figures (3,000; 11:45), dates, addresses and Latin text stay, and
so does a parenthesis of Latin letters: 世界贸易组织(WTO).
"""

from __future__ import annotations

import re

from ingest.origin import Cleaned, Edit, Text
from lang.script import HAN

WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
_BEFORE = rf"[{HAN}”’》」』】〉…、。〓％）]"
_AFTER = rf"[{HAN}“‘《「『【〈]"
_MARK = re.compile(rf"(?<={_BEFORE})[,;:?!]|[,;:?!](?={_AFTER})")
# From the colon on, for nothing before it is widened; nor is anything in a mail address.
_ADDRESS = re.compile(r"(?<=[A-Za-z])://[^\s\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")
_HAN = re.compile(f"[{HAN}]")
_PARENTHESIS = re.compile(r"[()]")
_MAX_PARENTHESIS = 400  # characters; a longer one is two strays


def widen_punctuation(text: Text) -> Cleaned:
    """Restores the full width of punctuation in Chinese text; see above for the rule."""
    chars = text.chars
    kept = [m.span() for m in _ADDRESS.finditer(chars)]
    edits: list[Edit] = [(*m.span(), WIDE[m[0]]) for m in _MARK.finditer(chars)]
    edits += _parentheses(chars)
    at, apart = 0, []
    for edit in sorted(edits):
        while at < len(kept) and kept[at][1] <= edit[0]:
            at += 1
        if at == len(kept) or edit[0] < kept[at][0]:
            apart.append(edit)
    return text.edit(_with_runs(chars, apart))


def _with_runs(chars: str, edits: list[Edit]) -> list[Edit]:
    """Also the marks that follow a widened one at once: 真的吗?! becomes 真的吗？！."""
    found = {start: (start, end, new) for start, end, new in edits}
    for start in sorted(found):
        at = start + 1
        while at < len(chars) and chars[at] in "?!" and chars[start] in "?!":
            found[at] = (at, at + 1, WIDE[chars[at]])
            at += 1
    return [found[start] for start in sorted(found)]


def _parentheses(chars: str) -> list[Edit]:
    """Pairs within a line that hold Chinese text."""
    edits: list[Edit] = []
    opened: list[int] = []
    for m in re.finditer(r"[()\n]", chars):
        if m[0] == "\n":
            opened.clear()
        elif m[0] == "(":
            opened.append(m.start())
        elif opened:
            start = opened.pop()
            if m.start() - start <= _MAX_PARENTHESIS and _HAN.search(chars, start, m.start()):
                edits += [(start, start + 1, "（"), (m.start(), m.end(), "）")]
    return edits
