"""Readings injected after characters: 學(xué)習(xí) is 學習."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pypinyin import Style, pinyin

from ingest.origin import Cleaned, Text
from lang.script import HAN, fold_char

# Lower case and one syllable only: (WTO), (Li Ming) and (a) list markers are not readings.
_CANDIDATE = re.compile(f"([{HAN}])([(（]([a-zü\u0300-\u036fāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ]{{1,8}}[1-5]?)[)）])")


def remove_readings(text: Text) -> Cleaned:
    """Takes out a parenthesis that holds the reading of the character before it.

    Tones are not compared, for sites write them with marks, digits or not at all. A parenthesis whose
    syllable is no reading of that character stays: 甲(yi) is left alone.
    """
    found = (m for m in _CANDIDATE.finditer(text.chars) if _syllable(m[3]) in _readings(m[1]))
    return text.edit((*m.span(2), "") for m in found)


@lru_cache(maxsize=20_000)
def _readings(char: str) -> frozenset[str]:
    """All readings of a character, and of its simplified form, without tones."""
    forms = {char, fold_char(char)}
    found = {_syllable(r) for form in forms for r in pinyin(form, style=Style.TONE, heteronym=True)[0]}
    return frozenset(found)


def _syllable(reading: str) -> str:
    """A syllable without its tone; ü is kept apart from u, as v.

    >>> _syllable("lǜ"), _syllable("xue2")
    ('lv', 'xue')
    """
    letters = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(c for c in letters if c.isascii() and c.isalpha())
