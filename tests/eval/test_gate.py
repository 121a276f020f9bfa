"""The gate: it shuts when any part is broken on purpose, and its floors fall only with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval import Evaluation, Fact, load_facts
from eval.cleaning import CLEANING
from eval.gate import load_floors, save_floors
from eval.metrics import is_article
from library import Library
from library.errors import UsageError
from library.records import Answer, Citation, Sentence
from rag import Assistant

RunOf = Callable[..., Evaluation]
GUARDED = {"accuracy", "citation_accuracy", "quotes_exact", "refusal_precision", "refusal_recall", "ndcg@10"}


class Bent:
    """The real assistant without a model, with one part bent: its answers, or its ranking."""

    model = None

    def __init__(self, library: Library, answers: Any = None, ranking: Any = None) -> None:
        self.library = library
        self._real = Assistant(library, model=None)
        self._answers, self._ranking = answers or (lambda answer: answer), ranking or (lambda found: found)

    def ask(self, question: str) -> Answer:
        bent: Answer = self._answers(self._real.ask(question))
        return bent

    def search(self, question: str, k: int) -> Any:
        return self._ranking(self._real.search(question, k))


def reversed_order(found: list[Any]) -> list[Any]:
    return found[::-1]


def shifted_by_one(answer: Answer) -> Answer:
    return replace(answer, citations=tuple(replace(c, start=c.start + 1, end=c.end + 1) for c in answer.citations))


def raw_shifted_by_one(answer: Answer) -> Answer:
    moved = (replace(c, raw_start=c.raw_start + 1, raw_end=c.raw_end + 1) for c in answer.citations)
    return replace(answer, citations=tuple(moved))


def other_figures(answer: Answer) -> Answer:
    turned = str.maketrans("123456789", "234567891")
    return replace(answer, sentences=tuple(replace(s, text=s.text.translate(turned)) for s in answer.sentences))


def never_refusing(answer: Answer) -> Answer:
    """Says the nearest passage where the assistant refuses."""
    if answer.status != "not_found" or not answer.nearest:
        return answer
    p = answer.nearest[0]
    cited = Citation(1, p.article_id, p.title, p.city, p.published, p.uri, p.start, p.end, p.text, 0, 0)
    said = Sentence(f"{p.text}[1]", (1,), True, "ok")
    return replace(answer, status="answered", answer=said.text, sentences=(said,), citations=(cited,))


def always_refusing(answer: Answer) -> Answer:
    return replace(answer, status="not_found", sentences=(), citations=())


@pytest.fixture(scope="session")
def asked(shelf: Library) -> list[Fact]:
    """Every third of the facts that the samples can answer, and as many of those that nothing answers."""
    uris = [row.uri for row in shelf.articles()]
    facts = [f for f in load_facts() if not f.answerable or any(is_article(u, a) for a in f.articles for u in uris)]
    return facts[::3]


@pytest.fixture
def floors(shelf: Library, asked: list[Fact], run_of: RunOf, tmp_path: Path) -> Path:
    """Floors as the unbent assistant sets them."""
    path = tmp_path / "floors.toml"
    entries = (f'[[floor]]\nsuite = "all"\nhalf = "all"\nmetric = "{metric}"\n' for metric in sorted(GUARDED))
    path.write_text("[margin]\nall = 0.03\n" + "".join(entries), "utf-8")
    measured = run_of(Bent(shelf), asked).measured()
    save_floors(load_floors(path).raised("all", measured, "unbent", "2026-11-22"), path)
    return path


def fell(path: Path, evaluation: Evaluation) -> set[str]:
    rows = load_floors(path).rows("all", evaluation.measured())
    return {row.floor.metric for row in rows if row.fell and row.floor.metric in GUARDED}


def test_the_gate_is_open_to_what_it_was_set_from(
    shelf: Library, asked: list[Fact], run_of: RunOf, floors: Path
) -> None:
    assert fell(floors, run_of(Bent(shelf), asked)) == set()
    assert {f.metric for f in load_floors(floors).floors if f.value > 0} == GUARDED


@pytest.mark.parametrize(
    ("bent", "metrics"),
    [
        ({"ranking": reversed_order}, {"ndcg@10"}),
        ({"answers": shifted_by_one}, {"quotes_exact", "citation_accuracy"}),
        ({"answers": raw_shifted_by_one}, {"quotes_exact", "citation_accuracy"}),
        ({"answers": other_figures}, {"accuracy", "citation_accuracy"}),
        ({"answers": never_refusing}, {"refusal_recall"}),
        ({"answers": always_refusing}, {"accuracy", "refusal_precision"}),
    ],
    ids=["retrieval", "citation", "raw span", "figure", "no refusal", "refusal"],
)
def test_the_gate_shuts_when_a_part_is_broken(
    shelf: Library, asked: list[Fact], run_of: RunOf, floors: Path, bent: dict[str, Any], metrics: set[str]
) -> None:
    assert metrics <= fell(floors, run_of(Bent(shelf, **bent), asked))


def test_what_was_not_measured_is_below_its_floor(floors: Path) -> None:
    nothing: dict[str, dict[str, float | None]] = {"all": {}}
    rows = load_floors(floors).rows("all", nothing)
    assert {row.floor.metric for row in rows if row.fell} == GUARDED


def test_questions_picked_by_hand_have_no_floors(floors: Path) -> None:
    with pytest.raises(UsageError, match="no floors"):
        load_floors(floors).rows("", {"all": {"accuracy": 1.0}})


def test_a_floor_rises_and_never_falls_by_update(floors: Path) -> None:
    known = load_floors(floors)
    worse = known.raised("all", {"all": {"accuracy": 0.0}}, "worse", "2026-11-23")
    assert [f.value for f in worse.floors] == [f.value for f in known.floors]
    better = known.raised("all", {"all": {"accuracy": 1.0}}, "better", "2026-11-23")
    accuracy = next(f for f in better.floors if f.name == "all/all/accuracy")
    assert accuracy.value == 0.97 and accuracy.history[-1].run == "better"


def test_lowering_wants_a_reason_and_keeps_it(floors: Path) -> None:
    known, less = load_floors(floors), {"all": {"accuracy": 0.1}}
    with pytest.raises(UsageError, match="with a reason"):
        known.lowered("all/all/accuracy", less, "run", "2026-11-23", " ")
    save_floors(known.lowered("all/all/accuracy", less, "run", "2026-11-23", "harder questions"), floors)
    entry = next(f for f in load_floors(floors).floors if f.name == "all/all/accuracy").history[-1]
    assert (entry.value, entry.reason) == (0.07, "harder questions")


def test_a_floor_edited_by_hand_is_found_out(floors: Path) -> None:
    text = floors.read_text("utf-8")
    value = next(f for f in load_floors(floors).floors if f.value > 0.1).value
    floors.write_text(text.replace(f"value = {value}", "value = 0.1", 1), "utf-8")
    with pytest.raises(UsageError, match="edited by hand"):
        load_floors(floors)


def test_the_projects_floors_are_sealed_and_all_there() -> None:
    """A floor that is taken out, or a wider margin, would be one lowered in silence."""
    floors = load_floors()
    measured = {"citation_recall", "citation_precision", "figure_faithfulness", "recall@10", *GUARDED}
    wanted = {("all", half, metric) for half in ("all", "open", "held") for metric in measured}
    wanted |= {("ci", "all", metric) for metric in measured}
    wanted |= {(suite, "all", metric) for suite in ("all", "ci") for metric in CLEANING}
    assert {(f.suite, f.half, f.metric) for f in floors.floors} == wanted
    assert floors.margins == {"all": 0.03, "ci": 0.1}
