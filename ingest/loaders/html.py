"""HTML to text that keeps its raw offsets.

trafilatura decides which text is the article's; our own walk over the source finds those blocks again
with their offsets, which no extractor keeps.
"""

from __future__ import annotations

import html
import logging
import re
from dataclasses import dataclass
from typing import Any

import trafilatura

from ingest.loaders.walk import Block, Walker
from ingest.origin import Text
from lang.script import count_han

_SPACE = re.compile(r"\s+")
_DOCUMENT = re.compile(r"\ufeff?\s{0,1000}(?:<\?xml[^>]{0,200}>\s{0,100})?<(?:!doctype\s+html|html|head|body)\b", re.I)
_META = re.compile(r"<meta\b[^<>]{0,1000}>", re.I)
_ATTRIBUTE = re.compile(r"""\b(name|content)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.I)
_MAX_HEAD = 100_000
_MAX_TAGS = 15_000
_MAX_EXTRACTED = 4_000_000
_SEARCHED = 200_000_000
log = logging.getLogger(__name__)
logging.getLogger("trafilatura").setLevel(logging.ERROR)  # it logs every page it finds thin as a warning


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """The article's text with offsets, and what the page says of itself (empty where it does not)."""

    text: Text
    title: str
    date: str
    source: str
    author: str = ""


def looks_like_html(raw: str) -> bool:
    """Whether a page without a telling name is HTML."""
    return re.search(r"<(?:!doctype html|html|head|body|div|p|article)\b", raw[:2048], re.I) is not None


def is_html_document(raw: str) -> bool:
    """Whether a page is HTML whatever its name says: it begins as a document does."""
    return _DOCUMENT.match(raw) is not None


def read_html(raw: str) -> HtmlPage:
    """The article on an HTML page. Navigation, lists of other articles, scripts and readings in ruby go.

    Raises:
        PageError: its text is far longer, or in far more pieces, than a page's.
    """
    walker = Walker(raw)
    blocks = walker.walk()
    document, declared = _extract(raw, walker.tags), _declared(raw)
    wanted = _Wanted(_SPACE.sub("", (document and document.text) or ""))
    kept = _kept(blocks, [wanted.has(b.text.chars) or b.freed for b in blocks], count_han(wanted.text))
    lines = [Text.join([b, Text.made_from("\n", int(b.stops[-1]), int(b.stops[-1]))]) for b in kept]
    return HtmlPage(
        Text.join(lines).strip(),
        title=walker.heading or declared.get("articletitle") or (document and document.title) or walker.title,
        date=declared.get("pubdate", "")[:10] or (document and document.date) or "",
        source=declared.get("contentsource") or (document and document.sitename) or "",
        author=declared.get("author") or (document and document.author) or "",
    )


def _declared(raw: str) -> dict[str, str]:
    """What ``meta`` tags say, by lower-case name. Those of Chinese government sites (``ArticleTitle``,
    ``PubDate``, ``ContentSource``, ``Author``) are a standard of their own, which no extractor knows."""
    found: dict[str, str] = {}
    for tag in _META.finditer(raw[:_MAX_HEAD]):
        attributes = {m[1].lower(): html.unescape(m[2] or m[3] or "").strip() for m in _ATTRIBUTE.finditer(tag[0])}
        if attributes.get("name") and attributes.get("content"):
            found.setdefault(attributes["name"].lower(), attributes["content"])
    return found


def _kept(blocks: list[Block], belongs: list[bool], wanted: int) -> list[Text]:
    """The article's blocks: the strictest choice that has half of what the extractor found, or has text."""
    fitting = [block for block, fits in zip(blocks, belongs, strict=True) if fits]
    # Some sites put the whole page into a form, so what the extractor wants may stand in furniture.
    for choice in ([b.text for b in fitting if not b.furniture], [b.text for b in fitting]):
        if choice and count_han("".join(t.chars for t in choice)) >= wanted * 0.5:
            return choice
    return [b.text for b in blocks if not b.furniture] or [b.text for b in blocks]


def _extract(raw: str, tags: int) -> Any:
    """trafilatura's verdict, or None. Its time grows with the square of a page's tags (130,000 took three
    minutes, where a page has some thousand), so it is not asked about every page."""
    if tags > _MAX_TAGS or len(raw) > _MAX_EXTRACTED:
        return None
    try:
        return trafilatura.bare_extraction(raw, with_metadata=True, include_comments=False, include_tables=True)
    except Exception:  # it or its parser trips over a page that is odd enough; the walk has its text
        log.info("trafilatura failed on a page", exc_info=True)
        return None


class _Wanted:
    """The extractor's text without white space, asked for blocks in the order of the page."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._at = 0
        self._budget = _SEARCHED

    def has(self, block: str) -> bool:
        """Whether a block is in the text: near where the last one was, or anywhere while that is affordable."""
        chars = _SPACE.sub("", block)
        # A block of two characters would be found in any text; the extractor's verdict is for longer ones.
        if len(chars) <= 2:
            return False
        at = self.text.find(chars, self._at, self._at + len(chars) + 5_000)
        if at >= 0:
            self._at = at + len(chars)
            return True
        if self._budget <= 0:
            return False
        self._budget -= len(self.text)
        return chars in self.text
