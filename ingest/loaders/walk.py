"""The visible text of HTML source, block by block, each character with its offset in the source."""

from __future__ import annotations

import html
import re
from array import array
from dataclasses import dataclass
from io import StringIO

import numpy as np

from ingest.loaders import source
from ingest.loaders.tokens import tokens
from ingest.origin import Text
from lang.script import count_han
from library.errors import PageError

_NEVER_TEXT = frozenset("script style xmp noframes".split())
# What stands in a control is not read with the page; a page that forgets to end one is not lost for it.
_CONTROLS = frozenset("noscript template svg iframe object select button textarea title".split())
_NESTING = frozenset("template svg object".split())
_READINGS = frozenset(["rt", "rp"])  # their end tags may be left out
_FURNITURE = frozenset("nav aside footer form header menu".split())
_CONTAINERS = _FURNITURE | frozenset(
    "div section article main ul ol dl li dt dd table tr td th figure blockquote body".split()
)
_BLOCKS = _CONTAINERS | frozenset("p h1 h2 h3 h4 h5 h6 caption figcaption pre br hr title head".split())
_SPACE = re.compile(r"\s+")
_HAN_GAP = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s+(?=[\u3000-\u9fff\uff00-\uffef])")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{0,31});?")
_MAX_MENU_HAN = 60
_MAX_LABEL_HAN = 12
_MAX_BLOCKS = 200_000


@dataclass(frozen=True, slots=True)
class Block:
    """Text between two breaks.

    Attributes:
        furniture: whether it stands in the page's furniture.
        freed: whether it stands in a control that never ends, so that other readers of HTML may have lost it.
    """

    text: Text
    furniture: bool
    freed: bool = False


@dataclass(slots=True, eq=False)
class _Control:
    """A control that was begun. Its label goes; blocks that begin in it go only if it is ended."""

    name: str
    at: int  # where its label begins in the block that is being collected
    linked: int
    depth: int
    nested: int = 0
    ended: bool = False
    labelled: bool = False


class Walker:
    """One walk over a page.

    Attributes:
        heading: the text of the first ``h1``.
        title: that of ``title``.
        tags: how many tags the page has.
    """

    def __init__(self, raw: str) -> None:
        self._raw = raw
        self._blocks: list[tuple[Block, _Control | None]] = []
        self._size = 0
        self._open: list[str] = []
        self._depths: dict[str, list[int]] = {}
        self._furniture = 0
        self._control: _Control | None = None
        self._reading = self._in_h1 = self._in_link = False
        self.heading = self.title = ""
        self.tags = 0
        self._clear()

    def walk(self) -> list[Block]:
        """The blocks with text, in order.

        Raises:
            PageError: the text is too long, or in too many pieces.
        """
        for kind, start, stop, name in tokens(self._raw):
            if kind == "text":
                self._take(start, stop)
            elif name not in _NEVER_TEXT:
                self.tags += 1
                self._begin(name) if kind == "start" else self._end(name)
        self._abandon()
        self._flush()
        shown = [(block, control) for block, control in self._blocks if not (control and control.ended)]
        return [Block(b.text, b.furniture, freed=True) if control else b for b, control in shown]

    def _begin(self, name: str) -> None:
        if name in _BLOCKS:
            self._break()
        if name in _READINGS:
            self._reading = True
        elif name in _CONTROLS:
            self._begin_control(name)
        elif name == "a":
            self._in_link = True
        self._in_h1 = self._in_h1 or name == "h1"
        if name in _CONTAINERS:
            self._furniture += name in _FURNITURE
            self._depths.setdefault(name, []).append(len(self._open))
            self._open.append(name)

    def _begin_control(self, name: str) -> None:
        if self._control and self._control.name == name:
            if name in _NESTING:
                self._control.nested += 1
                return
            self._abandon()
        if not self._control:
            self._control = _Control(name, self._chars.tell(), self._linked, len(self._open))

    def _end(self, name: str) -> None:
        control = self._control
        if control and control.name == name:
            control.nested -= 1
            if control.nested < 0:
                label = self._cut(0 if control.labelled else control.at, control.linked)
                self.title = self.title or (label if name == "title" else "")
                control.ended, self._control = True, None
            return
        if name in _CONTAINERS and self._depths.get(name):
            self._close(self._depths[name][-1])
        if name == "p" and control and not control.labelled:
            self._abandon()
        if name in _BLOCKS:
            self._break()
        if name == "ruby" or name in _READINGS:
            self._reading = False
        self._in_h1 = self._in_h1 and name != "h1"
        self._in_link = self._in_link and name != "a"

    def _close(self, depth: int) -> None:
        """Ends a container and whatever was begun in it and not ended."""
        if self._control and self._control.depth > depth:
            self._abandon()
        self._flush()
        for name in self._open[depth:]:
            self._depths[name].pop()
            self._furniture -= name in _FURNITURE
        del self._open[depth:]

    def _abandon(self) -> None:
        """Gives up waiting for a control's end: what stood in it is the page's, but for a short label."""
        control, self._control = self._control, None
        if control and not control.labelled and count_han(self._since(control.at)) <= _MAX_LABEL_HAN:
            self._cut(control.at, control.linked)

    def _break(self) -> None:
        self._reading = False
        control = self._control
        if control and not control.labelled:
            label = self._cut(control.at, control.linked)
            self.title = self.title or (label if control.name == "title" else "")
            self._control = None  # what precedes it is not its
            self._flush()
            self._control, control.labelled, control.linked = control, True, 0
        self._flush()

    def _take(self, start: int, stop: int) -> None:
        if self._reading:
            return
        at = start
        for match in _REFERENCE.finditer(self._raw, start, stop):
            meant = html.unescape(match[0])
            if meant != match[0]:
                self._add_plain(at, match.start())
                at = match.end()
                self._chars.write(meant)
                self._starts.extend([match.start()] * len(meant))
                self._stops.extend([at] * len(meant))
        self._add_plain(at, stop)
        self._linked += count_han(self._raw[start:stop]) if self._in_link else 0
        if self._size + len(self._starts) > source.MAX_CHARS * 2:
            raise source.too_long()

    def _add_plain(self, start: int, stop: int) -> None:
        self._chars.write(self._raw[start:stop])
        self._starts.extend(range(start, stop))
        self._stops.extend(range(start + 1, stop + 1))

    def _clear(self) -> None:
        self._chars, self._starts, self._stops, self._linked = StringIO(), array("i"), array("i"), 0

    def _since(self, at: int) -> str:
        self._chars.seek(at)
        return self._chars.read()  # which leaves the position at the end again

    def _cut(self, at: int, linked: int) -> str:
        """Takes back what was collected past a place, and gives it."""
        label = self._since(at)
        self._chars.seek(at)
        self._chars.truncate()
        del self._starts[at:], self._stops[at:]
        self._linked = linked
        return " ".join(label.split())

    def _flush(self) -> None:
        if not self._starts:
            return
        offsets = (np.array(a, dtype=np.int32) for a in (self._starts, self._stops))
        block, linked = _collapse_spaces(Text(self._chars.getvalue(), *offsets)), self._linked
        self._clear()
        if self._control:
            self._control.at = 0
        if not len(block):
            return
        if self._in_h1 and not self.heading:
            self.heading = block.chars
        # A block that is nothing but links is a menu, whatever its tag; a paragraph of one long link may matter.
        menu = 0 < count_han(block.chars) == linked < _MAX_MENU_HAN
        self._size += len(block)
        self._blocks.append((Block(block, menu or self._furniture > 0), self._control))
        if len(self._blocks) > _MAX_BLOCKS:
            raise PageError(f"its text is in more than {_MAX_BLOCKS:,} pieces; save the article alone")


def _collapse_spaces(block: Text) -> Text:
    """White space in HTML source is one space, and between Chinese characters none."""
    gaps = {m.span() for m in _HAN_GAP.finditer(block.chars)}
    edits = [(*m.span(), "" if m.span() in gaps else " ") for m in _SPACE.finditer(block.chars)]
    return block.replace(e for e in edits if e[2] != block.chars[e[0] : e[1]]).strip()
