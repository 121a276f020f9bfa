"""Readings injected after characters: 學(xué)習(xí) is 學習."""

from __future__ import annotations

from ingest.origin import Cleaned, Text
from lang.pinyin import READING, is_reading
from lang.script import is_han


def remove_readings(text: Text) -> Cleaned:
    """Takes out a parenthesis that holds the reading of the character before it.

    Tones are not compared, for sites write them with marks, digits or not at all. A parenthesis whose
    syllable is no reading of that character stays: 甲(yi) is left alone.
    """
    found = [m for m in READING.finditer(text.chars) if m.start() and is_han(text.chars[m.start() - 1])]
    return text.edit((*m.span(), "") for m in found if is_reading(text.chars[m.start() - 1], m[1]))
