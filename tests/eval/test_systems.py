"""What systems make of a question: answers, rankings with raw spans, tokens, and failures that stay outcomes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from eval.outcome import Outcome
from eval.systems import PEERS, SYSTEMS, open_systems
from ingest import ingest
from library import Library, Settings
from library.errors import ModelMissing, UsageError
from rag import Assistant
from rag.llm import Usage
from tests.fakes import FakeEncoder, ScriptedModel

PAGES = {
    "harbor": "滨海市港口改造工程于去年三月动工。改造后码头年吞吐量预计达到420万吨。工程由市交通局负责。",
    "orchard": "青岭县今年新建果园1200亩。果园主要种植脐橙和柚子。当地农户组成了三家合作社。",
    "library": "云州图书馆新馆下月开放。新馆藏书约80万册，设有儿童阅览区。开放时间为每天九点到二十一点。",
}


class CountingModel(ScriptedModel):
    """One that counts tokens where asked to, as the real ones do."""

    usage: Usage | None = None

    def stream(self, messages: Sequence[tuple[str, str]], max_tokens: int) -> Iterator[str]:
        if self.usage is not None:
            self.usage.add((100, 40, 7))
        return super().stream(messages, max_tokens)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Library]:
    for name, text in PAGES.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    with Library.open(tmp_path / "shelf", Settings(), FakeEncoder()) as library:
        assert ingest(library, [tmp_path / f"{name}.txt" for name in PAGES]).added == 3
        yield library


def run(name: str, library: Library, question: str, model: ScriptedModel | None = None) -> Outcome:
    """One question to one system; what it makes of it must survive being stored."""
    outcome = open_systems([name], Assistant(library, model=model))[0].run("q1", question)
    assert Outcome.from_dict(json.loads(json.dumps(outcome.to_dict()))).ranked == outcome.ranked
    assert (outcome.id, outcome.question, outcome.system) == ("q1", question, name)
    return outcome


QUESTION = "青岭县今年新建果园多少亩？"


def test_kejian_answers_and_ranks_with_raw_spans(shelf: Library) -> None:
    outcome = run("kejian", shelf, QUESTION, CountingModel("青岭县今年新建果园1200亩[1]。"))
    assert outcome.answer and outcome.answer["status"] == "answered" and outcome.error == ""
    assert "1200亩" in outcome.answer["citations"][0]["quote"]
    assert (outcome.misquoted, outcome.prompt_tokens, outcome.output_tokens) == ((), 100, 7)
    best = outcome.ranked[0]
    assert Path(best.uri).stem == "orchard" and best.raw
    assert PAGES["orchard"][slice(*best.raw)] == best.text


def test_a_model_that_does_not_count_leaves_tokens_open(shelf: Library) -> None:
    outcome = run("kejian", shelf, QUESTION, ScriptedModel("青岭县今年新建果园1200亩[1]。"))
    assert outcome.answer and (outcome.prompt_tokens, outcome.output_tokens) == (None, None)


def test_counting_ends_with_the_question(shelf: Library) -> None:
    model = CountingModel("青岭县今年新建果园1200亩[1]。")
    run("kejian", shelf, QUESTION, model)
    assert model.usage is None


def test_a_failure_is_an_outcome(shelf: Library) -> None:
    outcome = run("kejian", shelf, QUESTION, ScriptedModel(ZeroDivisionError("oops")))
    assert outcome.error == "ZeroDivisionError: oops" and outcome.answer is None and outcome.ranked == ()
    assert run("kejian", shelf, " ").error.startswith("UsageError")


@pytest.mark.parametrize("name", ["bm25", "dense"])
def test_an_index_alone_ranks_and_does_not_answer(shelf: Library, name: str) -> None:
    outcome = run(name, shelf, QUESTION)
    assert outcome.answer is None and outcome.error == ""
    assert Path(outcome.ranked[0].uri).stem == "orchard"
    scores = [p.score for p in outcome.ranked]
    assert scores == sorted(scores, reverse=True)


def test_an_unknown_system_and_a_missing_library_or_model_are_told(shelf: Library) -> None:
    with pytest.raises(UsageError, match="Known are: kejian, bm25"):
        open_systems(["haystack"], Assistant(shelf, model=None))
    with pytest.raises(UsageError, match="Open one"):
        open_systems(["bm25"], Assistant(None, model=None))
    with pytest.raises(ModelMissing, match="language model"):
        open_systems(["llama_index_query"], Assistant(shelf, model=None))
    assert set(PEERS) == set(SYSTEMS) - {"kejian"}


def test_a_missing_package_names_the_extra(shelf: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.delitem(sys.modules, "eval.peers", raising=False)
    monkeypatch.setitem(sys.modules, "llama_index.core", None)
    with pytest.raises(UsageError, match=r"kejian\[bench\]"):
        open_systems(["llama_index_citation"], Assistant(shelf, model=ScriptedModel()))
