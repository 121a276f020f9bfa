"""Readings injected after characters: 學(xué)習(xí) is 學習."""

from __future__ import annotations

from ingest.origin import Cleaned, Edit, Text
from lang.pinyin import READING, is_reading
from lang.script import is_han


def remove_readings(text: Text) -> Cleaned:
    """Takes out a parenthesis that holds the reading of the character before it.

    Tones are not compared, for sites write them with marks, digits or not at all. A parenthesis whose
    syllable is no reading of that character stays: 甲(yi) is left alone. Of several in a row each is judged by
    the character before the first, so that cleaning once is enough.
    """
    edits: list[Edit] = []
    owner = ""
    for m in READING.finditer(text.chars):
        if not edits or m.start() != edits[-1][1]:
            owner = text.chars[m.start() - 1 : m.start()]
        if is_han(owner) and is_reading(owner, m[1]):
            edits.append((*m.span(), ""))
    return text.edit(edits)
