from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lang import script

CHINESE = st.text(
    st.sampled_from("為我市科技創新著力沿著著名後裏云制面發髮乾幹臺灣,。 a1\n習近平總書記頭髮"), max_size=60
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("江门的高企存量目标是多少？", "zh"),
        ("高企 target 是多少", "zh"),
        ("What is Jiangmen's target for 高企?", "en"),
        ("R&D", "en"),
        ("2025", "en"),
        ("", "en"),
    ],
)
def test_language_is_the_readers(text: str, language: str) -> None:
    assert script.detect_language(text) == language


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("為我市科技創新工作指明了方向", "为我市科技创新工作指明了方向"),
        ("著力推進，沿著著名的道路", "着力推进，沿着著名的道路"),
        ("以後在這裏頭髮發展", "以后在这里头发发展"),
        ("已经是简体的文字，8家。", "已经是简体的文字，8家。"),
        ("", ""),
    ],
)
def test_traditional_text_is_folded(written: str, folded: str) -> None:
    assert script.to_simplified(written) == folded


@given(st.characters(exclude_categories=["Cs"]))
def test_a_folded_character_is_one_character(char: str) -> None:
    assert len(script.fold_char(char)) == 1


def test_the_share_of_traditional_characters_tells_the_script() -> None:
    assert script.traditional_share("為我市科技創新") == 2 / 7
    assert script.traditional_share("为我市科技创新") == 0
    assert script.traditional_share("no Han at all") == 0


@given(CHINESE)
def test_folding_edits_lead_to_the_folded_text(text: str) -> None:
    assert _applied(text, script.fold_edits(text)) == script.to_simplified(text)


def test_folding_edits_hold_where_the_length_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        script, "to_simplified", lambda text: text.replace("資訊科技", "信息技术和").replace("後", "后")
    )
    text = "後來的資訊科技，後來居上"
    edits = script.fold_edits(text)
    assert _applied(text, edits) == "后來的信息技术和，后來居上"
    assert next(text[start:end] for start, end, _ in edits) == "後"


def _applied(text: str, edits: list[tuple[int, int, str]]) -> str:
    out, at = "", 0
    for start, end, new in edits:
        assert at <= start <= end
        out, at = out + text[at:start] + new, end
    return out + text[at:]


def test_han_is_told_from_kana_and_punctuation() -> None:
    assert script.count_han("科技，abcカナ𠮷㐀") == 3
    assert script.is_han("云")
    assert not script.is_han("。")
