from __future__ import annotations

import pytest

from library import Library
from rag.retrieve import Filters, retrieve, understand


def test_a_question_is_read_for_language_cities_titles_and_kind(shelf: Library) -> None:
    query = understand("《哪吒》說江門市的高企有多少家？", shelf)
    assert (query.language, query.cities, query.titles) == ("zh", ("江门",), ("哪吒",))
    assert query.wants_figure and not query.wants_list
    assert "高新技术企业" in query.lexical


def test_an_english_question_brings_chinese_words_for_bm25(shelf: Library) -> None:
    query = understand("How many high-tech enterprises does Suizhou aim for?", shelf)
    assert query.language == "en"
    assert {"随州", "高新技术企业"} <= set(query.lexical.split())
    assert query.lexical_weight == 1.0


def test_words_that_the_glossary_lacks_take_weight_from_bm25(shelf: Library) -> None:
    known = understand("How many high-tech enterprises are there?", shelf)
    unknown = understand("How many wombats juggle high-tech enterprises?", shelf)
    assert unknown.lexical_weight < known.lexical_weight


def test_only_the_city_that_is_asked_for_counts(shelf: Library) -> None:
    assert {p.city for p in retrieve(shelf, understand("江门的高企目标", shelf), 5)} == {"江门"}
    assert retrieve(shelf, understand("深圳市的高企目标是多少", shelf), 5) == []


def test_filters_narrow_and_ranks_fuse(shelf: Library) -> None:
    found = retrieve(shelf, understand("高新技术企业", shelf), 5)
    assert [p.city for p in found] == ["随州", "江门"]
    assert found[0].score > found[1].score
    assert {p.city for p in retrieve(shelf, understand("高企", shelf), 5, Filters(since="2024-01-01"))} == {"江门"}
    assert {p.city for p in retrieve(shelf, understand("高企", shelf), 5, Filters(city="随州"))} == {"随州"}


@pytest.mark.parametrize("question", ['"', "'; DROP TABLE words", "NEAR(a b)", "*", "AND OR NOT"])
def test_no_question_is_read_as_search_syntax(shelf: Library, question: str) -> None:
    assert isinstance(retrieve(shelf, understand(question, shelf), 5), list)
