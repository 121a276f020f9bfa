"""Whether a text states what a fact accepts, and whether an article is the one that a fact names. Pure functions.

Figures are compared as quantities, so 80亿元 and RMB 8 billion are one; names by the ways the fact gives.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from eval.facts import Fact, read_figures
from lang.quantities import Quantity, find_quantities
from lang.script import to_simplified

# Besides its own kind, what a figure may be read as: 亿 without 元, and 15 in "15 April".
_READ_AS = {"money": {"count"}, "date": {"count", "ordinal"}}


def stated(text: str, fact: Fact) -> int:
    """How many of the things that a fact accepts a text states. Units but money and per cent are not compared."""
    if fact.kind == "value":
        found = find_quantities(text)
        return sum(any(_has_figures(found, way) for way in ways) for ways in fact.accept)
    folded = to_simplified(text)
    return sum(any(has_name(folded, way) for way in ways) for ways in fact.accept)


def article_name(uri: str) -> str:
    """What facts call an article: its file's name without the suffix, with the record's id where it has one.

    >>> article_name("/pages/news.jsonl#n-7"), article_name("/pages/jiangmen.txt")
    ('news#n-7', 'jiangmen')
    """
    path, mark, record = uri.partition("#")
    return f"{Path(path).stem}{mark}{record}"


def is_article(uri: str, name: str) -> bool:
    """Whether a fact's name for an article means the one from that URI."""
    return name in (uri, article_name(uri))


def has_name(folded: str, name: str) -> bool:
    """Whether a simplified text has the name, whatever its case, spaces, hyphens and apostrophes.

    Latin letters and digits must not run on: ``YC2026-05`` is not in ``YC2026-051``.
    """
    letters = re.sub(r"[\s'’-]", "", to_simplified(name))
    inner = r"[\s'’-]*".join(map(re.escape, letters))
    return re.search(rf"(?<![A-Za-z0-9]){inner}(?![A-Za-z0-9])", folded, re.I) is not None if letters else False


def _has_figures(found: Sequence[Quantity], written: str) -> bool:
    return all(any(_same(wanted, q) for q in found) for wanted in read_figures(written))


def _same(wanted: Quantity, found: Quantity) -> bool:
    kinds = {wanted.kind, *_READ_AS.get(wanted.kind, ())}
    return wanted.value == found.value and found.kind in kinds
