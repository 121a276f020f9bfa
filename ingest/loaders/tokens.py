"""HTML source as tokens with their places in it, in time linear to its length.

The standard library's parser looks for the end of each unclosed comment or tag through the whole rest of
the page: a megabyte of ``<!--`` took it six minutes. Here what has no end is found out once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

_TAG = re.compile(r"""</?[A-Za-z](?:[^'">]++|'[^']*+'|"[^"]*+")*+>""")
_NAME = re.compile(r"</?([A-Za-z][^\s/><]{0,40})")
_RAW_END = {name: re.compile(rf"</{name}\b", re.I) for name in ("script", "style", "xmp", "noframes")}
_MAX_ODD_TAGS = 50


class Token(NamedTuple):
    """``raw[start:stop]`` is text, or a start or end tag of the element ``name``."""

    kind: Literal["text", "start", "end"]
    start: int
    stop: int
    name: str = ""


def tokens(raw: str) -> Iterator[Token]:
    """Text and tags in order. Comments, declarations and the insides of scripts and styles are left out."""
    at, text = 0, 0
    ends: dict[str, int] = {}
    odd = 0

    def find(sign: str, start: int) -> int:
        """Where a sign comes next, or -1; that there is none any more is remembered."""
        known = ends.get(sign, 0)
        if known == -1 or known > start:
            return known
        ends[sign] = raw.find(sign, start)
        return ends[sign]

    while (at := raw.find("<", at)) >= 0:
        sign = raw[at + 1 : at + 4]
        stop, name = -1, ""
        if sign == "!--":
            stop = max(find("-->", at + 2) + 3, 0) if find("-->", at + 2) >= 0 else find(">", at) + 1
        elif sign[:1] in ("!", "?") or (sign[:1] == "/" and not sign[1:2].isascii()):
            stop = find(">", at) + 1
        elif (named := _NAME.match(raw, at)) and find(">", at) >= 0:
            match = _TAG.match(raw, at) if odd < _MAX_ODD_TAGS else None
            odd += match is None
            stop, name = match.end() if match else find(">", at) + 1, named[1].lower()
        if stop <= 0:  # a bare "<", or what has no end: text
            at += 1
            continue
        if text < at:
            yield Token("text", text, at)
        closing = sign[:1] == "/"
        if name:
            yield Token("end" if closing else "start", at, stop, name)
        if name in _RAW_END and not closing and raw[stop - 2 : stop - 1] != "/":
            end = _RAW_END[name].search(raw, stop)
            stop = end.start() if end else len(raw)
        at = text = stop
    if text < len(raw):
        yield Token("text", text, len(raw))
