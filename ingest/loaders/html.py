"""HTML to text that keeps its raw offsets.

trafilatura decides which text is the article's; our own walk over the source finds those blocks again
with their offsets, which no extractor keeps.
"""

from __future__ import annotations

import html
import logging
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import accumulate

import trafilatura

from ingest.origin import Text
from lang.script import count_han

_SKIPPED = frozenset(
    ["script", "style", "noscript", "template", "svg", "iframe", "object", "select", "button", "rt", "rp", "textarea"]
)
_READINGS = frozenset(["rt", "rp"])  # their end tags may be left out
_FURNITURE = frozenset(["nav", "aside", "footer", "form", "header", "menu"])
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "table",
        "tr",
        "td",
        "th",
        "caption",
        "figure",
        "figcaption",
        "blockquote",
        "pre",
        "br",
        "hr",
        "title",
        "body",
        "head",
        "nav",
        "aside",
        "footer",
        "header",
        "form",
    ]
)
_SPACE = re.compile(r"\s+")
_HAN_GAP = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s+(?=[\u3000-\u9fff\uff00-\uffef])")
_MAX_MENU_HAN = 60
logging.getLogger("trafilatura").setLevel(logging.ERROR)  # it logs every page it finds thin as a warning


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """The article's text with offsets, and what the page says of itself (empty where it does not)."""

    text: Text
    title: str
    date: str
    source: str


def looks_like_html(raw: str) -> bool:
    """Whether a page without a telling name is HTML."""
    return re.search(r"<(?:!doctype html|html|head|body|div|p|article)\b", raw[:2048], re.I) is not None


def read_html(raw: str) -> HtmlPage:
    """The article on an HTML page. Navigation, lists of other articles, scripts and readings in ruby go."""
    walker = _Walker(raw)
    walker.feed(raw)
    walker.close()
    document = trafilatura.bare_extraction(raw, with_metadata=True, include_comments=False, include_tables=True)
    wanted = _SPACE.sub("", document.text or "") if document else ""
    kept = [block for block, furniture in walker.blocks() if _belongs(block, furniture, wanted)]
    if count_han("".join(b.chars for b in kept)) < count_han(wanted) * 0.5 or not kept:
        kept = [block for block, furniture in walker.blocks() if not furniture]
    lines = [Text.join([b, Text.made_from("\n", int(b.stops[-1]), int(b.stops[-1]))]) for b in kept]
    return HtmlPage(
        Text.join(lines).strip(),
        title=walker.heading or (document and document.title) or "",
        date=(document and document.date) or "",
        source=(document and document.sitename) or "",
    )


def _belongs(block: Text, furniture: bool, wanted: str) -> bool:
    chars = _SPACE.sub("", block.chars)
    # A block of two characters would be found in any text; the extractor's verdict is for longer ones.
    return not furniture and len(chars) > 2 and chars in wanted


class _Walker(HTMLParser):
    """Collects the visible text, block by block, each character with its offset in the source."""

    def __init__(self, raw: str) -> None:
        super().__init__(convert_charrefs=False)
        self._raw = raw
        self._line_starts = [0, *accumulate(len(line) + 1 for line in raw.split("\n"))]
        self._pieces: list[Text] = []
        self._blocks: list[tuple[Text, bool]] = []
        self._skip: list[str] = []
        self._furniture: list[str] = []
        self._in_h1 = False
        self._in_link = False
        self._linked = 0
        self.heading = ""

    def blocks(self) -> list[tuple[Text, bool]]:
        """The blocks with text, each with whether it stands in the page's furniture."""
        self._flush()
        return self._blocks

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._flush()
        if tag in _SKIPPED or tag == "title":
            self._skip.append(tag)
        if tag in _FURNITURE:
            self._furniture.append(tag)
        self._in_h1 = self._in_h1 or tag == "h1"
        self._in_link = self._in_link or tag == "a"

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush()
        if tag in _BLOCKS or tag == "ruby":
            self._skip = [skipped for skipped in self._skip if skipped not in _READINGS]
        for stack in (self._skip, self._furniture):
            if tag in stack:
                del stack[stack.index(tag) :]
        self._in_h1 = self._in_h1 and tag != "h1"
        self._in_link = self._in_link and tag != "a"

    def handle_data(self, data: str) -> None:
        self._take(Text.from_raw(data, self._offset()))

    def handle_entityref(self, name: str) -> None:
        self._take_reference(f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._take_reference(f"&#{name}")

    def _take_reference(self, written: str) -> None:
        start = self._offset()
        stop = start + len(written)
        stop += self._raw[stop : stop + 1] == ";"
        self._take(Text.made_from(html.unescape(self._raw[start:stop]), start, stop))

    def _take(self, piece: Text) -> None:
        if not self._skip and len(piece):
            self._pieces.append(piece)
            self._linked += count_han(piece.chars) if self._in_link else 0

    def _flush(self) -> None:
        block = _collapse_spaces(Text.join(self._pieces))
        linked, self._linked, self._pieces = self._linked, 0, []
        if not len(block):
            return
        if self._in_h1 and not self.heading:
            self.heading = block.chars
        # A block that is nothing but links is a menu, whatever its tag; a paragraph of one long link may matter.
        menu = 0 < count_han(block.chars) == linked < _MAX_MENU_HAN
        self._blocks.append((block, menu or bool(self._furniture)))


def _collapse_spaces(block: Text) -> Text:
    """White space in HTML source is one space, and between Chinese characters none."""
    gaps = {m.span() for m in _HAN_GAP.finditer(block.chars)}
    edits = [(*m.span(), "" if m.span() in gaps else " ") for m in _SPACE.finditer(block.chars)]
    return block.replace(edits).strip()
