"""LlamaIndex's engines really run, with a scripted model: what they see, and what their answers become."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from eval.outcome import Outcome
from eval.peers import is_refusal, read_response
from eval.systems import open_systems
from library import Library, Settings
from rag import Assistant
from tests.fakes import FakeEncoder, ScriptedModel, shelved

ORCHARD = "青岭县今年新建果园1200亩。果园主要种植脐橙和柚子。"
HARBOR = "滨海市港口改造工程于去年三月动工。改造后码头年吞吐量预计达到420万吨。"
MUSEUM = "云州博物馆下月开放，展品约八千件。"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "shelf", Settings(), FakeEncoder()) as library:
        library.add([shelved("orchard.txt", ORCHARD, title="果园", city="青岭"), shelved("harbor.txt", HARBOR)])
        library.add([shelved("museum.txt", MUSEUM)])
        yield library


def ask(kind: str, shelf: Library, model: ScriptedModel) -> Outcome:
    return open_systems([f"llama_index_{kind}"], Assistant(shelf, model=model))[0].run("q", "青岭县新建果园多少亩？")


def test_the_query_engine_cites_its_two_sources_in_every_sentence(shelf: Library) -> None:
    model = ScriptedModel("新建果园1200亩。 种植脐橙。")
    outcome = ask("query", shelf, model)
    assert outcome.error == "" and outcome.answer and outcome.misquoted == ()
    assert outcome.answer["answer"] == "新建果园1200亩[1][2]。 种植脐橙[1][2]。"
    assert [s["citations"] for s in outcome.answer["sentences"]] == [(1, 2), (1, 2)]
    first, second = outcome.answer["citations"]
    assert (first["uri"], first["quote"], first["raw_end"]) == ("orchard.txt", ORCHARD, len(ORCHARD))
    assert second["n"] == 2
    assert len(outcome.ranked) == 3 and outcome.ranked[0].uri == "orchard.txt" and outcome.ranked[0].raw
    system, user = model.prompts[0]  # its own prompt, as it stands
    assert system[0] == "system" and "expert Q&A system" in system[1]
    assert "title: 果园" in user[1] and ORCHARD in user[1] and "青岭县新建果园多少亩？" in user[1]
    assert model.limits == [Settings().llm.max_tokens]


def test_the_citation_engine_cites_what_it_marks(shelf: Library) -> None:
    model = ScriptedModel("新建果园1200亩[1]。 还有别的[7]。另见[Source 2]。")
    outcome = ask("citation", shelf, model)
    assert outcome.answer
    assert [s["citations"] for s in outcome.answer["sentences"]] == [(1,), (), (2,)]
    first = outcome.answer["citations"][0]
    assert (first["n"], first["uri"], first["quote"]) == (1, "orchard.txt", ORCHARD)
    assert "Source 1:" in model.prompts[0][0][1] and len(model.prompts) == 1


@pytest.mark.parametrize(
    "text",
    [
        "资料中没有提到这一点。",
        "The provided sources do not mention it.",
        "",
        "无法确定具体数字。",
        "I'm unable to answer.",
    ],
)
def test_a_refusal_by_wording_has_no_citation(shelf: Library, text: str) -> None:
    outcome = ask("query", shelf, ScriptedModel(text))
    assert outcome.answer and outcome.answer["status"] == "not_found"
    assert outcome.answer["citations"] == () and outcome.answer["nearest"][0]["uri"] == "orchard.txt"


def test_an_answer_that_goes_on_to_doubt_is_no_refusal() -> None:
    assert not is_refusal("新建果园1200亩[1]。资料未提及品种。")
    assert is_refusal("The text does not specify the area. It is about oranges.")


def test_a_source_that_is_not_in_the_article_is_misquoted(shelf: Library) -> None:
    article = shelf.get(shelf.articles()[0].id)
    node = SimpleNamespace(ref_doc_id=article.id, get_content=lambda metadata_mode: "Source 1:\n别处的话。\n")
    response = SimpleNamespace(response="别处的话[1]。", source_nodes=[SimpleNamespace(node=node, score=0.5)])
    answer = read_response("什么？", response, shelf, "scripted", marked=True)
    assert answer.citations[0].quote == "别处的话。" and answer.citations[0].end == 0


def test_a_failing_model_is_an_outcome(shelf: Library) -> None:
    assert ask("citation", shelf, ScriptedModel(ZeroDivisionError("oops"))).error == "ZeroDivisionError: oops"


def test_an_index_that_cannot_be_made_is_an_outcome(shelf: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise OSError("no encoder")

    monkeypatch.setattr(FakeEncoder, "passages", broken)
    assert ask("query", shelf, ScriptedModel()).error == "OSError: no encoder"


def test_both_engines_embed_an_article_once(shelf: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    real = FakeEncoder.passages
    monkeypatch.setattr(
        FakeEncoder, "passages", lambda self, texts, p=None: [seen.extend(texts), real(self, texts, p)][1]
    )
    for kind in ("query", "citation"):
        ask(kind, shelf, ScriptedModel("1200亩[1]。"))
    assert len(seen) == len(set(seen)) == 3
