"""Cleaning among a run's scores: measured on the samples' clean articles, kept with the run, held by the gate."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from eval import Evaluation, Fact
from eval import cleaning as measuring
from eval.bench import clean, systems
from eval.cleaning import CLEANING, measure_cleaning
from eval.gate import load_floors, save_floors
from eval.report import report_html
from eval.samples import samples_folder


@pytest.fixture
def two_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of the clean articles stand for all."""
    (tmp_path / "source").mkdir()
    for name in ("jiangmen_2024_in_figures.md", "suizhou_2025_interview.md"):
        shutil.copy(samples_folder().with_name("source") / name, tmp_path / "source" / name)
    monkeypatch.setattr(measuring, "samples_folder", lambda: tmp_path / "pages")
    monkeypatch.setattr(measuring, "DRAWS", 1)


def evaluation_of(run_of: Callable[..., Evaluation], assistant: object, facts: list[Fact]) -> Evaluation:
    done = run_of(assistant, facts[:2])
    return Evaluation(done.info, done.judged, measure_cleaning())


def test_a_broken_cleaner_shuts_the_gate(
    two_sources: None, tmp_path: Path, run_of: Callable[..., Evaluation], assistant: object, facts: list[Fact],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    sound = evaluation_of(run_of, assistant, facts)
    path = tmp_path / "floors.toml"
    entries = (f'[[floor]]\nsuite = "all"\nhalf = "all"\nmetric = "{metric}"\n' for metric in CLEANING)
    path.write_text("[margin]\nall = 0.03\n" + "".join(entries), "utf-8")
    save_floors(load_floors(path).raised("all", sound.measured(), "sound", "2026-11-23"), path)
    assert not any(row.fell for row in load_floors(path).rows("all", sound.measured()))

    monkeypatch.setitem(clean.SYSTEMS, "kejian", systems.nothing)
    rows = load_floors(path).rows("all", evaluation_of(run_of, assistant, facts).measured())
    fell = {row.floor.metric for row in rows if row.fell}
    assert {"cleaning_readings", "cleaning_script", "cleaning_joins", "cleaning_boilerplate"} <= fell


def test_the_scores_stand_in_report_and_json(
    two_sources: None, run_of: Callable[..., Evaluation], assistant: object, facts: list[Fact]
) -> None:
    evaluation = evaluation_of(run_of, assistant, facts)
    assert evaluation.to_dict()["cleaning"].keys() == CLEANING.keys()
    assert evaluation.cleaning["cleaning_harmless"] == 1.0
    assert "<h2>Cleaning</h2>" in report_html(evaluation)
