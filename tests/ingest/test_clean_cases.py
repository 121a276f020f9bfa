"""The case files of the small cleaners, one run each."""

from __future__ import annotations

import pytest

from ingest.clean import (
    flag_losses,
    fold_script,
    remove_credits,
    remove_readings,
    repair_mojibake,
    tidy_whitespace,
    widen_punctuation,
)
from ingest.origin import Text
from tests.ingest.cases import cases


@pytest.mark.parametrize(("raw", "clean"), cases("readings"))
def test_readings(raw: str, clean: str) -> None:
    assert remove_readings(Text.from_raw(raw)).text.chars == clean


@pytest.mark.parametrize(("raw", "clean"), cases("script"))
def test_script(raw: str, clean: str) -> None:
    assert fold_script(Text.from_raw(raw)).text.chars == clean


@pytest.mark.parametrize(("raw", "clean"), cases("width"))
def test_width(raw: str, clean: str) -> None:
    assert widen_punctuation(Text.from_raw(raw)).text.chars == clean


@pytest.mark.parametrize(("raw", "clean"), cases("whitespace"))
def test_whitespace(raw: str, clean: str) -> None:
    assert tidy_whitespace(Text.from_raw(raw)).text.chars == clean


@pytest.mark.parametrize(("raw", "clean"), cases("credits"))
def test_credits(raw: str, clean: str) -> None:
    assert remove_credits(Text.from_raw(raw)).text.chars == clean


@pytest.mark.parametrize(("raw", "marked"), cases("losses"))
def test_losses(raw: str, marked: str) -> None:
    """``clean`` has ⟦ ⟧ around what is flagged; nothing else is changed."""
    cleaned = flag_losses(Text.from_raw(raw))
    assert cleaned.text.chars == raw
    assert (
        Text.from_raw(raw).replace((f.start, f.end, f"⟦{raw[f.start : f.end]}⟧") for f in cleaned.flags).chars == marked
    )


@pytest.mark.parametrize(("raw", "clean"), cases("mojibake"))
def test_mojibake(raw: str, clean: str) -> None:
    assert repair_mojibake(Text.from_raw(raw)).text.chars == clean
