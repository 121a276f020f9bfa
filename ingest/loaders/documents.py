"""PDF and DOCX: documents without a text of their own, so that ``raw`` is the text extracted from them."""

from __future__ import annotations

import re
import unicodedata

from ingest.loaders.isolated import read_isolated
from ingest.loaders.source import Reading
from ingest.origin import Text

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_TOOL_TITLE = re.compile(
    r"(?i)^(?:microsoft (?:word|powerpoint|excel)\b|untitled|无标题|文档\d*$|.*\.(?:docx?|wps|pdf|tmp)$)"
)
_TOOL_AUTHOR = re.compile(r"(?i)^(?:admin\w*|user\w*|python-docx|microsoft.*|windows.*|wps.*|lenovo|dell|hp|a?pc)$")

# Fonts often map a character to the radical that looks the same (⼀ U+2F00 for 一), which no search finds.
_RADICALS: dict[int, str] = {i: unicodedata.normalize("NFKC", chr(i)) for i in range(0x2F00, 0x2FD6)}
_SUPPLEMENT = (
    "⺟⺠⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳"  # which have no such form in Unicode's tables
)
_CHARACTERS = "母民虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟"
_RADICALS |= {ord(radical): char for radical, char in zip(_SUPPLEMENT, _CHARACTERS, strict=True)}
_RADICALS |= {ligature: unicodedata.normalize("NFKC", chr(ligature)) for ligature in range(0xFB00, 0xFB05)}


def read_pdf(data: bytes) -> Reading:
    """A PDF's text, a printed line a line, in the order of its pages. Read by PDFium, which Chrome reads with.

    Raises:
        PageError: it is damaged, under a password, without text, or takes too much time or memory.
    """
    return _reading(read_isolated("pdf", data))


def read_docx(data: bytes) -> Reading:
    """A Word document's text, a paragraph or row of a table a line.

    Raises:
        PageError: it is damaged, without text, or takes too much time or memory.
    """
    return _reading(read_isolated("docx", data))


def _reading(found: dict[str, str | list[str]]) -> Reading:
    raw = _whole("\n".join(found["lines"])).translate(_RADICALS)
    title, author, date = (_whole(str(found[k] or "")).strip() for k in ("title", "author", "date"))
    # What a program wrote where nobody filled it in says nothing of the page.
    title = "" if _TOOL_TITLE.match(title) else title
    author = "" if _TOOL_AUTHOR.match(author) else author
    return Reading(raw, Text.from_raw(raw), title=title, author=author, date=date)


def _whole(text: str) -> str:
    return _LONE_SURROGATE.sub("\ufffd", text)
