"""Claims against quotes: no wrong pair passes, and at most 2 % of the right ones fail."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import pytest

from lang.claims import Source, check_claim
from lang.script import detect_language

_FOLDER = Path(__file__).parent


class Pair(NamedTuple):
    agrees: str
    part: str
    why: str
    quote: str
    claim: str
    city: str
    published: str


def pairs(name: str) -> list[Pair]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Pair(*(row + [""] * 7)[:7]) for row in rows if row and not row[0].startswith("#")]


PAIRS, FRESH = pairs("figures.tsv"), pairs("figures_fresh.tsv")


def _passes(pair: Pair) -> bool:
    return not check_claim(pair.claim, [Source(pair.quote, pair.published, pair.city)])


@pytest.mark.parametrize("pair", [p for p in PAIRS if p.agrees == "no"], ids=lambda p: p.claim)
def test_no_wrong_claim_passes(pair: Pair) -> None:
    assert not _passes(pair), pair.quote


def test_at_most_two_in_a_hundred_right_claims_fail() -> None:
    right = [p for p in PAIRS if p.agrees == "yes"]
    failed = [p for p in right if not _passes(p)]
    assert len(failed) <= 0.02 * len(right), failed


def test_pairs_that_nobody_built_to_are_judged_no_worse_than_they_were() -> None:
    passed = [p for p in FRESH if p.agrees == "no" and _passes(p)]
    failed = [p for p in FRESH if p.agrees == "yes" and not _passes(p)]
    assert len(passed) <= 23, passed
    assert len(failed) <= 43, failed


def test_the_pairs_are_many_and_of_all_kinds() -> None:
    assert len(PAIRS) >= 300
    assert len(set(PAIRS)) == len(PAIRS)
    right = sum(p.agrees == "yes" for p in PAIRS)
    english = sum(detect_language(p.claim) == "en" for p in PAIRS)
    assert 0.4 <= right / len(PAIRS) <= 0.6
    assert 0.4 <= english / len(PAIRS) <= 0.6


QUOTE = "青石市2025年的成绩单：研发投入强度2.8%；计划建成的中试平台有6个。"


@pytest.mark.parametrize(
    ("claim", "question", "agrees"),
    [
        ("青石市2025年研发投入强度为2.8%。", "青石市2025年研发投入强度是多少？", True),
        ("青石市2025年研发投入强度为2.8%。", "What R&D intensity did Qingshi set itself for 2025?", False),
        ("青石市2025年研发投入强度为2.8%。", "What R&D intensity did Qingshi actually reach in 2025?", True),
        ("青石市2025年建成6个中试平台。", "青石市2025年实际建成多少个中试平台？", False),
        ("青石市2025年建成6个中试平台。", "青石市2025年打算建成多少个中试平台？", True),
    ],
)
def test_what_is_asked_for_tells_whether_plan_or_result_is_meant(claim: str, question: str, agrees: bool) -> None:
    assert (not check_claim(claim, [Source(QUOTE, "2026-02-03", "青石")], question)) is agrees
