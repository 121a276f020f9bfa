"""Reading a file of facts, and what is said of one that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval import SAMPLE_FACTS, Gold, load_facts
from eval.facts import read_figures
from library.errors import UsageError

VALUE: dict[str, str | None] = {
    "id": "one",
    "question": "多少家？",
    "language": "zh",
    "kind": "value",
    "accept": "3000家",
    "article": "jiangmen",
    "why": "because",
}


EN: dict[str, str | None] = {"language": "en"}
REFUSAL: dict[str, str | None] = {"id": "no", "kind": "refusal", "accept": None, "article": None}


def write(folder: Path, *entries: dict[str, str | None]) -> Path:
    """A file of entries whose values are YAML as it stands; None leaves a key out."""
    lines = []
    for entry in entries:
        given = [f"{key}: {value}" for key, value in (VALUE | entry).items() if value is not None]
        lines.append("- " + "\n  ".join(given))
    path = folder / "mine.yaml"
    path.write_text("\n".join(lines), "utf-8")
    return path


def gold(items: str) -> dict[str, str | None]:
    return {"article": None, "gold": items}


def test_aliases_lists_and_refusals_are_read(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {},
        {"id": "two", "kind": "name", "accept": "[刘长虹, Liu Changhong]", "article": "[a, b]"},
        {"id": "three", "kind": "list", "accept": "[智能装备, [家电, appliances]]", "at_least": "1"},
        {"id": "four", "kind": "list", "accept": "[x, y]"},
        REFUSAL,
    )
    value, name, listed, whole, refusal = load_facts(path)
    assert (value.accept, value.gold, value.expected) == ((("3000家",),), (Gold("jiangmen"),), "3000家")
    assert (name.accept, name.articles) == ((("刘长虹", "Liu Changhong"),), ("a", "b"))
    assert (listed.accept, listed.at_least) == ((("智能装备",), ("家电", "appliances")), 1)
    assert (whole.at_least, whole.expected) == (2, "x、y")
    assert not refusal.answerable and refusal.expected == "a refusal"


def test_gold_is_read_with_its_quotes_and_spans(tmp_path: Path) -> None:
    given = '[{article: a, quote: " 达3000家。 "}, {article: b, span: [7, 12]}, {article: a, quote: 3000家}]'
    (fact,) = load_facts(write(tmp_path, {"article": None, "gold": given}))
    assert fact.gold == (Gold("a", "达3000家。"), Gold("b", span=(7, 12)), Gold("a", "3000家"))
    assert fact.articles == ("a", "b")


def test_halves_pairs_and_near_misses_are_read(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {},
        {"id": "two", "half": "held", "pair": "p"},
        {"id": "three", "half": "held", "pair": "p", "language": "en"},
        REFUSAL | {"near": "another year's"},
    )
    assert [(f.half, f.pair, f.near) for f in load_facts(path)] == [
        ("open", "", ""), ("held", "p", ""), ("held", "p", ""), ("open", "", "another year's"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ([{}], "pair 'p' (0): a pair is one question in Chinese and the same in English"),
        ([{}, {}], "pair 'p' (0, 1): a pair is one question in Chinese and the same in English"),
        ([{}, EN, {}], "pair 'p' (0, 1, 2): a pair is one question in Chinese and the same in English"),
        ([{}, EN | {"half": "held"}], "pair 'p' (0, 1): both questions of a pair must be in the same half"),
    ],
)
def test_a_pair_that_is_none_is_refused(tmp_path: Path, pair: list[dict[str, str | None]], said: str) -> None:
    path = write(tmp_path, *({"id": str(n), "pair": "p"} | entry for n, entry in enumerate(pair)))
    with pytest.raises(UsageError) as error:
        load_facts(path)
    assert said in str(error.value)


def test_the_head_of_the_projects_file_has_an_entry_to_start_from(tmp_path: Path) -> None:
    head = SAMPLE_FACTS.read_text("utf-8").partition("\n\n")[0]
    lines = [line.removeprefix("#") for line in head.splitlines()]
    start = next(n for n, line in enumerate(lines) if line.strip().startswith("- id:"))
    (tmp_path / "mine.yaml").write_text("\n".join(lines[start:]), "utf-8")
    (fact,) = load_facts(tmp_path / "mine.yaml")
    assert fact.accept == (("5家", "five incubators"),) and fact.articles == ("2024-04-15-meeting", "news#17")


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
        (REFUSAL | {"gold": "[]"}, "(no): the key 'gold' makes no sense with a refusal"),
        (REFUSAL | {"at_least": "1"}, "(no): the key 'at_least' makes no sense with a refusal"),
        (REFUSAL | {"near": "''"}, "(no): the key 'near' is missing or is not text"),
        ({"near": "x"}, "(one): the key 'near' is for refusals only"),
        ({"half": "secret"}, "(one): the key 'half' is 'secret', not one of open, held"),
        ({"pair": "[p]"}, "(one): the key 'pair' is missing or is not text"),
        ({"gold": "[{article: a, quote: q}]"}, "(one): the keys 'gold' and 'article' say the same; give one of them"),
        (gold("jiangmen"), "(one): the key 'gold' must be a list of mappings"),
        (gold("[]"), "(one): the key 'gold' must be a list of mappings"),
        (gold("[jiangmen]"), "(one): the key 'gold' must be a list of mappings"),
        (gold("[{article: a}]"), "(one), gold: 'a' needs either a quote or a span"),
        (gold("[{article: a, quote: q, span: [1, 2]}]"), "(one), gold: 'a' needs either a quote or a span"),
        (gold("[{quote: q}]"), "(one), gold: the key 'article' is missing or is not text"),
        (gold("[{article: a, quote: ''}]"), "(one), gold: the key 'quote' is missing or is not text"),
        (gold("[{article: a, text: q}]"), "(one), gold: the key 'text' is unknown"),
        (gold("[{article: a, span: 7}]"), "(one), gold: the key 'span' must be two numbers of characters"),
        (gold("[{article: a, span: [1, 2, 3]}]"), "(one), gold: the key 'span' must be two numbers of characters"),
        (gold("[{article: a, span: [-1, 2]}]"), "(one), gold: the key 'span' must be two numbers of characters"),
        (gold("[{article: a, span: [5, 5]}]"), "(one), gold: the key 'span' ends at 5, not after its start at 5"),
    ],
)  # fmt: skip
def test_an_entry_that_is_wrong_is_named_with_its_key(tmp_path: Path, entry: dict[str, str | None], said: str) -> None:
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
