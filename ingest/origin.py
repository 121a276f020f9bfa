"""Text that knows where it came from: each character with its place in the raw file.

Everything between a raw page and its clean body works on ``Text`` and edits it by replacing spans, so a
span of the body always leads back to the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from library.records import Flag, Origins

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Offsets = NDArray[np.int32]
    Places = NDArray[np.int64]

Edit = tuple[int, int, str]
"""Characters ``start`` to ``end`` of a text become ``new``."""
Note = tuple[int, int, str]
"""What a reader should know of characters ``start`` to ``end`` of a text."""


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """Characters, and for each the raw characters ``starts[i]:stops[i]`` that it was made from.

    ``starts`` and ``stops`` are as long as ``chars`` and never decrease.
    """

    chars: str
    starts: Offsets
    stops: Offsets

    @classmethod
    def from_raw(cls, raw: str, at: int = 0) -> Text:
        """The raw text itself, or a piece of it that begins at offset ``at``."""
        starts = np.arange(at, at + len(raw), dtype=np.int32)
        return cls(raw, starts, starts + np.int32(1))

    @classmethod
    def made_from(cls, chars: str, start: int, stop: int) -> Text:
        """Characters that all came from the raw span ``start:stop``, such as ``&`` from ``&amp;``."""
        size = len(chars)
        return cls(chars, np.full(size, start, dtype=np.int32), np.full(size, stop, dtype=np.int32))

    @classmethod
    def join(cls, pieces: Iterable[Text]) -> Text:
        """Pieces in the order of the raw file, end to end."""
        parts = list(pieces)
        if not parts:
            return cls.from_raw("")
        return cls(
            "".join(p.chars for p in parts),
            np.concatenate([p.starts for p in parts]),
            np.concatenate([p.stops for p in parts]),
        )

    def slice(self, start: int, end: int) -> Text:
        return Text(self.chars[start:end], self.starts[start:end], self.stops[start:end])

    def replace(self, edits: Iterable[Edit]) -> Text:
        """A new text with spans replaced.

        Args:
            edits: ``(start, end, new)``, sorted, not overlapping. A replacement of the same length maps
                character by character; any other maps as a whole to what it replaced.

        Raises:
            ValueError: the edits overlap or are not sorted.
        """
        changes = list(edits)
        if not changes:
            return self
        pieces, at = [], 0
        for start, end, new in changes:
            if start < at or end < start:
                raise ValueError(f"edit {start}:{end} overlaps the one that ended at {at}")
            pieces += [self.chars[at:start], new]
            at = end
        pieces.append(self.chars[at:])
        return Text("".join(pieces), *self._offsets(changes, pieces))

    def edit(self, edits: Iterable[Edit], notes: Iterable[Note] = ()) -> Cleaned:
        """The text with spans replaced, and in the raw file where; see ``replace``.

        Args:
            edits: as for ``replace``; one that changes nothing is passed over.
            notes: places of this text that a reader should doubt.
        """
        real = [(start, end, new) for start, end, new in edits if self.chars[start:end] != new]
        spans = tuple(self._raw_spans(real))
        doubts = list(notes)
        flags = (Flag(*span, doubt[2]) for span, doubt in zip(self._raw_spans(doubts), doubts, strict=True))
        return Cleaned(self.replace(real), spans, tuple(flags))

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The raw characters behind ``start:end``; of an empty span, the place between its neighbours."""
        return next(self._raw_spans([(start, end)]))

    def _raw_spans(self, places: Sequence[tuple[int, int] | Edit]) -> Iterator[tuple[int, int]]:
        """``raw_span`` of many places."""
        if not places:
            return iter(())
        at = np.array([place[:2] for place in places], dtype=np.int64).reshape(-1, 2)
        starts, stops = self._behind(at[:, 0], at[:, 1])
        return zip(starts.tolist(), stops.tolist(), strict=True)

    def _behind(self, starts: Places, ends: Places) -> tuple[Offsets, Offsets]:
        """The raw spans behind places; of an empty one, the gap between its neighbours.

        Neighbours that were made from the same raw characters have no gap; what they share is taken.
        """
        size = len(self)
        if not size:
            return np.zeros(len(starts), dtype=np.int32), np.zeros(len(starts), dtype=np.int32)
        first = self.starts[np.minimum(starts, size - 1)]
        before = np.where(starts > 0, self.stops[np.maximum(starts, 1) - 1], self.starts[0])
        gap = np.where(starts < size, np.minimum(before, first), before)
        empty = starts == ends
        return np.where(empty, gap, first), np.where(empty, before, self.stops[np.maximum(ends, 1) - 1])

    def _offsets(self, edits: Sequence[Edit], pieces: Sequence[str]) -> tuple[Offsets, Offsets]:
        """Those of the text that consists of ``pieces``: what is kept and what is new, by turns.

        For each new character it is told which one of this text it takes its offsets from; a page may have
        hundreds of thousands of edits, so all are treated at once.
        """
        at = np.array([edit[:2] for edit in edits], dtype=np.int64)
        sizes = np.array([len(piece) for piece in pieces], dtype=np.int64)
        old = np.zeros(len(pieces), dtype=np.int64)  # where a piece begins in this text
        old[1::2], old[2::2] = at[:, 0], at[:, 1]
        begins = np.cumsum(sizes) - sizes
        taken = np.repeat(old - begins, sizes) + np.arange(sizes.sum())
        as_whole = np.zeros(len(pieces), dtype=bool)
        as_whole[1::2] = sizes[1::2] != at[:, 1] - at[:, 0]
        inside = np.repeat(as_whole, sizes)
        taken[inside] = 0
        places = at[as_whole[1::2]]
        found = []
        for offsets, whole in zip((self.starts, self.stops), self._behind(places[:, 0], places[:, 1]), strict=True):
            made = offsets[taken] if len(self) else np.zeros(len(taken), dtype=np.int32)
            made[inside] = np.repeat(whole, sizes[as_whole])
            found.append(made)
        return found[0], found[1]

    def lines(self) -> Iterator[tuple[int, int]]:
        """Spans of the lines, line break included; together they cover the text."""
        at = 0
        for line in self.chars.splitlines(keepends=True):
            yield at, at + len(line)
            at += len(line)

    def without(self, spans: Iterable[tuple[int, int]]) -> Text:
        """The text less some spans, sorted and not overlapping."""
        return self.replace((start, end, "") for start, end in spans)

    def strip(self) -> Text:
        """Without white space at both ends."""
        left = len(self.chars) - len(self.chars.lstrip())
        return self.slice(left, left + len(self.chars.strip()))

    def origins(self) -> Origins:
        """The offsets as a record, for storing."""
        return Origins(tuple(self.starts.tolist()), tuple(self.stops.tolist()))

    def __len__(self) -> int:
        return len(self.chars)


@dataclass(frozen=True, slots=True, eq=False)
class Cleaned:
    """What a cleaner returns: the text after it, the raw span of every change, and what it could not settle."""

    text: Text
    spans: tuple[tuple[int, int], ...] = ()
    flags: tuple[Flag, ...] = ()
