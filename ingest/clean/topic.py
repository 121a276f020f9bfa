"""What an article is about: its words, by which its title is told from the titles of other pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import rjieba

from ingest.clean.line_kinds import Kind, Line
from lang.script import count_han

ON_TOPIC, OFF_TOPIC = 0.4, 0.35


class Topic:
    """The words of an article: its title shares some of them, the titles of other pages hardly any."""

    _ENOUGH = 20_000  # characters; a longer article is about the same

    def __init__(self, article: Sequence[Line]) -> None:
        self._article = article

    @cached_property
    def _chars(self) -> str:
        return "\n".join(line.chars for line in self._article if line.kind is Kind.TEXT)[: self._ENOUGH]

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(rjieba.cut(self._chars))

    @cached_property
    def _pairs(self) -> frozenset[str]:
        return frozenset(_pairs(self._chars))

    def share(self, line: str) -> float:
        """The share, 0 to 1, of a line's words of two characters and more that the article has."""
        words = [w for w in rjieba.cut(line) if len(w) > 1]
        return sum(w in self._words for w in words) / len(words) if words else 0.0

    def knows(self, line: Line, least: int = 1) -> bool:
        """Whether any two Chinese characters in a row of a line stand in the article, too, or ``least`` such pairs."""
        return sum(pair in self._pairs and count_han(pair) == 2 for pair in _pairs(line.chars)) >= least


def _pairs(chars: str) -> Iterator[str]:
    """Every two characters in a row."""
    return map("".join, pairwise(chars))
