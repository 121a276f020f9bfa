from __future__ import annotations

import numpy as np
import pytest

from library import Library
from rag.centring import english_query
from rag.retrieve import Filters, explain_query, rank, retrieve, understand
from tests.fakes import FakeEncoder, shelved

SAME = "江门与随州的科技局在会上交换意见，两地高企存量都有所增长，并商定共建科普基地八家。"


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


def test_a_comparison_brings_passages_of_every_city(library: Library) -> None:
    library.add([shelved(f"jm{n}.txt", f"江门高企存量目标第{n}号通知{n * 7}。", city="江门") for n in range(6)])
    library.add([shelved("sz.txt", "随州要办好科普展览。", city="随州"), shelved("hz.txt", "惠州的水。", city="惠州")])
    named = retrieve(library, understand("江门和随州的高企存量目标各是多少？", library), 4)
    assert {p.city for p in named} == {"江门", "随州"}
    assert [p.score for p in named] == sorted((p.score for p in named), reverse=True)
    unnamed = retrieve(library, understand("哪个城市的高企存量目标最高？", library), 3)
    assert {p.city for p in unnamed} == {"江门", "随州", "惠州"}
    assert {p.city for p in retrieve(library, understand("高企存量目标", library), 4)} == {"江门"}


def test_a_filter_of_the_user_goes_before_the_cities_that_are_compared(shelf: Library) -> None:
    found = retrieve(shelf, understand("江门和深圳的高企目标各是多少？", shelf), 5, Filters(city="随州"))
    assert {p.city for p in found} == {"随州"}


def test_a_city_in_the_name_of_a_university_restricts_nothing(shelf: Library) -> None:
    assert retrieve(shelf, understand("What did Jinan University say of high-tech enterprises?", shelf), 5)


def test_dates_of_publication_restrict_but_never_to_nothing(shelf: Library) -> None:
    within = retrieve(shelf, understand("2024年4月发布的高企通知", shelf), 5)
    assert {p.published for p in within} == {"2024-04-15"}
    assert retrieve(shelf, understand("2019年发布的高企通知", shelf), 5)
    asked = understand("2019年发布的高企通知", shelf)
    assert {p.published for p in retrieve(shelf, asked, 5, Filters(since="2024-01-01"))} == {"2024-04-15"}


def test_copies_that_only_a_citys_search_shows_count_once(library: Library) -> None:
    library.add(
        [
            shelved("a.txt", SAME, city="江门", published="2024-01-02", chunk=200),
            shelved("b.txt", SAME, city="随州", published="2024-01-01", chunk=200),
        ]
    )
    assert len(retrieve(library, understand("江门和随州的高企存量是多少？", library), 5)) == 1


def test_every_passage_says_why_it_ranks_where_it_does(shelf: Library) -> None:
    query = understand("江门有多少高企？", shelf)
    ranking = rank(shelf, query, 5)
    found = ranking[0]
    assert [p.search for p in found.parts] == ["dense", "BM25"]
    assert found.passage.score == pytest.approx(sum(p.weight * p.share for p in found.parts), abs=1e-4)
    assert [p.weight for p in found.parts] == [1.0, 1.5]
    assert "高企" in found.terms
    assert found.reranker is None
    read = explain_query(query, Filters(until="2025-01-01"), ranking)
    assert (read["cities"], read["chinese"]) == (["江门"], "江门有多少高企？")
    assert "高新技术企业" in read["aliases"]
    assert read["filters"] == {"city": "", "since": "", "until": "2025-01-01"}
    dropped = understand("2019年发布的高企通知", shelf)
    assert explain_query(dropped, None, rank(shelf, dropped, 5))["filters"]["since"] == ""


def test_both_forms_of_an_english_question_are_searched_with(shelf: Library) -> None:
    (alone, *_) = rank(shelf, understand("How many widgets are there?", shelf), 5)
    assert [(p.search, p.weight) for p in alone.parts] == [("dense, English", 1.0)]
    (both, *_) = rank(shelf, understand("How many widgets are there?", shelf, "高企有多少家？"), 5)
    assert [(p.search, p.weight) for p in both.parts] == [
        ("dense, English", 0.5), ("dense, Chinese", 0.5), ("BM25", 0.75),
    ]  # fmt: skip


def test_what_all_english_questions_share_is_taken_out(encoder: FakeEncoder) -> None:
    vector = english_query(encoder, "How many people live there?")
    mean = 2 * (encoder.query("How many people live there?") - vector)
    assert np.allclose(english_query(encoder, "Who?"), encoder.query("Who?") - 0.5 * mean, atol=1e-6)
    assert float(mean @ encoder.query("How many people live here?")) > float(mean @ encoder.query("高企存量"))
