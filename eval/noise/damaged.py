"""A clean text on its way to a damaged page, and the truth that scoring needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

import numpy as np

from ingest.origin import Edit, Text

SpotKind = Literal["shift", "collision", "mojibake", "lost", "placeholder", "header", "join", "keep"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A damaged place, in characters ``start:end`` of the clean text.

    ``gone`` are those of its characters of which the damage left less than all bytes. For a line break that
    the damage made (``join``) or that must stay (``keep``), the span is the character before and the one after.
    """

    kind: SpotKind
    start: int
    end: int
    gone: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Damaged:
    """A damaged page.

    ``text.chars`` is the page; ``text.starts`` and ``text.stops`` lead from each of its characters to the
    clean text, as a cleaned page's lead to its raw file. ``added`` holds, for each character of the page,
    whether it is no part of the article (1), part of it or of its damage (0), or either way right (2, a title).
    ``names`` are the people and offices of bylines and credits that were put in; ``titles`` the headlines of other
    articles that a site may list.
    """

    clean: str
    text: Text
    spots: tuple[Spot, ...] = ()
    variant: str = ""
    added: bytes = b""
    names: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    @classmethod
    def nothing(cls, clean: str, titles: Sequence[str] = ()) -> Damaged:
        """The page before any damage."""
        return cls(clean, Text.from_raw(clean), added=bytes(len(clean)), titles=tuple(titles))

    @property
    def page(self) -> str:
        """What a scraper would have saved."""
        return self.text.chars

    def edited(self, edits: Iterable[Edit], spots: Iterable[Spot] = (), *, added: int = 0) -> Damaged:
        """The page after edits of it, sorted and not overlapping; what an insertion brings counts as ``added``."""
        listed = list(edits)
        text, marks, at = self.text.replace(listed), bytearray(), 0
        for start, end, new in listed:
            marks += self.added[at:start]
            marks += self.added[start:end] if len(new) == end - start else self._mark(start, end, added) * len(new)
            at = end
        marks += self.added[at:]
        return replace(self, text=text, added=bytes(marks), spots=(*self.spots, *spots))

    def _mark(self, start: int, end: int, added: int) -> bytes:
        """An insertion is what it is told to be; a replacement stays what most of it was."""
        return bytes([added if start == end else max(self.added[start:end])])

    def called(self, variant: str) -> Damaged:
        """The same, with a word for the variant of damage that was drawn."""
        return replace(self, variant="+".join(filter(None, (self.variant, variant))))

    def clean_span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the clean text behind ``page[start:end]``; ``start < end`` must hold."""
        return int(self.text.starts[start]), int(self.text.stops[end - 1])

    def page_span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the page that stand for ``clean[start:end]``; empty where nothing does."""
        first = int(np.searchsorted(self.text.stops, start, side="right"))
        last = int(np.searchsorted(self.text.starts, end, side="left"))
        return first, max(first, last)


Damage = Callable[[Damaged, Random], Damaged]
"""Damages a page further. Draws nothing but from the generator."""
