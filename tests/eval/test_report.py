"""Reports and comparisons: their numbers are counted again here from the stored lines, by other means."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval import Evaluation, Fact, RunStore
from eval.compare import compare
from eval.report import report_html, write_report
from library.errors import UsageError
from library.records import Answer

RunOf = Callable[..., Evaluation]
HOSTILE = "<script>alert(1)</script></script><img src=x onerror=alert(2)>"


@pytest.fixture
def spoiled(assistant: Any, facts: list[Fact]) -> Any:
    """Wrong in four ways: a figure, a quote, a refusal that was due, one that was not."""
    wrong, off, needless = (fact.question for fact in facts[:3])
    due = next(fact.question for fact in facts if not fact.answerable)
    said: Answer = assistant.script[wrong]
    assistant.script[wrong] = replace(
        said, answer=HOSTILE, sentences=tuple(replace(s, text=s.text.replace("3000", "9")) for s in said.sentences)
    )
    said = assistant.script[off]
    assistant.script[off] = replace(said, citations=tuple(replace(c, start=c.start + 1) for c in said.citations))
    del assistant.script[needless]
    assistant.script[due] = assistant.script[facts[3].question]
    return assistant


def embedded(html: str) -> Any:
    found = re.search(r'<script type="application/json" id="scores">(.*?)</script>', html, re.S)
    assert found
    return json.loads(found[1])


def test_the_reports_numbers_are_those_of_the_stored_answers(
    spoiled: Any, facts: list[Fact], run_of: RunOf, tmp_path: Path
) -> None:
    evaluation = run_of(spoiled, facts)
    told = embedded(report_html(evaluation))
    lines = (tmp_path / "runs" / evaluation.info.id / "outcomes.jsonl").read_text("utf-8").splitlines()
    outcomes = {o["id"]: o for o in map(json.loads, lines)}
    answerable = {fact.id for fact in facts if fact.kind != "refusal"}
    refused = {id for id, o in outcomes.items() if o["answer"]["status"] == "not_found"}

    figure, quote, needless = (fact.id for fact in facts[:3])
    assert told["scores"]["accuracy"] == pytest.approx((len(answerable) - 2) / len(answerable))
    assert told["scores"]["refusal_precision"] == pytest.approx(len(refused - answerable) / len(refused))
    assert told["scores"]["refusal_recall"] == pytest.approx(
        len(refused - answerable) / (len(outcomes) - len(answerable))
    )
    cited = sum(len(o["answer"]["citations"]) for o in outcomes.values())
    exact = cited - sum(len(o["misquoted"]) for o in outcomes.values())
    assert told["scores"]["quotes_exact"] == pytest.approx(exact / cited) and exact < cited
    assert told["scores"]["seconds_median"] == pytest.approx(statistics.median(o["seconds"] for o in outcomes.values()))
    by_id = {row["id"]: row for row in told["results"]}
    assert not by_id[figure]["correct"] and not by_id[needless]["correct"]
    assert by_id[quote]["correct"] and not by_id[quote]["cited_right"]
    english = [f.id for f in facts if f.language == "en" and f.kind != "refusal"]
    right = [id for id in english if by_id[id]["correct"]]
    assert told["systems"]["kejian"]["slices"]["language"]["en"]["accuracy"]["value"] == pytest.approx(
        len(right) / len(english)
    )


def test_the_report_stands_alone_and_escapes_what_it_quotes(
    spoiled: Any, facts: list[Fact], run_of: RunOf, tmp_path: Path
) -> None:
    evaluation = run_of(spoiled, facts)
    write_report(tmp_path / "new" / "report.html", evaluation, compare(evaluation, evaluation))
    html = (tmp_path / "new" / "report.html").read_text("utf-8")
    assert "<img src=x" not in html and "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert not re.search(r'(?:src|href)="(?!#)', html) and "http-equiv" in html
    assert "<svg" in html and "does not state 3000家" in html


def test_a_report_that_cannot_be_written_says_so(
    assistant: Any, facts: list[Fact], run_of: RunOf, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="Name another file"):
        write_report(tmp_path / "file" / "report.html", run_of(assistant, facts[:2]))


def test_a_comparison_names_what_got_worse_first(spoiled: Any, facts: list[Fact], run_of: RunOf) -> None:
    before = run_of(spoiled, facts)
    needless = facts[2]
    spoiled.script[needless.question] = replace(
        spoiled.script[facts[3].question], question=needless.question
    )  # another wrong answer
    right = facts[4]
    del spoiled.script[right.question]
    after = run_of(spoiled, facts)
    compared = compare(before, after)
    assert [(c.id, c.before, c.after) for c in compared.changes] == [(right.id, True, False)]
    accuracy = next(d for d in compared.differences if d.metric == "accuracy")
    assert accuracy.before is not None and accuracy.after == pytest.approx(accuracy.before - 1 / 14)
    assert accuracy.low is not None and accuracy.low < 0 and accuracy.high == 0 and accuracy.verdict == "same"


def test_a_run_against_itself_is_the_same(assistant: Any, facts: list[Fact], run_of: RunOf) -> None:
    run = run_of(assistant, facts)
    assert {d.verdict for d in compare(run, run).differences} == {"same"}


def test_runs_without_a_common_question_are_not_compared(assistant: Any, facts: list[Fact], run_of: RunOf) -> None:
    with pytest.raises(UsageError, match="no question in common"):
        compare(run_of(assistant, facts[:2]), run_of(assistant, facts[2:4]))


def test_runs_are_found_by_the_beginning_of_their_id(
    assistant: Any, facts: list[Fact], run_of: RunOf, tmp_path: Path
) -> None:
    run = run_of(assistant, facts[:2])
    store = RunStore(tmp_path / "runs")
    assert store.find("latest").info.id == store.find(run.info.id[:17]).info.id == run.info.id
    with pytest.raises(UsageError, match="No run begins"):
        store.find("1999")
