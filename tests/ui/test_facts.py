"""The ``eval`` commands over stored runs: resumed, shown, compared, gated; no model and no network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

import library.library
from library import Library, Settings
from tests.fakes import FakeEncoder
from ui.cli import cli

PAGE = (
    "云川市召开科技工作会议\n2025-02-06\n会议提出，今年全市高新技术企业存量要达到七百家，技术合同登记额要达到60亿元。"
)
FACTS: list[dict[str, Any]] = [
    {
        "id": "companies", "language": "zh", "kind": "value", "why": "a target", "accept": "700家", "article": "page",
        "question": "云川市今年高新技术企业存量要达到多少家？",
    },
    {
        "id": "elsewhere", "language": "zh", "kind": "refusal", "why": "not on the shelf",
        "question": "汉东市的粮食产量是多少？",
    },
]  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a library of one page and a file of two facts; answers are quoted, not written."""
    monkeypatch.setattr(library.library, "SentenceEncoder", lambda settings: FakeEncoder())
    monkeypatch.setenv("KEJIAN_LLM__MODEL", "none")
    monkeypatch.setenv("KEJIAN_LIBRARY", str(tmp_path / "shelf"))
    monkeypatch.setenv("KEJIAN_RUNS", str(tmp_path / "runs"))
    (tmp_path / "page.txt").write_text(PAGE, "utf-8")
    (tmp_path / "facts.yaml").write_text(yaml.safe_dump(FACTS, allow_unicode=True), "utf-8")
    from ingest import ingest

    with Library.open(tmp_path / "shelf", Settings(), FakeEncoder()) as shelf:
        ingest(shelf, [tmp_path / "page.txt"])
    return tmp_path


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["eval", *map(str, arguments)], catch_exceptions=False)


def test_facts_are_asked_stored_and_shown_again(home: Path) -> None:
    asked = call("facts", "--facts", home / "facts.yaml", "--json")
    told = json.loads(asked.stdout)
    assert (told["scores"]["questions"], told["scores"]["accuracy"], told["scores"]["refusal_recall"]) == (2, 1.0, 1.0)
    again = json.loads(call("show", "latest", "--json").stdout)
    assert again["run"] == told["run"] and again["scores"] == told["scores"]
    listed = json.loads(call("runs", "--json").stdout)
    assert [(run["id"], run["questions"], run["missing"]) for run in listed] == [(told["run"], 2, 0)]


def test_a_report_and_a_comparison_come_with_it(home: Path) -> None:
    first = json.loads(call("facts", "--facts", home / "facts.yaml", "--json").stdout)["run"]
    shown = call("facts", "--facts", home / "facts.yaml", "--compare", first, "--report", home / "report.html")
    assert f"since {first}, over 2 questions" in shown.stdout and "accuracy" in shown.stdout
    assert "companies" in (home / "report.html").read_text("utf-8")


def test_an_unfinished_run_is_gone_on_with(home: Path) -> None:
    run = json.loads(call("facts", "--facts", home / "facts.yaml", "--json").stdout)["run"]
    lines = (home / "runs" / run / "outcomes.jsonl").read_text("utf-8").splitlines(keepends=True)
    (home / "runs" / run / "outcomes.jsonl").write_text(lines[0], "utf-8")
    on = call("facts", "--facts", home / "facts.yaml", "--json")
    assert f"going on with run {run}: 1 questions are left" in on.stderr
    assert json.loads(on.stdout)["run"] == run
    fresh = call("facts", "--facts", home / "facts.yaml", "--json", "--fresh")
    assert json.loads(fresh.stdout)["run"] != run


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--gate",), "floors are for the project's own facts"),
        (("--pages", "."), "--pages goes with the project's own facts"),
        (("--only", "nobody"), "No fact has the id"),
        (("--system", "oracle"), "no system 'oracle'"),
        (("--resume", "1999"), "No run begins with"),
    ],
)
def test_what_does_not_go_together_is_said(home: Path, arguments: tuple[str, ...], message: str) -> None:
    from library.errors import UsageError

    with pytest.raises(UsageError, match=message):
        call("facts", "--facts", home / "facts.yaml", *arguments)


def test_a_run_of_ones_own_facts_has_no_floors(home: Path) -> None:
    from library.errors import UsageError

    call("facts", "--facts", home / "facts.yaml")
    with pytest.raises(UsageError, match="There are no floors for these questions"):
        call("gate", "latest")


def test_without_a_run_the_list_says_how_to_make_one(home: Path) -> None:
    assert "kejian eval facts" in call("runs").stderr
