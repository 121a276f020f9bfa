"""What reprints of an article are known by: a signature of its cleaned body, the same on every machine.

Two parts. The shingles say how much of two texts is the same; of their hashes the smallest are kept (a bottom-k
sketch: Broder, "On the resemblance and containment of documents", 1997), which tells resemblance and containment
alike. The facts say which figures and cities stand between which words: two notices from one template share nearly
all shingles, and are told apart by what the template was filled with.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from lang.cities import cities, unlisted_cities
from lang.quantities import find_quantities
from lang.script import HAN, to_simplified, without_marks
from library.records import Signature

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHINGLE = 5
_SKETCH = 256
"""Resemblance is told to about 3 points: the standard error is sqrt(J * (1 - J) / 256)."""
_FACTS = 256
_UNLISTED = 20
_BEFORE, _AFTER = 6, 4
_LEAST_WORDS = 5
"""Characters of the ten around a figure that are no figures: fewer, as in a table or a time stamp, name no place."""
# 8 月 17 日, as some sites set it, is 8月17日; in a table, spaces keep figures apart.
_SPACES = re.compile(rf"(?<=[{HAN}])[ \t]+(?=[\d{HAN}])|(?<=\d)[ \t]+(?=[{HAN}])")
# A number of so many digits is none, and reading it takes time that grows with its square.
_ENDLESS = re.compile(r"[\d.,〇零一二三四五六七八九十百千万亿两点]{41,}")
_MULTIPLIER, _SEED = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xCBF29CE484222325)


def signature(body: str) -> Signature:
    """The signature of a cleaned body.

    Width, script, case, spaces and punctuation do not count.

    >>> signature("力争高企存量达３０００家。") == signature("力爭高企存量達 3000 家")
    True
    """
    text = _SPACES.sub("", to_simplified(unicodedata.normalize("NFKC", body)).lower())
    hashes = np.unique(_shingles(without_marks(text)))
    facts = sorted(set(_facts(_ENDLESS.sub("", text))))[:_FACTS]  # by context: of two texts the same places are kept
    return Signature(len(hashes), tuple(hashes[:_SKETCH].tolist()), tuple(facts))


def _shingles(chars: str) -> NDArray[np.uint64]:
    """A 63-bit hash of every five characters in a row; of a shorter text, one of the whole."""
    codes = np.frombuffer(chars.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    if not len(codes):
        return codes
    width = min(_SHINGLE, len(codes))
    count = len(codes) - width + 1
    hashes = np.full(count, _SEED)
    for at in range(width):
        hashes = (hashes ^ codes[at : at + count]) * _MULTIPLIER
        hashes ^= hashes >> np.uint64(29)
    return hashes >> np.uint64(1)  # SQLite's integers have a sign


def _facts(text: str) -> Iterator[tuple[int, int]]:
    """``(context, value)`` of every figure and city: the words around it with such places masked, and what it says."""
    masked, values, at = "", [], 0
    for start, end, mask, value in _fillings(text):
        if start < at:
            continue
        masked += without_marks(text[at:start])
        values.append((len(masked), value))
        masked, at = masked + mask, end
    masked += without_marks(text[at:])
    for place, value in values:
        # A page often begins with its city; a figure there is the time at which it was put on the web.
        after = _AFTER + max(0, _BEFORE - place) * (masked[place] == "@")
        context = masked[max(0, place - _BEFORE) : place + 1 + after]
        if len(context) - context.count("0") - context.count("@") >= _LEAST_WORDS:
            yield _hash(context), _hash(value)


def _fillings(text: str) -> list[tuple[int, int, str, str]]:
    """``(start, end, mask, value)`` of what a template is filled with, in order."""
    found = [(q.start, q.end, "0", f"{q.value.normalize()} {q.kind}") for q in find_quantities(text)]
    found += [(*m.span(), "@", m[0]) for m in _city_names(unlisted_cities(text)[:_UNLISTED]).finditer(text)]
    return sorted(found)


@lru_cache(maxsize=64)
def _city_names(more: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted({*cities(), *more}, key=lambda name: (-len(name), name)))))


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big")
