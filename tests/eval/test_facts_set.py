"""The project's own fact set: its mix, and that every gold place bears what its fact accepts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from eval import SAMPLE_FACTS, Fact, Gold, load_facts
from eval.metrics import article_name, stated
from ingest import CleanPage, clean_page
from lang.script import detect_language, to_simplified
from library.records import Article

REAL = re.compile(r"\d{3}_[0-9a-f]{16}")
HELD = "# The held half"


@pytest.fixture(scope="session")
def whole() -> list[Fact]:
    return load_facts()


@pytest.fixture(scope="session")
def bodies(articles: list[Article]) -> dict[str, str]:
    """The cleaned sample pages by name."""
    return {article_name(a.uri): a.body for a in articles}


@pytest.fixture(scope="session")
def real(shared_articles: Path) -> dict[str, CleanPage]:
    """The cleaned articles that are not part of the repository, by name."""
    return {path.stem: clean_page(path) for path in sorted(shared_articles.glob("*.txt"))}


@pytest.fixture(scope="session")
def development() -> list[Fact]:
    return load_facts(SAMPLE_FACTS.parent / "development.yaml")


def is_real(gold: Gold) -> bool:
    return REAL.fullmatch(gold.article) is not None


def arrived(page: CleanPage, gold: Gold) -> str:
    """What cleaning left of the gold span."""
    assert gold.span
    start, end = gold.span
    return "".join(char for char, origin in zip(page.body, page.origins, strict=True) if start <= origin < end)


def wanted(fact: Fact) -> int:
    """How much one gold place must state: the whole answer, or one item of a list."""
    return 1 if fact.kind == "list" else fact.at_least


def test_the_set_is_large_and_half_in_english(whole: list[Fact]) -> None:
    languages, kinds = Counter(f.language for f in whole), Counter(f.kind for f in whole)
    assert len(whole) >= 125
    assert languages["en"] * 2 >= len(whole)
    assert kinds["refusal"] >= 32
    assert min(kinds["value"], kinds["name"], kinds["list"]) >= 20
    assert all(detect_language(f.question) == f.language for f in whole)
    assert sum(f.language == "zh" and to_simplified(f.question) != f.question for f in whole) >= 5
    assert len({f.question for f in whole}) == len(whole)
    assert all("\n" not in f.why and len(f.why) <= 120 for f in whole)


def test_the_open_half_stands_first_and_begins_with_the_twenty(whole: list[Fact]) -> None:
    assert [f.half for f in whole] == sorted((f.half for f in whole), reverse=True)
    assert all(not f.answerable or not is_real(f.gold[0]) for f in whole[:20])
    assert (whole[0].id, whole[19].id) == ("jiangmen-high-tech", "shanwei-high-tech")
    text = SAMPLE_FACTS.read_text("utf-8")
    first = next(f for f in whole if f.half == "held")
    assert text.count(HELD) == 1 and text.index(HELD) < text.index(f"- id: {first.id}\n")
    assert "half: held" not in text[: text.index(HELD)]


@pytest.mark.parametrize("key", ["kind", "language", "traditional", "paired", "real"])
def test_the_halves_have_the_same_mix(whole: list[Fact], key: str) -> None:
    of = {
        "kind": lambda f: f.kind,
        "language": lambda f: f.language,
        "traditional": lambda f: f.language == "zh" and to_simplified(f.question) != f.question,
        "paired": lambda f: bool(f.pair),
        "real": lambda f: any(map(is_real, f.gold)),
    }[key]
    halves = {half: Counter(of(f) for f in whole if f.half == half) for half in ("open", "held")}
    for value in set(halves["open"]) | set(halves["held"]):
        assert abs(halves["open"][value] - halves["held"][value]) <= 6, value


def test_pairs_ask_the_same_in_two_languages(whole: list[Fact]) -> None:
    pairs = defaultdict(list)
    for fact in whole:
        if fact.pair:
            pairs[fact.pair].append(fact)
    assert len(pairs) >= 15
    for one, two in pairs.values():
        assert (one.kind, one.gold) == (two.kind, two.gold)
        assert len(one.accept) == len(two.accept)
        assert all(set(a) & set(b) for a, b in zip(one.accept, two.accept, strict=True)), one.pair


def test_refusals_have_no_gold_and_most_say_what_lies_near(whole: list[Fact]) -> None:
    refusals = [f for f in whole if not f.answerable]
    assert all(not f.gold and not f.accept for f in refusals)
    assert sum(bool(f.near) for f in refusals) >= 32


def test_every_page_is_gold_of_several_facts(whole: list[Fact], bodies: dict[str, str]) -> None:
    asked = Counter(name for f in whole for name in f.articles)
    assert {name for name in asked if not REAL.fullmatch(name)} == set(bodies)
    assert len({name for name in asked if REAL.fullmatch(name)}) == 5
    assert min(asked.values()) >= 3


def test_every_sample_quote_is_in_the_cleaned_page_and_bears_the_answer(
    whole: list[Fact], bodies: dict[str, str]
) -> None:
    for fact in whole:
        for gold in fact.gold:
            if not is_real(gold):
                assert bodies[gold.article].count(gold.quote) == 1, f"{fact.id}: {gold.quote}"
                assert stated(gold.quote, fact) >= wanted(fact), f"{fact.id}: {gold.quote}"


def test_every_real_span_cleans_to_text_that_bears_the_answer(whole: list[Fact], real: dict[str, CleanPage]) -> None:
    for fact in whole:
        for gold in filter(is_real, fact.gold):
            assert stated(arrived(real[gold.article], gold), fact) >= wanted(fact), f"{fact.id}: {gold}"


def test_the_quotes_of_a_list_bear_the_whole_of_it(whole: list[Fact]) -> None:
    for fact in whole:
        if fact.kind == "list" and not all(map(is_real, fact.gold)):
            assert stated("\n".join(g.quote for g in fact.gold), fact) == len(fact.accept), fact.id


def test_a_list_that_real_articles_alone_bear_is_whole(whole: list[Fact], real: dict[str, CleanPage]) -> None:
    alone = [f for f in whole if f.kind == "list" and all(map(is_real, f.gold))]
    assert len(alone) >= 3
    for fact in alone:
        assert stated("\n".join(arrived(real[g.article], g) for g in fact.gold), fact) == len(fact.accept), fact.id


def test_nothing_but_spans_is_taken_from_the_real_articles(whole: list[Fact], real: dict[str, CleanPage]) -> None:
    assert all(bool(g.span) == is_real(g) and bool(g.quote) != is_real(g) for f in whole for g in f.gold)
    said = "\n".join([f.question + f.why + f.near + "".join(sum(f.accept, ())) for f in whole])
    for page in real.values():
        clauses = re.findall(r"[\u4e00-\u9fff0-9]{16,}", page.body)
        assert [clause for clause in clauses if clause in said] == []


@pytest.mark.parametrize(
    ("id", "word"), [("noodle-water", "手擀面"), ("tomato-balcony", "番茄"), ("film-box-office", "电影《")]
)
def test_what_stands_in_a_samples_list_alone_is_not_on_the_shelf(
    whole: list[Fact], bodies: dict[str, str], id: str, word: str
) -> None:
    assert any(f.id == id and not f.answerable for f in whole)
    assert not any(word in body for body in bodies.values())


@pytest.mark.parametrize(("id", "word"), [("nezha-box-office", "哪吒"), ("model-price-rise", "GPT")])
def test_what_stands_in_a_real_pages_list_alone_is_not_in_its_body(
    whole: list[Fact], real: dict[str, CleanPage], id: str, word: str
) -> None:
    assert any(f.id == id and not f.answerable for f in whole)
    assert [name for name, page in real.items() if word in page.raw] == ["002_4701eb40e310f157"]
    assert not any(word in page.body for page in real.values())


def test_questions_to_develop_with_are_others_than_those_that_measure(
    whole: list[Fact], development: list[Fact]
) -> None:
    assert len(development) >= 70 and {f.half for f in development} == {"open"}
    assert not {f.question for f in whole} & {f.question for f in development}


def test_what_is_accepted_of_them_stands_in_their_sample_pages(development: list[Fact], bodies: dict[str, str]) -> None:
    for fact in development:
        for name in fact.articles:
            if not REAL.fullmatch(name):
                assert stated(bodies[name], fact) >= wanted(fact), f"{fact.id}: {name}"


def test_what_is_accepted_of_them_stands_in_the_real_pages(development: list[Fact], real: dict[str, CleanPage]) -> None:
    for fact in development:
        for name in filter(REAL.fullmatch, fact.articles):
            assert stated(real[name].body, fact) >= wanted(fact), f"{fact.id}: {name}"
