"""Figures as a Chinese text writes them."""

from __future__ import annotations

from decimal import Decimal

from lang.quantities.records import Quantity

_SCALES = ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))


def figure_zh(q: Quantity) -> str:
    """A figure without its bound: ``80亿元``, ``20%``, ``8个百分点``, ``3000家``.

    >>> from lang.quantities import find_quantities
    >>> [figure_zh(q) for q in find_quantities("RMB 20 billion, 2.5 million yuan, 3,000 firms, 20 percent")]
    ['200亿元', '250万元', '3000', '20%']
    """
    if q.kind == "percent":
        return f"{number_zh(q.value)}%"
    if q.kind == "points":
        return f"{number_zh(q.value)}个百分点"
    unit = q.unit if not q.unit.isascii() else ""
    if q.kind == "money" or q.value >= 1_000_000:
        for scale, name in _SCALES:
            if q.value >= scale:
                return f"{number_zh(q.value / scale)}{name}{unit}"
    return f"{number_zh(q.value)}{unit}"


def number_zh(value: Decimal) -> str:
    """Digits without thousands separators and idle zeros.

    >>> number_zh(Decimal("3000.50"))
    '3000.5'
    """
    return f"{value.normalize():f}"
