"""Running facts: a perfect assistant scores 1, each way of spoiling it lowers the score it should."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval import SAMPLE_FACTS, Evaluation, Fact, RunStore, ask_missing, describe, evaluate, load_facts, samples_library
from eval.selection import Selection
from eval.systems import KejianSystem
from library.errors import ModelUnreachable, UsageError
from library.records import Answer
from rag import Assistant

PERFECT = ("accuracy", "citation_accuracy", "refusal_precision", "refusal_recall", "quotes_exact")
RunOf = Callable[..., Evaluation]


def fallen(evaluation: Evaluation) -> set[str]:
    """The scores that are below those of a perfect assistant."""
    return {name for name in PERFECT if (evaluation.measured()["all"][name] or 0.0) < 1.0}


def spoil(assistant: Any, question: str, **changes: Any) -> None:
    """Changes a scripted answer's sentences and citations; a change is a function of the answer."""
    said: Answer = assistant.script[question]
    assistant.script[question] = replace(said, **{name: change(said) for name, change in changes.items()})


def test_a_perfect_assistant_has_perfect_scores(assistant: Any, facts: list[Fact], run_of: RunOf) -> None:
    run = run_of(assistant, facts)
    assert [row.verdict.reason for row in run.judged["kejian"] if row.verdict.reason] == []
    assert fallen(run) == set()


def test_a_wrong_figure_lowers_accuracy_and_citations(assistant: Any, facts: list[Fact], run_of: RunOf) -> None:
    def wrong(said: Answer) -> tuple[Any, ...]:
        return tuple(replace(s, text=s.text.replace("3000", "30000")) for s in said.sentences)

    spoil(assistant, facts[0].question, sentences=wrong)
    run = run_of(assistant, facts)
    assert fallen(run) == {"accuracy", "citation_accuracy"}
    assert run.judged["kejian"][0].verdict.reason == "does not state 3000家"


def test_a_citation_of_the_neighbouring_passage_lowers_citations_only(
    assistant: Any, facts: list[Fact], run_of: RunOf
) -> None:
    def shifted(said: Answer) -> tuple[Any, ...]:
        next_one = {c.n: said.citations[c.n % len(said.citations)] for c in said.citations}
        return tuple(replace(next_one[c.n], n=c.n) for c in said.citations if "3000" not in next_one[c.n].quote)

    spoil(assistant, facts[0].question, citations=shifted)
    assert fallen(run_of(assistant, facts)) == {"citation_accuracy"}


def test_a_span_that_is_off_by_one_lowers_citations_only(assistant: Any, facts: list[Fact], run_of: RunOf) -> None:
    def off(said: Answer) -> tuple[Any, ...]:
        return tuple(replace(c, start=c.start + 1, end=c.end + 1) for c in said.citations)

    spoil(assistant, facts[0].question, citations=off)
    assert fallen(run_of(assistant, facts)) == {"citation_accuracy", "quotes_exact"}


def test_a_missing_refusal_lowers_refusal_recall_only(assistant: Any, facts: list[Fact], run_of: RunOf) -> None:
    unanswerable = next(fact for fact in facts if not fact.answerable)
    assistant.script[unanswerable.question] = assistant.script[facts[0].question]
    run = run_of(assistant, facts)
    assert fallen(run) == {"refusal_recall"}
    assert run.measured()["all"]["refusal_recall"] == pytest.approx(5 / 6)


def test_a_needless_refusal_lowers_everything_but_refusal_recall(
    assistant: Any, facts: list[Fact], run_of: RunOf
) -> None:
    del assistant.script[facts[0].question]
    assert fallen(run_of(assistant, facts)) == {"accuracy", "citation_accuracy", "refusal_precision"}


@pytest.mark.parametrize("error", [ModelUnreachable("It does not answer."), ZeroDivisionError("oops")])
def test_a_failing_question_is_recorded_and_the_rest_go_on(
    assistant: Any, facts: list[Fact], run_of: RunOf, error: Exception
) -> None:
    unanswerable = next(fact for fact in facts if not fact.answerable)
    for fact in (facts[0], unanswerable):
        assistant.script[fact.question] = error
    run = run_of(assistant, facts)
    rows = {row["id"]: row for row in run.to_dict()["results"]}
    assert len(rows) == 20
    first = rows[facts[0].id]
    assert (first["status"], first["correct"], first["cited_right"], first["answer"]) == ("failed", False, False, "")
    assert first["reason"] == f"{type(error).__name__}: {error}"
    assert rows[unanswerable.id]["cited_right"] is None
    assert run.measured()["all"]["failures"] == pytest.approx(2 / 20)
    assert fallen(run) == {"accuracy", "citation_accuracy", "refusal_recall"}


def test_a_run_is_json_and_names_the_articles_cited(assistant: Any, facts: list[Fact], run_of: RunOf) -> None:
    seen: list[tuple[int, int, str]] = []
    run = json.loads(json.dumps(run_of(assistant, facts, lambda *a: seen.append(a)).to_dict(), ensure_ascii=False))
    assert seen[0] == (1, 20, facts[0].id) and seen[-1] == (20, 20, facts[-1].id)
    assert (run["model"], run["scores"]["accuracy"], run["scores"]["questions"]) == ("none", 1.0, 20)
    assert run["systems"]["kejian"]["overall"]["accuracy"]["n"] == 14
    cited = {row["id"]: row["cited"] for row in run["results"]}
    assert cited["jiangmen-high-tech"] == ["jiangmen_2024_work_meeting"]
    assert cited["yunchuan-contracts-traditional"] == ["yunchuan_bulletins#yc-2026-0120"]


def test_an_assistant_without_a_library_is_refused(scripted: Any, facts: list[Fact]) -> None:
    with pytest.raises(UsageError, match="Open one"):
        describe(scripted(None, {}), Selection(tuple(facts), (), ""), ["kejian"], SAMPLE_FACTS)


def test_a_stopped_run_goes_on_where_it_was(assistant: Any, facts: list[Fact], tmp_path: Path) -> None:
    store, stopped = RunStore(tmp_path), facts[3].question
    info = describe(assistant, Selection(tuple(facts), (), "all"), ["kejian"], SAMPLE_FACTS)
    run = store.start(info, SAMPLE_FACTS)
    said, assistant.script[stopped] = assistant.script[stopped], KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        ask_missing(run, [KejianSystem(assistant)])
    assistant.script[stopped] = said
    with (run.folder / "outcomes.jsonl").open("a") as file:
        file.write('{"id": "torn')  # as a kill leaves it
    again = store.unfinished(info)
    assert again is not None and len(again.missing()) == 17
    asked: list[str] = []
    ask_missing(again, [KejianSystem(assistant)], lambda done, of, id: asked.append(f"{done}/{of} {id}"))
    assert asked[0] == f"4/20 {facts[3].id}" and len(asked) == 17
    assert fallen(evaluate(again)) == set() and store.unfinished(info) is None


def test_a_run_with_other_settings_is_another_run(assistant: Any, facts: list[Fact], tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    info = describe(assistant, Selection(tuple(facts), (), "all"), ["kejian"], SAMPLE_FACTS)
    store.start(info, SAMPLE_FACTS)
    assert store.unfinished(info) is not None
    other = replace(info, settings={**info.settings, "retrieval": {}})
    assert store.unfinished(other) is None and other.unlike(info) == ["settings"]


@pytest.mark.models
def test_four_facts_end_to_end(tmp_path: Path, run_of: RunOf) -> None:
    chosen = {"suizhou-contracts", "yunchuan-corrected-intensity", "jiangmen-chair", "film-box-office"}
    facts = [fact for fact in load_facts() if fact.id in chosen]
    with samples_library(tmp_path / "shelf") as library:
        run = run_of(Assistant(library), facts)
    assert [row.verdict.reason for row in run.judged["kejian"] if row.verdict.reason] == []
    assert fallen(run) == set()
    assert all(row.outcome and row.outcome.prompt_tokens for row in run.judged["kejian"] if row.fact.answerable)
