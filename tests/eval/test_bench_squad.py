"""The squad benchmark on a set of four paragraphs: what is found, what is right, what is refused, what is resumed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from eval.bench.answered import Expected, answer_scores, mark, refusal_scores
from eval.bench.questions import load_squad
from eval.bench.references import f1, holds, is_right, tokens
from eval.bench.shelf import open_shelf, without
from eval.bench.squad import SquadPlan, SquadRun, run_squad
from eval.outcome import Outcome
from library import Settings
from library.errors import UsageError
from library.records import Answer, Citation, Sentence
from tests.fakes import FakeEncoder, ScriptedModel
from ui.bench import squad_text
from ui.cli import cli

PARAGRAPHS = {
    "滨海市港口改造工程于去年三月动工，由交通局负责。改造后码头年吞吐量预计达到420万吨，可停靠十万吨级货轮。": [
        ("改造后码头年吞吐量预计达到多少？", "420万吨", "How much will the port handle a year?", "4.2 million tons"),
        ("滨海市港口改造工程由谁负责？", "交通局", "Who is in charge of rebuilding the port?", "the Transport Bureau"),
    ],
    "青岭县今年新建果园1200亩。果园主要种植脐橙和柚子，当地农户组成了三家合作社。": [
        ("青岭县今年新建果园多少亩？", "1200亩", "How many mu of orchards did Qingling plant?", "1,200 mu"),
        ("青岭县果园主要种植什么？", "脐橙和柚子", "What grows in the orchards?", "navel oranges and pomelos"),
    ],
    "云州图书馆新馆下月开放。新馆藏书约80万册，设有儿童阅览区和录音室。": [
        ("云州图书馆新馆藏书约多少册？", "80万册", "How many books has the new library?", "800,000"),
    ],
    "古城博物馆展出了两件铜镜，其中一件出土于白石村，背面刻有莲花纹。": [
        ("古城博物馆的铜镜背面刻有什么纹？", "莲花纹", "What is on the back of the mirror?", "a lotus pattern"),
    ],
}  # fmt: skip
PARAGRAPH = dict(enumerate(PARAGRAPHS))


def squad(language: str, **changes: Any) -> dict[str, Any]:
    rows = [
        {
            "context": context,
            "qas": [
                {"id": f"{n}-{i}", "question": row[at], "answers": [{"text": row[at + 1], "answer_start": 0}] * 2}
                for i, row in enumerate(rows)
                for at in [0 if language == "zh" else 2]
            ],
        }
        for n, (context, rows) in enumerate(PARAGRAPHS.items())
    ]
    return {"version": "1", "data": [{"title": "t", "paragraphs": rows[:2]}, {"title": "u", "paragraphs": rows[2:]}]}


@pytest.fixture
def zh(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.zh.json"
    path.write_text(json.dumps(squad("zh"), ensure_ascii=False), "utf-8")
    return path


@pytest.fixture
def en(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.en.json.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        json.dump(squad("en"), file)
    return path


class QuotingModel(ScriptedModel):
    """Answers with the first source that it is shown, cited, or says in so many words that nothing is there."""

    def __init__(self, refuse: bool = False) -> None:
        super().__init__()
        self.refuse = refuse

    def stream(self, messages: Sequence[tuple[str, str]], max_tokens: int) -> Iterator[str]:
        self.prompts.append(list(messages))
        shown = messages[-1][1]
        source = next(text for text in PARAGRAPHS if any(part and part in shown for part in text.split("。")))
        said = next(part for part in source.split("。") if part in shown)
        yield "资料中没有提到。" if self.refuse else f"{said}[1]。"


def run(path: Path, plan: SquadPlan, model: ScriptedModel | None = None, **options: Any) -> SquadRun:
    settings = Settings(cache=path.parent / "cache", runs=path.parent / "runs", llm={"model": "none"})
    return run_squad(path, plan, settings=settings, encoder=FakeEncoder(), model=model, **options)


def ids(file: Path) -> list[str]:
    return [json.loads(line)["id"] for line in file.read_text("utf-8").splitlines()]


# Reading ---------------------------------------------------------------------------------------------------


def test_a_set_is_read_and_paired_with_its_translation(zh: Path, en: Path) -> None:
    corpus = load_squad(zh, en)
    assert corpus.paragraphs == tuple(PARAGRAPHS) and len(corpus.questions) == 6
    third = corpus.questions[2]
    assert (third.id, third.paragraph, third.text) == ("1-0", 1, "How many mu of orchards did Qingling plant?")
    assert (third.references, third.accepted) == (("1200亩",), ("1,200 mu",))


def test_questions_without_an_answer_are_left_out(zh: Path) -> None:
    given = squad("zh")
    given["data"][0]["paragraphs"][0]["qas"][0]["answers"] = []
    del given["data"][0]["paragraphs"][0]["qas"][1]["answers"]
    zh.write_text(json.dumps(given), "utf-8")
    assert [q.id for q in load_squad(zh).questions] == ["1-0", "1-1", "2-0", "3-0"]


@pytest.mark.parametrize("text", ["", "[]", '{"data": [{"paragraphs": [{"qas": []}]}]}', '{"data": []}', "\xff"])
def test_a_file_of_another_form_is_told(zh: Path, text: str) -> None:
    zh.write_text(text, "latin-1")
    with pytest.raises(UsageError, match=r"SQuAD|must look like|UTF-8"):
        load_squad(zh)


def test_a_translation_of_other_questions_is_told(zh: Path, en: Path) -> None:
    given = squad("zh")
    given["data"].reverse()
    zh.write_text(json.dumps(given), "utf-8")
    with pytest.raises(UsageError, match="same order"):
        load_squad(zh, en)


# References ------------------------------------------------------------------------------------------------


def test_tokens_fold_script_width_and_thousands() -> None:
    assert tokens("達１,２００畝，the Café") == ["达", "1200", "亩", "café"]


@pytest.mark.parametrize(
    ("text", "reference", "right"),
    [
        ("港口年吞吐量为420万吨。", "420万吨", True),
        ("港口年吞吐量为4200万吨。", "420万吨", False),
        ("由交通局負責。", "交通局负责", True),
        ("It is the Transport Bureau.", "Transport Bureau", True),
        ("Transportation.", "transport", False),
        ("It transports.", "transport", True),
        ("种植脐橙柚子", "脐橙和柚子", True),  # F1 8/11
        ("种植水稻", "脐橙和柚子", False),
        ("什么都有", "。", False),
    ],
)
def test_right_is_containing_a_reference_or_being_near_it(text: str, reference: str, right: bool) -> None:
    assert is_right(text, [reference]) == right


def test_f1_is_that_of_bags_of_tokens() -> None:
    assert f1("甲乙丙丁", ["甲乙"]) == pytest.approx(2 * 2 / 6)
    assert f1("甲甲", ["甲"]) == pytest.approx(2 / 3) and f1("", ["甲"]) == 0 == f1("甲", [])
    assert holds("甲、乙", ["甲乙"]) and not holds("甲丙乙", ["甲乙"])


@pytest.mark.parametrize(
    ("text", "figure", "right"),
    [
        ("It handles 4.2 million tons.", "420万吨", True),
        ("It handles 4.2 billion tons.", "420万吨", False),
        ("In 2015 there were nine of them.", "卡罗来纳队在2015年", False),  # a reference that is more than its figure
        ("It is one of them.", "一个", False),
    ],
)
def test_a_figure_counts_in_another_language(text: str, figure: str, right: bool) -> None:
    assert is_right(text, ["no such words"], [figure]) == right


# Judging ---------------------------------------------------------------------------------------------------


def outcome(text: str, quote: str, uri: str = "f#1", *, supported: bool = True, status: Any = "answered") -> Outcome:
    cited = (Citation(1, "a", "", "", "", uri, 0, len(quote), quote, 0, len(quote)),)
    said = (Sentence(text, (1,), supported, "none"),)
    answer = Answer("问", "zh", status, text, said, cited if status != "not_found" else (), "m", 0.0)
    return Outcome("q", "问", "kejian", answer.to_dict(), seconds=2.0, prompt_tokens=30, output_tokens=4)


EXPECTED = Expected(("1200亩",), ("1200亩",), lambda uri: uri.endswith("#1"))


def test_an_answer_is_marked_by_what_it_says_and_cites() -> None:
    good = mark(outcome("新建1200亩[1]。", "新建果园1200亩。"), EXPECTED)
    assert (good.right, good.quoted, good.citations, good.of_source, good.misquoted) == (True, True, 1, 1, 0)
    elsewhere = mark(outcome("新建1200亩[1]。", "别的话。", "f#2"), EXPECTED)
    assert (elsewhere.right, elsewhere.quoted, elsewhere.of_source) == (True, False, 0)
    misquoting = mark(replace(outcome("新建1200亩[1]。", "新建果园1200亩。"), misquoted=(1,)), EXPECTED)
    assert misquoting.misquoted == 1


def test_key_words_kept_in_the_sources_language_count_by_themselves() -> None:
    expected = Expected(("folk rock",), ("民谣摇滚",), lambda uri: True)
    kept = mark(outcome("They play rock (民谣摇滚)[1].", "他们演奏民谣摇滚。"), expected)
    assert (kept.right, kept.right_either) == (False, True)


def test_what_is_flagged_refused_or_failed_is_not_right() -> None:
    flagged = mark(outcome("新建1200亩[1]。", "新建果园1200亩。", supported=False), EXPECTED)
    assert (flagged.right, flagged.quoted, flagged.citations) == (False, False, 0)
    refusing = mark(outcome("没有1200亩", "x", status="not_found"), EXPECTED)
    assert (refusing.right, refusing.refused) == (False, True)
    failed = mark(Outcome("q", "问", "kejian", error="ModelError: down"), EXPECTED)
    assert (failed.right, failed.failed) == (False, True)


def test_scores_count_what_they_say() -> None:
    outcomes = [
        outcome("新建1200亩[1]。", "新建果园1200亩。"),
        outcome("新建1200亩[1]。", "别的话。", "f#2"),
        outcome("没有", "", status="not_found"),
        Outcome("q", "问", "kejian", error="down"),
    ]
    scores = answer_scores([mark(o, EXPECTED) for o in outcomes], outcomes)
    values = {name: (score.value, score.n) for name, score in scores.items()}
    assert values["right"] == (0.5, 4) and values["refused"] == (0.25, 4) and values["failures"] == (0.25, 4)
    assert values["quotes_hold"] == (0.5, 2) and values["citations_gold"] == (0.5, 2)
    assert values["quotes_exact"] == (1.0, 2) and values["prompt_tokens_median"] == (30.0, 3)
    refusals = refusal_scores(outcomes)
    assert refusals["refused"].value == 0.25 and refusals["seconds_median"].value == 2.0


# Running ---------------------------------------------------------------------------------------------------


def test_retrieval_counts_paragraphs_and_measures_each_index(zh: Path) -> None:
    done = run(zh, SquadPlan())
    assert (done.paragraphs, done.total, done.answers, done.unanswerable) == (4, 6, {}, {})
    assert set(done.retrieval) == {"kejian", "bm25", "dense"}
    for scores in done.retrieval.values():
        assert set(scores) == {"ndcg@10", "recall@1", "recall@10", "mrr@10"}
        assert scores["recall@1"]["n"] == 6
    assert done.retrieval["bm25"]["recall@1"]["value"] == 1.0 == done.retrieval["kejian"]["ndcg@10"]["value"]


def test_a_wrong_order_lowers_what_it_should(zh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from eval.bench.shelf import Shelf

    real = Shelf.ranked
    monkeypatch.setattr(Shelf, "ranked", lambda self, found, k: [99, *real(self, found, k)])
    scores = run(zh, SquadPlan()).retrieval["bm25"]
    assert scores["recall@1"]["value"] == 0.0 and scores["recall@10"]["value"] == 1.0
    assert scores["mrr@10"]["value"] == 0.5 and scores["ndcg@10"]["value"] == pytest.approx(0.6309, abs=1e-4)


def test_a_sample_is_drawn_by_the_seed(zh: Path) -> None:
    def asked(seed: int) -> list[str]:
        folder = Path(run(zh, SquadPlan(sample=3, seed=seed)).folder)
        return ids(folder / "retrieval.jsonl")[::3]

    assert asked(1) == asked(1) and len(asked(1)) == 3
    assert len({tuple(asked(seed)) for seed in range(4)}) > 1


def test_answers_are_judged_and_the_homeless_refused(zh: Path) -> None:
    done = run(zh, SquadPlan(answers=6, unanswerable=0), QuotingModel())
    scores = {name: score["value"] for name, score in done.answers["kejian"].items()}
    assert scores["right"] >= 4 / 6 and scores["quotes_exact"] == 1.0 and scores["failures"] == 0.0
    assert scores["quotes_hold"] == 1.0
    refusing = run(zh, SquadPlan(answers=2, unanswerable=2), QuotingModel(refuse=True))
    assert refusing.unanswerable["kejian"]["refused"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 2}
    assert refusing.answers["kejian"]["right"]["value"] == 0.0
    folder = Path(refusing.folder)
    assert not set(ids(folder / "answers.jsonl")) & set(ids(folder / "unanswerable.jsonl"))
    assert json.loads((folder / "scores.json").read_text("utf-8"))["bench"] == "squad"


def test_english_questions_are_judged_by_english_references_and_figures(zh: Path, en: Path) -> None:
    done = run(zh, SquadPlan(answers=6), other=en)
    assert done.questions == "tiny.en.json.gz" and done.answers["kejian"]["right"]["n"] == 6


def test_peers_answer_the_same_questions_and_may_be_added_later(zh: Path) -> None:
    alone = run(zh, SquadPlan(answers=2, unanswerable=2), QuotingModel())
    model = QuotingModel()
    both = run(zh, SquadPlan(answers=2, unanswerable=2, peers=True), model)
    assert both.folder == alone.folder and both.answers["kejian"] == alone.answers["kejian"]
    assert list(both.answers) == ["kejian", "llama_index_citation"] == list(both.unanswerable)
    assert both.answers["llama_index_citation"]["failures"]["value"] == 0.0
    assert len(model.prompts) == 4
    assert "llama_index_citation" in squad_text(both) and "Kept in" in squad_text(both)


def test_a_stopped_run_goes_on_and_an_equal_one_asks_nothing(zh: Path) -> None:
    plan = SquadPlan(answers=4)
    whole = run(zh, plan, QuotingModel())
    file = Path(whole.folder) / "answers.jsonl"
    lines = file.read_bytes().split(b"\n")
    file.write_bytes(b"\n".join(lines[:2]) + b"\n" + lines[2][:40])  # killed while writing the third
    model = QuotingModel()
    again = run(zh, plan, model)
    assert ids(file) == [json.loads(line)["id"] for line in lines[:4]]
    assert again.answers["kejian"]["right"] == whole.answers["kejian"]["right"]
    assert 0 < len(model.prompts) <= 4  # two questions, either written twice at most
    idle = QuotingModel()
    run(zh, plan, idle)
    assert idle.prompts == []


def test_a_plan_that_asks_too_much_is_told(zh: Path) -> None:
    with pytest.raises(UsageError, match="fewer than --answers"):
        run(zh, SquadPlan(answers=7))
    with pytest.raises(UsageError, match="half of the 4"):
        run(zh, SquadPlan(unanswerable=3))


def test_a_shelf_without_a_paragraph_lacks_its_copies_too(tmp_path: Path) -> None:
    copy = PARAGRAPH[0].replace("由交通局负责", "由市交通局负责")
    settings = Settings(cache=tmp_path)
    with open_shelf([PARAGRAPH[0], PARAGRAPH[1], copy], settings, FakeEncoder()) as shelf:
        assert shelf.leading == (2, 1, 2)  # the longer leads
        found = shelf.library.search("港口", by="dense", k=10)
        assert sorted(shelf.ranked(found, 10)) == [1, 2]
    with without(shelf, {0}) as reduced:
        assert [row.uri.rpartition("#")[2] for row in reduced.library.articles()] == ["1"]
    with open_shelf([PARAGRAPH[0], PARAGRAPH[1], copy], settings, FakeEncoder()) as whole:
        assert len(whole.library) == 3


def test_the_command_refuses_what_the_benchmark_has_no_use_for(zh: Path) -> None:
    result = CliRunner().invoke(cli, ["eval", "bench", "squad", str(zh), "--damage", "gbk"])
    assert isinstance(result.exception, UsageError) and "no use for --damage" in str(result.exception)
    result = CliRunner().invoke(cli, ["eval", "bench", "clean", str(zh), "--answers", "3"])
    assert isinstance(result.exception, UsageError) and "no use for --answers" in str(result.exception)
