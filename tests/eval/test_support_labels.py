"""The hand labels of support: well-formed, balanced, and of two halves that share nothing."""

from __future__ import annotations

from collections import Counter

import pytest

from eval.support_fit import Label, read_labels
from lang.script import count_han, detect_language


@pytest.fixture(scope="module")
def labels() -> list[Label]:
    return read_labels()


def test_every_label_is_whole_and_said_once(labels: list[Label]) -> None:
    assert [b.claim for b in labels if not (b.claim and b.why and b.kind and b.context and all(b.quotes))] == []
    assert all(count_han(quote) > 5 for b in labels for quote in b.quotes)
    assert [claim for claim, n in Counter((b.group, b.claim) for b in labels).items() if n > 1] == []


def test_a_claim_is_in_the_language_it_is_said_to_be_in(labels: list[Label]) -> None:
    assert [b.claim for b in labels if detect_language(b.claim) != b.language] == []


def test_there_are_enough_and_neither_language_nor_answer_prevails(labels: list[Label]) -> None:
    assert len(labels) >= 220
    for half in ("fit", "held"):
        part = [b for b in labels if b.half == half]
        assert len(part) >= 110
        assert 0.45 <= sum(b.language == "en" for b in part) / len(part) <= 0.55
        for language in ("zh", "en"):
            spoken = [b.supported for b in part if b.language == language]
            assert 0.4 <= sum(spoken) / len(spoken) <= 0.6


def test_no_quote_is_in_both_halves(labels: list[Label]) -> None:
    quotes = {half: {q for b in labels if b.half == half for q in b.quotes} for half in ("fit", "held")}
    assert not quotes["fit"] & quotes["held"]
    assert all(len({b.half for b in labels if b.group == group}) == 1 for group in {b.group for b in labels})


def test_the_ways_to_be_wrong_are_many(labels: list[Label]) -> None:
    wrong = Counter(b.kind for b in labels if not b.supported)
    assert len(wrong) >= 12
    assert max(wrong.values()) < sum(wrong.values()) / 3
    assert not set(wrong) & {b.kind for b in labels if b.supported}
