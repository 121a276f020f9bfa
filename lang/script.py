"""Chinese script: telling traditional from simplified, folding to simplified, spotting the language.

Folding is OpenCC's, with its Taiwan profile ``tw2s``: the plain ``t2s`` leaves 著 in 著力 and 沿著, which
stands in every page that was forced into traditional characters; ``tw2s`` knows 着力, 沿着 and 著名 apart.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from opencc import OpenCC

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAN = re.compile(f"[{HAN}]")
_MARKS = re.compile(r"[\W_]+")
# OpenCC stops at a NUL; and what is aligned must be short.
_PIECE = re.compile("[^\n\0]{1,200}")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


@lru_cache(maxsize=4)
def _converter(profile: str) -> OpenCC:
    return OpenCC(profile)


def is_han(char: str) -> bool:
    """Whether one character is a Chinese character."""
    return _HAN.match(char) is not None


def count_han(text: str) -> int:
    """How many Chinese characters the text has."""
    return len(_HAN.findall(text))


def detect_language(text: str) -> Literal["zh", "en"]:
    """``zh`` if a reader of Chinese is addressed, else ``en``.

    One Han character weighs about as much as one English word.

    >>> detect_language("江门的高企目标？"), detect_language("What is 高企?")
    ('zh', 'en')
    """
    return "zh" if count_han(text) > len(_LATIN_WORD.findall(text)) else "en"


def to_simplified(text: str) -> str:
    """The text in simplified characters; may differ in length where a phrase does.

    >>> to_simplified("為我市科技創新工作指明了方向")
    '为我市科技创新工作指明了方向'
    """
    return str(_converter("tw2s").convert(text))


def skeleton(text: str) -> str:
    """What two prints of a text have in common: width, script, case, spaces and punctuation do not count.

    >>> skeleton("力爭高企存量達 ３０００ 家。")
    '力争高企存量达3000家'
    """
    return without_marks(to_simplified(unicodedata.normalize("NFKC", text)).lower())


def without_marks(text: str) -> str:
    """The text without spaces and punctuation."""
    return _MARKS.sub("", text)


def fold_char(char: str) -> str:
    """One character in simplified form, out of context; always one character."""
    folded = str(_converter("t2s").convert(char))
    return folded if len(folded) == 1 else char


def unfold_char(char: str) -> str:
    """One character in its commonest traditional form; itself where it has none other."""
    unfolded = str(_converter("s2t").convert(char))
    return unfolded if len(unfolded) == 1 else char


def traditional_share(text: str) -> float:
    """The share, 0 to 1, of Han characters that only traditional text uses."""
    han = "".join(_HAN.findall(text))
    if not han:
        return 0.0
    folded = str(_converter("t2s").convert(han))
    if len(folded) != len(han):
        return 1.0
    return sum(a != b for a, b in zip(han, folded, strict=True)) / len(han)


def fold_edits(text: str) -> list[tuple[int, int, str]]:
    """What folding changes, as ``(start, end, new)`` over ``text``, sorted and not overlapping.

    Same-length results are compared character by character; only where a phrase changed its length
    are the two aligned, and then in short pieces, for aligning takes time by the square.
    """
    folded = to_simplified(text)
    if len(folded) == len(text):
        return _differences(text, folded)
    return [
        (m.start() + start, m.start() + end, new)
        for m in _PIECE.finditer(text)
        for start, end, new in _aligned(m[0], to_simplified(m[0]))
    ]


def _differences(text: str, folded: str) -> list[tuple[int, int, str]]:
    return [(i, i + 1, b) for i, (a, b) in enumerate(zip(text, folded, strict=True)) if a != b]


def _aligned(text: str, folded: str) -> list[tuple[int, int, str]]:
    if len(folded) == len(text):
        return _differences(text, folded)
    matcher = SequenceMatcher(None, text, folded, autojunk=False)
    return [(a, b, folded[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
