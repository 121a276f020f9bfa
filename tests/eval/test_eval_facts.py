"""Reading facts: the set that comes with the project, and what is wrong with a user's file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from eval import Fact, load_facts
from eval.facts import read_figures
from eval.metrics import is_article, stated
from lang.script import detect_language, to_simplified
from library.errors import UsageError
from library.records import Article

VALUE = {
    "id": "one",
    "question": "多少家？",
    "language": "zh",
    "kind": "value",
    "accept": "3000家",
    "article": "jiangmen",
    "why": "because",
}


def write(folder: Path, *entries: dict[str, str]) -> Path:
    """A file of entries whose values are YAML as it stands; None leaves a key out."""
    lines = []
    for entry in entries:
        given = [f"{key}: {value}" for key, value in (VALUE | entry).items() if value is not None]
        lines.append("- " + "\n  ".join(given))
    path = folder / "mine.yaml"
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_the_project_has_twenty_facts_of_all_kinds_in_both_languages(facts: list[Fact]) -> None:
    assert len(facts) == 20
    assert Counter(fact.language for fact in facts) == {"en": 10, "zh": 10}
    assert Counter(fact.kind for fact in facts) == {"value": 8, "name": 4, "list": 2, "refusal": 6}
    assert (facts[0].articles[0], facts[0].accept) == ("jiangmen_2024_work_meeting", (("3000家",),))
    assert all(detect_language(fact.question) == fact.language for fact in facts)
    assert any(to_simplified(fact.question) != fact.question for fact in facts)


def test_every_accepted_article_bears_what_its_fact_accepts(facts: list[Fact], articles: list[Article]) -> None:
    for fact in facts:
        for name in fact.articles:
            (article,) = [a for a in articles if is_article(a.uri, name)]
            assert stated(article.body, fact) >= fact.at_least, f"{fact.id}: {name}"


def test_aliases_lists_and_refusals_are_read(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {},
        {"id": "two", "kind": "name", "accept": "[刘长虹, Liu Changhong]", "article": "[a, b]"},
        {"id": "three", "kind": "list", "accept": "[智能装备, [家电, appliances]]", "at_least": "1"},
        {"id": "four", "kind": "list", "accept": "[x, y]"},
        {"id": "five", "kind": "refusal", "accept": None, "article": None},
    )
    value, name, listed, whole, refusal = load_facts(path)
    assert (value.accept, value.articles, value.expected) == ((("3000家",),), ("jiangmen",), "3000家")
    assert (name.accept, name.articles) == ((("刘长虹", "Liu Changhong"),), ("a", "b"))
    assert (listed.accept, listed.at_least) == ((("智能装备",), ("家电", "appliances")), 1)
    assert (whole.at_least, whole.expected) == (2, "x、y")
    assert not refusal.answerable and refusal.expected == "a refusal"


def test_scalars_stay_as_they_are_written(tmp_path: Path) -> None:
    first, second = load_facts(write(tmp_path, {"accept": "3.0"}, {"id": "no", "accept": "2024-04-15"}))
    assert (first.accept, second.accept, second.id) == ((("3.0",),), (("2024-04-15",),), "no")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"answer": "x"}, "mine.yaml, entry 1 (one): the key 'answer' is unknown"),
        ({"question": None}, "(one): the key 'question' is missing or is not text"),
        ({"why": "''"}, "(one): the key 'why' is missing or is not text"),
        ({"id": "[a]"}, "entry 1: the key 'id' is missing or is not text"),
        ({"language": "de"}, "(one): the key 'language' is 'de', not one of zh, en"),
        ({"kind": "number"}, "(one): the key 'kind' is 'number', not one of value, name, list, refusal"),
        ({"accept": None}, "(one): the key 'accept' is missing or is not text"),
        ({"accept": "[]"}, "(one): the key 'accept' is missing or is not text"),
        ({"accept": "many"}, "(one): the key 'accept' has no figure in 'many'"),
        ({"article": None}, "(one): the key 'article' is missing or is not text"),
        ({"kind": "list"}, "(one): the key 'accept' must be a list of items"),
        ({"kind": "list", "accept": "[a, {b: c}]"}, "(one): the key 'accept' is missing or is not text"),
        ({"kind": "list", "accept": "[a, b]", "at_least": "3"}, "the key 'at_least' must be a number from 1 to 2"),
        ({"kind": "list", "accept": "[a, b]", "at_least": "0"}, "the key 'at_least' must be a number from 1 to 2"),
        ({"at_least": "1"}, "(one): the key 'at_least' is for lists only"),
        ({"kind": "refusal"}, "(one): the key 'accept' makes no sense with a refusal"),
        ({"kind": "refusal", "accept": None}, "(one): the key 'article' makes no sense with a refusal"),
    ],
)  # fmt: skip
def test_an_entry_that_is_wrong_is_named_with_its_key(tmp_path: Path, entry: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as error:
        load_facts(write(tmp_path, entry))
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "mine.yaml holds no facts"),
        ("id: one", "mine.yaml holds no facts"),
        ("- just text", "mine.yaml, entry 1: it is not a mapping"),
        ("- id: one\n  question: [", "mine.yaml: line 2: not YAML"),
    ],
)
def test_a_file_that_is_no_list_of_entries_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError) as error:
        load_facts(path)
    assert said in str(error.value)


def test_ids_are_given_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"entry 2: the id 'one' is taken"):
        load_facts(write(tmp_path, {}, {}))


@pytest.mark.parametrize("name", ["missing.yaml", "gbk.yaml"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "gbk.yaml").write_bytes("- id: 江门".encode("gbk"))
    with pytest.raises(UsageError, match=name):
        load_facts(tmp_path / name)


@pytest.mark.parametrize("written", ["80亿元", "RMB 8 billion", "8 billion yuan", "8000000000 money"])
def test_an_accepted_value_is_a_quantity_however_it_is_written(written: str) -> None:
    assert [(int(q.value), q.kind) for q in read_figures(written)] == [(8_000_000_000, "money")]
