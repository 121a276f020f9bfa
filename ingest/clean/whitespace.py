"""Line ends, invisible characters and padding."""

from __future__ import annotations

import re

from ingest.origin import Cleaned, Text

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\0]|[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_END = re.compile("\r\n?|\u2028|\u2029|\x85")
_PADDING = re.compile("[ \t\u00a0\u3000]+$|^[ \t\u00a0\u3000]+", re.MULTILINE)
_RUN = re.compile("[ \t\u00a0\u3000]{2,}|[\t\u00a0\u3000]")


def tidy_whitespace(text: Text) -> Cleaned:
    """One kind of line end; no invisible characters; no padding of lines; single spaces.

    Line ends that merely become ``\\n`` and padding are not counted as changes: every page has them.
    """
    visible = text.edit((*m.span(), "") for m in _INVISIBLE.finditer(text.chars))
    text = visible.text
    text = text.replace((*m.span(), "\n") for m in _LINE_END.finditer(text.chars))
    text = text.without(m.span() for m in _PADDING.finditer(text.chars))
    text = text.replace((*m.span(), " ") for m in _RUN.finditer(text.chars))
    return Cleaned(text, visible.spans)
