"""Running facts: a perfect assistant scores 1, each way of spoiling it lowers the score it should."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval import Fact, load_facts, run_facts, samples_library
from eval.run import FactScores
from library import Library
from library.errors import ModelUnreachable, UsageError
from library.records import Answer
from rag import Assistant

PERFECT = {"accuracy": 1.0, "citation_accuracy": 1.0, "refusal_precision": 1.0, "refusal_recall": 1.0}


def fallen(scores: FactScores) -> set[str]:
    """The scores that are below those of a perfect assistant."""
    got = scores.to_dict()
    return {name for name, best in PERFECT.items() if got[name] < best}


def spoil(assistant: Any, question: str, **changes: Any) -> None:
    """Changes a scripted answer's sentences and citations; a change is a function of the answer."""
    said: Answer = assistant.script[question]
    assistant.script[question] = replace(said, **{name: change(said) for name, change in changes.items()})


def test_a_perfect_assistant_has_perfect_scores(assistant: Any, facts: list[Fact]) -> None:
    run = run_facts(assistant, facts)
    assert [r.to_dict() for r in run.results if r.verdict.reason] == []
    assert run.scores == FactScores(questions=20, answerable=14, **PERFECT)


def test_a_wrong_figure_lowers_accuracy_and_citations(assistant: Any, facts: list[Fact]) -> None:
    def wrong(said: Answer) -> tuple[Any, ...]:
        return tuple(replace(s, text=s.text.replace("3000", "30000")) for s in said.sentences)

    spoil(assistant, facts[0].question, sentences=wrong)
    run = run_facts(assistant, facts)
    assert fallen(run.scores) == {"accuracy", "citation_accuracy"}
    assert run.results[0].verdict.reason == "does not state 3000家"


def test_a_citation_of_the_neighbouring_passage_lowers_citations_only(assistant: Any, facts: list[Fact]) -> None:
    def shifted(said: Answer) -> tuple[Any, ...]:
        next_one = {c.n: said.citations[c.n % len(said.citations)] for c in said.citations}
        return tuple(replace(next_one[c.n], n=c.n) for c in said.citations if "3000" not in next_one[c.n].quote)

    spoil(assistant, facts[0].question, citations=shifted)
    assert fallen(run_facts(assistant, facts).scores) == {"citation_accuracy"}


def test_a_span_that_is_off_by_one_lowers_citations_only(assistant: Any, facts: list[Fact]) -> None:
    def off(said: Answer) -> tuple[Any, ...]:
        return tuple(replace(c, start=c.start + 1, end=c.end + 1) for c in said.citations)

    spoil(assistant, facts[0].question, citations=off)
    assert fallen(run_facts(assistant, facts).scores) == {"citation_accuracy"}


def test_a_missing_refusal_lowers_refusal_recall_only(assistant: Any, facts: list[Fact]) -> None:
    unanswerable = next(fact for fact in facts if not fact.answerable)
    assistant.script[unanswerable.question] = assistant.script[facts[0].question]
    run = run_facts(assistant, facts)
    assert fallen(run.scores) == {"refusal_recall"}
    assert run.scores.refusal_recall == pytest.approx(5 / 6)


def test_a_needless_refusal_lowers_everything_but_refusal_recall(assistant: Any, facts: list[Fact]) -> None:
    del assistant.script[facts[0].question]
    assert fallen(run_facts(assistant, facts).scores) == {"accuracy", "citation_accuracy", "refusal_precision"}


@pytest.mark.parametrize("error", [ModelUnreachable("It does not answer."), ZeroDivisionError("oops")])
def test_a_failing_question_is_recorded_and_the_rest_go_on(assistant: Any, facts: list[Fact], error: Exception) -> None:
    unanswerable = next(fact for fact in facts if not fact.answerable)
    for fact in (facts[0], unanswerable):
        assistant.script[fact.question] = error
    run = run_facts(assistant, facts)
    rows = {row["id"]: row for row in run.to_dict()["results"]}
    assert len(rows) == 20
    assert rows[facts[0].id] | {"seconds": 0} == {
        "id": "jiangmen-high-tech",
        "kind": "value",
        "question": facts[0].question,
        "expected": "3000家",
        "answer": "",
        "status": "failed",
        "cited": [],
        "correct": False,
        "cited_right": False,
        "reason": f"{type(error).__name__}: {error}",
        "seconds": 0,
    }
    assert rows[unanswerable.id]["cited_right"] is None
    assert fallen(run.scores) == {"accuracy", "citation_accuracy", "refusal_recall"}


def test_a_run_is_json_and_names_the_articles_cited(assistant: Any, facts: list[Fact]) -> None:
    seen: list[tuple[int, int, str]] = []
    run = json.loads(json.dumps(run_facts(assistant, facts, lambda *a: seen.append(a)).to_dict(), ensure_ascii=False))
    assert seen[0] == (1, 20, facts[0].id) and seen[-1] == (20, 20, facts[-1].id)
    assert (run["model"], run["scores"]["accuracy"]) == ("none", 1.0)
    cited = {row["id"]: row["cited"] for row in run["results"]}
    assert cited["jiangmen-high-tech"] == ["jiangmen_2024_work_meeting"]
    assert cited["yunchuan-contracts-traditional"] == ["yunchuan_bulletins#yc-2026-0120"]


def test_an_assistant_without_a_library_is_refused(scripted: Any, facts: list[Fact]) -> None:
    with pytest.raises(UsageError, match="Open one"):
        run_facts(scripted(None, {}), facts)


def test_an_answer_from_an_article_that_is_gone_is_recorded(
    scripted: Any, shelf: Library, fact: Any, answer: Any
) -> None:
    run = run_facts(scripted(shelf, {"多少家？": answer("3000家[1]", "3000家")}), [fact()])
    assert run.results[0].verdict.reason.startswith("NotFoundError")


@pytest.mark.models
def test_four_facts_end_to_end(tmp_path: Path) -> None:
    chosen = {"suizhou-contracts", "yunchuan-corrected-intensity", "jiangmen-chair", "film-box-office"}
    facts = [fact for fact in load_facts() if fact.id in chosen]
    with samples_library(tmp_path) as library:
        run = run_facts(Assistant(library), facts)
    assert [r.to_dict() for r in run.results if r.verdict.reason] == []
    assert run.scores == FactScores(questions=4, answerable=3, **PERFECT)
