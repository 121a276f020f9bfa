"""Readings of Chinese characters, and how pages write them behind a character: 學(xué), 学（xue2）, 學(ㄒㄩㄝˊ)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pypinyin import Style, pinyin

from lang.script import fold_char

_LATIN = "a-zü\u0300-\u036fāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ:"
_ZHUYIN = "\u3105-\u312fˊˇˋ˙"
# Lower case and one syllable only: (WTO), (Li Ming) and (a) list markers are not readings.
READING = re.compile(rf"[(（] ?((?:[{_LATIN}]{{1,8}}[0-5]?)|[{_ZHUYIN}]{{1,5}}) ?[)）]")
"""A parenthesis that may hold the reading of one character; group 1 is what it holds."""


@lru_cache(maxsize=20_000)
def readings_of(char: str) -> frozenset[str]:
    """All readings of a character and of its simplified form, as ``syllable`` gives them.

    >>> sorted(readings_of("長"))
    ['chang', 'zhang']
    """
    forms = {char, fold_char(char)}
    return frozenset(syllable(r) for form in forms for r in pinyin(form, style=Style.TONE, heteronym=True)[0])


def is_reading(char: str, written: str) -> bool:
    """Whether what is written is a reading of the character, in any notation; tones are not compared.

    >>> is_reading("綠", "lv4"), is_reading("學", "ㄒㄩㄝˊ"), is_reading("甲", "yi")
    (True, True, False)
    """
    if "\u3105" <= written[:1] <= "\u312f":
        return written.strip("ˊˇˋ˙") in _zhuyin_of(char)
    return syllable(written) in readings_of(char)


@lru_cache(maxsize=1_000)
def _zhuyin_of(char: str) -> frozenset[str]:
    return frozenset(r.strip("ˊˇˋ˙") for r in pinyin(char, style=Style.BOPOMOFO, heteronym=True)[0])


@lru_cache(maxsize=10_000)
def syllable(reading: str) -> str:
    """A syllable without its tone; ü, however written, is kept apart from u, as v.

    >>> syllable("lǜ"), syllable("xue2"), syllable("nu:3")
    ('lv', 'xue', 'nv')
    """
    letters = unicodedata.normalize("NFD", reading).replace("u\u0308", "v").replace("u:", "v")
    return "".join(c for c in letters if c.isascii() and c.isalpha())
