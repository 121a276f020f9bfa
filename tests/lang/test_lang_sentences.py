from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lang.sentences import split_clauses, split_sentences

MIXED = st.text(st.sampled_from("科技云川。！？!?…；，,.:”」)】 \n\tAb12[]"), max_size=80)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("力争达3000家。要加快建设！对吗？", ["力争达3000家。", "要加快建设！", "对吗？"]),
        ("他说：“力争达到。”会议指出……随后", ["他说：“力争达到。”", "会议指出……", "随后"]),
        ("第一段没有句号\n\n第二段", ["第一段没有句号", "第二段"]),
        ("增长3.5%。达80亿元。[1][2] 其次", ["增长3.5%。", "达80亿元。[1][2]", "其次"]),
        ("It grew 3.5%. Output reached RMB 8 billion.", ["It grew 3.5%.", "Output reached RMB 8 billion."]),
        ("The U.S. market grew. Next.", ["The U.S. market grew.", "Next."]),
        ("It was 2024. Then it rose.", ["It was 2024.", "Then it rose."]),
        ("（一）抓创新。（二）抓转化。", ["（一）抓创新。", "（二）抓转化。"]),
        ("真的吗？！好。", ["真的吗？！", "好。"]),
        (" \n ", []),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [text[a:b] for a, b in split_sentences(text)] == sentences


@given(MIXED)
def test_every_visible_character_is_in_one_sentence(text: str) -> None:
    covered: list[int] = []
    for start, end in split_sentences(text):
        assert start < end
        assert text[start:end] == text[start:end].strip()
        covered.extend(range(start, end))
    assert covered == sorted(set(covered))
    assert {i for i, c in enumerate(text) if not c.isspace()} <= set(covered)


@given(MIXED)
def test_clauses_cover_the_text(text: str) -> None:
    spans = split_clauses(text)
    assert "".join(text[a:b] for a, b in spans) == text
    assert all(a < b for a, b in spans)


def test_clauses_keep_their_marks() -> None:
    text = "抓创新，促转化；再加力"
    assert [text[a:b] for a, b in split_clauses(text)] == ["抓创新，", "促转化；", "再加力"]
