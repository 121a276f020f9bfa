from __future__ import annotations

import pytest

from lang.dictionary import page_words


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Which castles did the plague reach?", {"castles": "城堡", "plague": "瘟疫"}),
        ("Who designates a time?", {}),  # 设计 is "to design", and what is common has too many meanings
        ("Why is a helmet blue?", {}),  # no page has it
        ("Who visits Castle?", {}),  # a name
    ],
)
def test_a_rare_word_is_given_as_a_page_near_the_question_has_it(question: str, words: dict[str, str]) -> None:
    assert page_words(question, ["城堡里爆发了瘟疫，设计图已失。"]) == words


def test_the_nearest_page_tells_which_word_is_meant() -> None:
    assert page_words("Who died of the plague?", ["鼠疫传到港口。", "古人说瘟疫。"]) == {"plague": "鼠疫"}
    assert page_words("Who died of the plague?", ["瘟疫传到港口。", "今人说鼠疫。"]) == {"plague": "瘟疫"}
