"""The passages benchmark on three cases: what is right among others, and what is refused without it."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from eval.bench.passages import PassagesRun, load_cases, run_passages
from library import Settings
from library.errors import UsageError
from tests.fakes import FakeEncoder, ScriptedModel
from ui.bench import passages_text

ORCHARD = "青岭县今年新建果园1200亩，果园主要种植脐橙。"
HARBOR = "滨海市港口改造工程于去年三月动工。"
MIRROR = "古城博物馆展出了两件铜镜，其中一件刻有莲花纹。"
CASES = [
    {"id": "a", "query": "青岭县今年新建果园多少亩？", "answers": ["1200亩"], "relevant": [ORCHARD],
     "irrelevant": [HARBOR, MIRROR]},
    {"id": "b", "query": "铜镜刻有什么纹？", "answers": ["莲花纹"], "relevant": [MIRROR], "irrelevant": []},
    {"id": "c", "query": "云州有几座桥？", "answers": [], "relevant": [], "irrelevant": [HARBOR]},
]  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in CASES), "utf-8")
    return path


def run(path: Path, model: ScriptedModel | None = None, **options: Any) -> PassagesRun:
    settings = Settings(runs=path.parent / "runs", llm={"model": "none"})
    return run_passages(path, settings=settings, encoder=FakeEncoder(), model=model, **options)


def in_order(path: Path, **replies: Any) -> list[Any]:
    """Replies by the case's id, in the order in which cases are drawn."""
    cases = load_cases(path)
    return [replies[case.id] for case in Random(0).sample(cases, len(cases)) if case.id in replies]


def test_quotations_are_judged_and_the_irrelevant_refused(path: Path) -> None:
    done = run(path)
    mixed = {name: (score["value"], score["n"]) for name, score in done.mixed.items()}
    assert mixed["right"] == (1.0, 2) and mixed["extractive"] == (1.0, 2) and mixed["quotes_hold"] == (1.0, 2)
    assert mixed["quotes_exact"][0] == 1.0 and mixed["failures"] == (0.0, 2)
    assert (done.irrelevant["refused"]["value"], done.irrelevant["refused"]["n"]) == (1.0, 2)
    assert "those beside the point alone" in passages_text(done)


def test_citing_a_passage_beside_the_point_is_counted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.bench.passages.Case.mixed", lambda self, seed: [*self.irrelevant, *self.relevant])
    swapped = [{**CASES[0], "relevant": [HARBOR], "irrelevant": [ORCHARD]}]
    path.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in swapped), "utf-8")
    done = run(path)
    assert done.mixed["right"]["value"] == 1.0 and done.mixed["citations_gold"]["value"] < 1.0


def test_a_run_is_kept_and_not_made_again(path: Path) -> None:
    first = run(path, ScriptedModel(*in_order(path, a="新建果园1200亩[1]。", b="刻有莲花纹[1]。")))
    assert first.mixed["right"]["value"] == 1.0 and first.mixed["extractive"]["value"] == 0.0
    again = run(path, ScriptedModel())  # it would fail if it were asked
    assert again.mixed == first.mixed and again.irrelevant == first.irrelevant
    assert (Path(first.folder) / "scores.json").exists()


def test_a_failure_is_counted_and_costs_nothing_else(path: Path) -> None:
    done = run(path, ScriptedModel(*in_order(path, a=ZeroDivisionError("oops"), b="刻有莲花纹[1]。")))
    assert done.mixed["failures"]["value"] == 0.5 == done.mixed["right"]["value"]


def test_the_order_is_drawn_by_the_seed(path: Path) -> None:
    case = load_cases(path)[0]
    assert case.mixed(3) == case.mixed(3) and sorted(case.mixed(3)) == sorted([ORCHARD, HARBOR, MIRROR])
    assert len({tuple(case.mixed(seed)) for seed in range(9)}) > 1


def test_a_sample_asks_fewer(path: Path) -> None:
    assert run(path, sample=1).cases == 1


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"query": "问", "answers": ["甲"], "relevant": "甲", "irrelevant": []}',
        '{"query": "问", "answers": [], "relevant": ["甲"], "irrelevant": []}',
        '{"query": "问", "answers": ["甲"], "relevant": [], "irrelevant": []}',
        '{"answers": ["甲"], "relevant": ["甲"], "irrelevant": []}',
    ],
)
def test_a_line_of_another_form_is_told(path: Path, line: str) -> None:
    path.write_text(line + "\n", "utf-8")
    with pytest.raises(UsageError, match="Line 1"):
        load_cases(path)


def test_two_cases_with_one_id_and_an_empty_file_are_told(path: Path) -> None:
    path.write_text(path.read_text("utf-8") * 2, "utf-8")
    with pytest.raises(UsageError, match="one id"):
        load_cases(path)
    path.write_text("", "utf-8")
    with pytest.raises(UsageError, match="no case"):
        load_cases(path)
