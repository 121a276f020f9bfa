"""Several rankings made into one: a convex combination of scores.

Sebastian Bruch, Siyu Gai and Amir Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval" (TOIS 2023): it
keeps what ranks throw away, by how much the first is ahead of the second.
"""

from __future__ import annotations

from collections.abc import Sequence


def shares(scores: Sequence[float], from_zero: bool) -> list[float]:
    """Scores of one search, best first, put on a scale that ends at 1 for the best.

    Args:
        scores: of a whole list of candidates.
        from_zero: the scale begins at 0, as BM25 does; else at the last candidate's score, for cosines of e5 lie
            between .7 and .9 whatever is asked.

    >>> shares([0.9, 0.8, 0.7], from_zero=False)
    [1.0, 0.5, 0.0]
    >>> shares([8.0, 2.0], from_zero=True)
    [1.0, 0.25]
    """
    if not scores:
        return []
    top, bottom = max(scores), 0.0 if from_zero else min(scores)
    if top <= bottom:
        return [1.0] * len(scores)
    return [round((score - bottom) / (top - bottom), 6) for score in scores]
