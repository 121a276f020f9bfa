"""What a figure is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["money", "percent", "points", "count", "multiple", "date", "ordinal"]
Bound = Literal["exact", "least", "more", "most", "less", "about", "nearly"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure: ``text[start:end]`` says ``value`` (in ones; percent as written) of some ``kind``.

    ``bound`` is what the words beside it make of it; they stand outside the span (see ``find_bound``).
    """

    value: Decimal
    kind: Kind
    unit: str
    start: int
    end: int
    bound: Bound = "exact"
