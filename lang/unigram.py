"""How likely a piece of simplified Chinese text is: a unigram model over words, with the best segmentation.

Word frequencies are wordfreq's (news, books, web, subtitles; 334,000 Chinese words). The cost of a text is the
negative log-likelihood, in nats, of its likeliest split into words; characters that no list knows are dear.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from lang.script import is_han

MAX_WORD = 5
_UNKNOWN_HAN = 20.0
# A rare character alone is mostly a piece of a name in the word counts, and dearer in running text than they say.
_LONE, _COMMON = 0.3, 7.0
_UNKNOWN = 15.0
# Marks are in no word list; these are their shares in running text, rounded.
_MARKS = {
    "，": 3.5, ",": 3.5, "。": 4.0, "\n": 4.0, "、": 4.5, "“": 5.0, "”": 5.0, " ": 5.0, ".": 5.0, "：": 6.0, ":": 6.0,
    "%": 6.0, "-": 6.0, "；": 6.5, ";": 6.5, "（": 6.5, "）": 6.5, "(": 6.5, ")": 6.5, "《": 6.5, "》": 6.5,
    "！": 7.0, "!": 7.0, "？": 7.0, "?": 7.0, "—": 7.0, "％": 7.0, "/": 7.0, "…": 7.5, "·": 8.0, "‘": 8.0, "’": 8.0,
    "+": 8.0, "【": 9.0, "】": 9.0, "「": 9.0, "」": 9.0, "℃": 9.0,
    "〓": 0.01,  # any character: its probability is that of all together
}  # fmt: skip
_DIGIT, _LETTER = 3.5, 8.0
_RAREST = 7.5


@lru_cache(maxsize=1)
def word_costs() -> dict[str, float]:
    """Every known word of up to ``MAX_WORD`` characters with its cost in nats."""
    import wordfreq  # takes .2 s, which is a while for a command that needs no costs

    words = wordfreq.get_frequency_dict("zh", wordlist="best")
    costs = {w: -math.log(f) for w, f in words.items() if len(w) <= MAX_WORD and is_han(w[0])}
    lone = {w: c + _LONE * (c - _COMMON) for w, c in costs.items() if len(w) == 1 and c > _COMMON}
    return costs | lone | _MARKS


@lru_cache(maxsize=1)
def _prefixes() -> frozenset[str]:
    return frozenset(w[:n] for w in word_costs() for n in range(1, len(w)))


@lru_cache(maxsize=1)
def _sorted_words() -> list[str]:
    return sorted(word_costs())


@lru_cache(maxsize=100_000)
def _followers(beginning: str) -> frozenset[str]:
    words = _sorted_words()
    listed = words[bisect_right(words, beginning) : bisect_left(words, beginning + "\U0010ffff")]
    return frozenset(word[len(beginning)] for word in listed)


class Unigram:
    """The model, with words of a document at hand added to it: names recur on a page, and are in no list."""

    def __init__(self, document: str = "") -> None:
        self._costs = word_costs()
        self._local = _local_words(document, self._costs) if document else {}
        self._local_followers: dict[str, set[str]] = {}
        for word in self._local:
            for n in range(1, len(word)):
                self._local_followers.setdefault(word[:n], set()).add(word[n])

    def word(self, text: str) -> float | None:
        """The cost of one word; None if it is no word. Every character is one."""
        cost = self._local.get(text) or self._costs.get(text)
        return self._unlisted(text) if cost is None and len(text) == 1 else cost

    def is_prefix(self, text: str) -> bool:
        """Whether longer words begin so."""
        return text in _prefixes() or text in self._local_followers

    def followers(self, beginning: str) -> frozenset[str]:
        """The characters with which words that begin so go on."""
        local = self._local_followers.get(beginning)
        return _followers(beginning) | local if local else _followers(beginning)

    def char_costs(self, text: str) -> list[float]:
        """The cost of each character: that of its word in the best split, shared evenly."""
        ends, sizes = [0.0], [0]
        for i, char in enumerate(text, 1):
            best, size = ends[-1] + (self._costs.get(char) or self._unlisted(char)), 1
            for k in range(2, min(i, MAX_WORD) + 1):
                word = text[i - k : i]
                cost = self._local.get(word) or self._costs.get(word)
                if cost is not None and ends[i - k] + cost < best:
                    best, size = ends[i - k] + cost, k
            ends.append(best)
            sizes.append(size)
        costs, i = [0.0] * len(text), len(text)
        while i:
            k = sizes[i]
            costs[i - k : i] = [(ends[i] - ends[i - k]) / k] * k
            i -= k
        return costs

    def _unlisted(self, char: str) -> float:
        if char.isascii() and char.isdigit():
            return _DIGIT
        if char.isascii() and char.isalpha():
            return _LETTER
        return _UNKNOWN_HAN if is_han(char) else _UNKNOWN


def _local_words(document: str, known: dict[str, float]) -> dict[str, float]:
    """Strings of two to four characters that the document has at least twice and no list knows better."""
    counts = Counter(_grams(document))
    total = max(len(document), 1)
    found = {gram: -math.log(n / total) + 2.0 for gram, n in counts.items() if n > 1}
    return {gram: cost for gram, cost in found.items() if cost < known.get(gram, math.inf)}


def _grams(document: str) -> Iterable[str]:
    for size in (2, 3, 4):
        for i in range(len(document) - size + 1):
            gram = document[i : i + size]
            if all(map(is_han, gram)):
                yield gram


@lru_cache(maxsize=50_000)
def rarity(word: str) -> float:
    """How much a word tells: 0 for the commonest, 7.5 for one that no list has; a power of ten less frequent is 1 more.

    >>> rarity("的") < rarity("企业") < rarity("孵化器") < rarity("顾维桢")
    True
    """
    if not is_han(word[0]):
        return _RAREST if word.isalpha() else _RAREST / 2
    cost = word_costs().get(word)
    return _RAREST if cost is None else min(max(cost / math.log(10) - 1.5, 0.0), _RAREST)
