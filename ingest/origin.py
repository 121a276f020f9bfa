"""Text that knows where it came from: each character with its place in the raw file.

Everything between a raw page and its clean body works on ``Text`` and edits it by replacing spans, so a
span of the body always leads back to the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from library.records import Flag, Origins

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Offsets = NDArray[np.int32]

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
        pieces, at = [], 0
        for start, end, new in edits:
            if start < at or end < start:
                raise ValueError(f"edit {start}:{end} overlaps the one that ended at {at}")
            pieces += [self.slice(at, start), self._replacement(start, end, new)]
            at = end
        return Text.join([*pieces, self.slice(at, len(self.chars))]) if pieces else self

    def edit(self, edits: Iterable[Edit], notes: Iterable[Note] = ()) -> Cleaned:
        """The text with spans replaced, and in the raw file where; see ``replace``.

        Args:
            edits: as for ``replace``; one that changes nothing is passed over.
            notes: places of this text that a reader should doubt.
        """
        real = [(start, end, new) for start, end, new in edits if self.chars[start:end] != new]
        spans = tuple(self.raw_span(start, end) for start, end, _ in real)
        flags = tuple(Flag(*self.raw_span(start, end), note) for start, end, note in notes)
        return Cleaned(self.replace(real), spans, flags)

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The raw characters behind ``start:end``; of an empty span, the place between its neighbours."""
        return (int(self.starts[start]), int(self.stops[end - 1])) if start < end else self._gap(start)

    def _replacement(self, start: int, end: int, new: str) -> Text:
        if len(new) == end - start:
            return Text(new, self.starts[start:end], self.stops[start:end])
        return Text.made_from(new, *self.raw_span(start, end))

    def _gap(self, at: int) -> tuple[int, int]:
        """Raw offsets for characters inserted there: the place between the neighbours.

        Neighbours that were made from the same raw characters have no such place; what they share is taken.
        """
        if not len(self):
            return 0, 0
        stop = int(self.stops[at - 1]) if at else int(self.starts[0])
        return (min(stop, int(self.starts[at])) if at < len(self) else stop), stop

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
