"""A cleaner run until it finds no more: what one change uncovers, the next round sees."""

from __future__ import annotations

from collections.abc import Callable

from ingest.origin import Cleaned, Text

# Pages need one or two; a bound keeps the time linear for pages made to need a round for each line.
_MOST = 12


def settle(text: Text, clean_once: Callable[[Text], Cleaned]) -> Cleaned:
    """Applies a cleaner until it changes nothing; all changes count, doubts are those of the last round."""
    spans: list[tuple[int, int]] = []
    for _ in range(_MOST):
        cleaned = clean_once(text)
        spans += cleaned.spans
        if cleaned.text.chars == text.chars:
            break
        text = cleaned.text
    return Cleaned(cleaned.text, tuple(sorted(spans)), cleaned.flags)
