from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lang.words import STOP_WORDS, content_words, tokenize


def test_both_scripts_meet_in_the_same_words() -> None:
    assert tokenize("力爭全市高新技術企業存量達３０００家") == tokenize("力争全市高新技术企业存量达3000家")


def test_long_words_come_with_their_parts() -> None:
    assert {"高新技术", "企业"} <= set(tokenize("高新技术企业"))


def test_numbers_are_one_word_however_written() -> None:
    assert tokenize("3,000") == tokenize("3000") == ["3000"]
    assert "1234567" in tokenize("共1,234,567元")
    assert "3.5%" in tokenize("增长3.5%")


def test_stop_words_and_marks_are_no_words() -> None:
    assert tokenize("什么是的？“，”——") == []
    assert tokenize("What are the targets of Jiangmen") == ["targets", "jiangmen"]
    assert all(word == word.lower().strip() and word for word in STOP_WORDS)


def test_content_words_leave_out_single_characters_but_not_digits() -> None:
    assert content_words("达8家") == {"8"}
    assert "企业" in content_words("企业达8家")


@given(st.text(max_size=40))
def test_a_word_never_breaks_a_query(text: str) -> None:
    # The lexical index puts each word between quotation marks.
    assert all(word and '"' not in word and not any(c.isspace() for c in word) for word in tokenize(text))
