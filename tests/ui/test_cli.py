"""The command line from outside: exit statuses, JSON on stdout alone, errors as sentences."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

import ui.cli
from tests.conftest import ROOT
from tests.fakes import FakeEncoder

HEAVY = ("torch", "faiss", "gradio", "llama_index", "sentence_transformers", "pydantic", "numpy", "trafilatura")


@pytest.fixture
def kejian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Runs a command line in this process, with the fake encoder; returns status, stdout, stderr."""
    monkeypatch.setattr("library.library.SentenceEncoder", lambda settings: FakeEncoder())
    monkeypatch.setenv("KEJIAN_LIBRARY", str(tmp_path / "shelf"))

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kejian", *words])
        with pytest.raises(SystemExit) as stopped:
            ui.cli.main()
        out, err = capsys.readouterr()
        return int(stopped.value.code or 0), out, err

    return run


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "pages" / "notice.txt"
    path.parent.mkdir()
    path.write_text(
        "江门市科技工作会议召开啦\n会议提出，江門市力爭全市高企存量達3000家，江门还将新增8家科普基地。\n", "utf-8"
    )
    return path


def test_help_is_light() -> None:
    """Loading is what makes a help text slow; which modules are loaded does not depend on the machine."""
    code = f"import sys, ui.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_command_explains_itself_with_an_example() -> None:
    def walk(command: click.Command, name: str) -> None:
        context = click.Context(command, info_name=name)
        text = command.get_help(context)
        if isinstance(command, click.Group):
            for child, found in command.commands.items():
                walk(found, child)
        else:
            assert "Example:" in text, name
            assert "--library" in text, name

    walk(ui.cli.cli, "kejian")


def test_ingest_then_ask(kejian, page: Path) -> None:  # type: ignore[no-untyped-def]
    status, out, _ = kejian("ingest", str(page.parent), "--json")
    report = json.loads(out)
    assert (status, report["added"], report["failed"]) == (0, 1, [])
    assert set(report) == {
        "added", "updated", "unchanged", "removed", "duplicates", "failed", "articles", "seconds",
    }  # fmt: skip
    assert set(report["articles"][0]) == {"id", "path", "title", "city", "published", "chars", "report"}
    assert json.loads(kejian("ingest", str(page.parent), "--json")[1])["unchanged"] == 1

    status, out, _ = kejian("ask", "江门的高企存量目标是多少？", "--no-llm", "--json")
    answer = json.loads(out)
    assert (status, answer["status"]) == (0, "extractive")
    c = answer["citations"][0]
    assert page.read_text("utf-8")[c["raw_start"] : c["raw_end"]] == "江門市力爭全市高企存量達3000家"
    assert "3000家" in kejian("ask", "江门的高企存量目标是多少？", "--no-llm")[1]


def test_the_ranking_is_explained_when_asked(kejian, page: Path) -> None:  # type: ignore[no-untyped-def]
    kejian("ingest", str(page))
    status, out, err = kejian("search", "江门的高企目标", "--explain", "--json")
    (passage,) = json.loads(out)
    assert (status, err) == (0, "")
    assert set(passage["explain"]) == {"question", "searches", "terms", "reranker"}
    assert passage["explain"]["question"]["cities"] == ["江门"]
    assert [s["search"] for s in passage["explain"]["searches"]] == ["dense", "BM25"]
    _, out, err = kejian("search", "江门的高企目标", "--explain")
    assert "BM25" in err
    assert "BM25" not in out

    answer = json.loads(kejian("ask", "江门的高企目标是多少？", "--no-llm", "--explain", "--json")[1])
    assert answer["passages"][0]["explain"]["terms"]
    assert "passages" not in json.loads(kejian("ask", "江门的高企目标是多少？", "--no-llm", "--json")[1])
    assert "rank 1" in kejian("ask", "江门的高企目标是多少？", "--no-llm", "--explain")[2]


def test_what_is_not_found_exits_with_1(kejian, page: Path) -> None:  # type: ignore[no-untyped-def]
    kejian("ingest", str(page))
    status, out, _ = kejian("ask", "深圳市的高企目标是多少？", "--no-llm", "--json")
    assert (status, json.loads(out)["status"]) == (1, "not_found")


def test_a_page_that_fails_is_listed_and_the_rest_kept(kejian, page: Path) -> None:  # type: ignore[no-untyped-def]
    (page.parent / "empty.txt").write_bytes(b"")
    status, out, err = kejian("ingest", str(page.parent), "--json")
    report = json.loads(out)
    assert (status, report["added"]) == (1, 1)
    assert report["failed"][0]["reason"] == "the file is empty"
    assert "empty.txt" in err


def test_a_folder_is_followed_until_ctrl_c(page: Path, tmp_path: Path) -> None:
    code = (
        "import library.library, ui.cli; from tests.fakes import FakeEncoder; "
        "library.library.SentenceEncoder = lambda settings: FakeEncoder(); ui.cli.main()"
    )
    words = ["--library", str(tmp_path / "shelf"), str(page.parent), "--watch", "--json"]
    with subprocess.Popen(
        [sys.executable, "-c", code, "ingest", *words], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, encoding="utf-8",
        # A runner in the background ignores the interrupt, and its children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:  # fmt: skip
        assert process.stderr is not None

        def told(word: str) -> None:
            assert process.stderr is not None
            for line in process.stderr:
                if line.startswith(word):
                    return
            raise AssertionError(f"it never said {word}")

        told("1 added")
        told("Watching")
        page.rename(page.with_name("renamed.txt"))
        told("renamed: ")
        (page.parent / "new.txt").write_text("云川市的新闻，讲的是光电产业园。", "utf-8")
        told("added: ")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    report = json.loads(out)
    assert process.returncode == 0, err
    assert "2 added, 1 updated (1 of them renamed)" in err
    assert (report["added"], report["updated"], report["failed"]) == (2, 1, [])
    assert {Path(a["path"]).name for a in report["articles"]} == {"renamed.txt", "new.txt"}


def test_looking_removing_searching(kejian, page: Path) -> None:  # type: ignore[no-untyped-def]
    kejian("ingest", str(page))
    (row,) = json.loads(kejian("articles", "list", "--json")[1])
    shown = json.loads(kejian("articles", "show", row["id"], "--json")[1])
    assert set(shown) == {
        "id", "title", "body", "city", "published", "source", "uri", "chars", "duplicates", "report", "details",
    }  # fmt: skip
    (passage,) = json.loads(kejian("search", "高企", "--city", "Jiangmen", "--json")[1])
    assert set(passage) == {"article_id", "uri", "title", "city", "published", "start", "end", "text", "score"}
    assert shown["body"][passage["start"] : passage["end"]] == passage["text"]
    assert kejian("articles", "remove", "nope")[0] == 1
    assert kejian("articles", "remove", row["id"])[0] == 0
    assert json.loads(kejian("articles", "list", "--json")[1]) == []


def test_copies_are_marked_and_their_sources_listed(kejian, page: Path) -> None:  # type: ignore[no-untyped-def]
    copy = page.with_name("reprint.txt")
    copy.write_text("\n" + page.read_text("utf-8"), "utf-8")
    report = json.loads(kejian("ingest", str(page.parent), "--json")[1])
    assert report["duplicates"] == 1
    ids = {Path(a["path"]).name: a["id"] for a in report["articles"]}
    leader, other = sorted(ids.values())
    marks = dict(line.split("  ", 1) for line in kejian("articles", "list")[1].splitlines())
    assert marks[other].endswith(f"  = {leader}")
    assert "= " not in marks[leader]
    shown = kejian("articles", "show", ids["notice.txt"])[1]
    assert f"= {ids['reprint.txt']}" in shown
    assert str(copy) in shown
    assert kejian("articles", "remove", leader)[0] == 0
    assert "= " not in kejian("articles", "list")[1]


def test_finding_nothing_exits_with_1(kejian, page: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    kejian("ingest", str(page))
    (tmp_path / "bare").mkdir()
    for words in (
        ["search", "x", "--city", "北京"],
        ["export", "-o", str(tmp_path / "o"), "--city", "北京"],
        ["ingest", str(tmp_path / "bare")],
    ):
        status, _, err = kejian(*words)
        assert (status, bool(err)) == (1, True), words


def test_clean_stores_nothing(kejian, page: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    cleaned = json.loads(kejian("clean", str(page), "--json")[1])
    assert set(cleaned) == {"title", "body", "city", "published", "source", "details", "report", "origins"}
    assert len(cleaned["origins"]) == len(cleaned["body"])
    assert "江门市力争" in cleaned["body"]
    shown = "".join(kejian("clean", str(page), "--diff")[1].split())
    assert "[-門-]市" in shown
    assert "{+门+}市" in shown
    assert not (tmp_path / "shelf").exists()


def test_clean_says_what_it_did_and_what_it_doubts(kejian, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    page = tmp_path / "page.txt"
    raw = "“雲川要把實驗室建到車間里去!秉S輝說,x月x日(rì)就要開工。\n"
    page.write_text(raw, "utf-8")
    status, out, err = kejian("clean", str(page))
    assert (status, out) == (0, "“云川要把实验室建到车间里去。”黄辉说，x月x日就要开工。\n")
    assert "shift 1, " in err
    assert "readings 1, " in err
    at = raw.index("x")
    assert f"in doubt: characters {at} to {at + 1} of the page, 'x': a placeholder" in err
    assert kejian("clean", str(page), "--diff")[2] == err
    status, out, err = kejian("clean", str(page), "--json")
    steps = {step["step"]: step for step in json.loads(out)["report"]}
    assert (status, err) == (0, "")
    assert [raw[a:b] for a, b in steps["shift"]["spans"]] == ["!秉S"]
    assert [raw[a:b] for a, b in steps["readings"]["spans"]] == ["(rì)"]
    assert [raw[f["start"] : f["end"]] for f in steps["losses"]["flags"]] == ["x", "x"]
    assert set(steps["losses"]["flags"][0]) == {"start", "end", "note"}
    assert all(step["changes"] == len(step.get("spans", [])) for step in steps.values())


def test_targets_are_listed_filtered_and_written(kejian, page: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    kejian("ingest", str(page))
    status, out, _ = kejian("targets", "--format", "json")
    found = json.loads(out)
    assert status == 0 and [t["value"] for t in found] == [3000, 8]
    assert set(found[0]) == {
        "city", "indicator", "indicator_en", "bound", "value", "unit", "text_en", "year", "article_id", "start", "end",
        "quote",
    }  # fmt: skip
    status, out, _ = kejian("targets", "--city", "Jiangmen", "--indicator", "high-tech enterprises")
    assert status == 0 and "3,000" in out and "科普" not in out
    status, out, err = kejian("targets", "--format", "xlsx", "-o", str(tmp_path / "t.xlsx"))
    assert (status, out) == (0, "") and (tmp_path / "t.xlsx").read_bytes()[:2] == b"PK"
    status, out, err = kejian("targets", "--city", "随州")
    assert (status, out) == (1, "") and "--city" in err


def test_brief_and_export_without_a_model(kejian, page: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    kejian("ingest", str(page))
    status, out, _ = kejian("brief", "--city", "江门", "--no-llm", "--format", "json")
    assert status == 0
    assert [t["value"] for t in json.loads(out)["targets"]] == [3000, 8]
    assert set(json.loads(out)) == {
        "title_zh", "title_en", "language", "articles", "sections", "targets", "citations", "glossary", "model",
        "seconds",
    }  # fmt: skip
    status, out, _ = kejian("export", "-o", str(tmp_path / "out"), "--no-llm", "--json")
    assert (status, json.loads(out)["written"]) == (0, 1)
    assert (tmp_path / "out" / "summaries.jsonl").exists()


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["ask", "问"], 2, "kejian ingest"),
        (["ask"], 2, "Missing argument"),
        (["nonsense"], 2, "No such command"),
        (["search", "x", "--since", "yesterday"], 2, "2025-02-06"),
        (["ingest", "https://news.example/1.html", "--watch"], 2, "--watch"),
        (["brief"], 2, "--topic"),
        (["clean", "/no/such/page.txt"], 1, "no such file"),
        (["chat", "--auth", "nocolon"], 2, "USER:PASSWORD"),
    ],
)
def test_errors_are_a_sentence_with_the_remedy(kejian, words: list[str], status: int, says: str) -> None:  # type: ignore[no-untyped-def]
    code, out, err = kejian(*words)
    assert (code, out) == (status, "")
    assert says in err
    assert "Traceback" not in err


def test_a_damaged_library_exits_with_3(kejian, page: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    kejian("ingest", str(page))
    (tmp_path / "shelf" / "catalogue.sqlite").write_bytes(b"not a database" * 100)
    code, _, err = kejian("articles", "list")
    assert code == 3
    assert "backup" in err


def test_doctor_finds_and_repairs_a_missing_index(kejian, page: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    kejian("ingest", str(page))
    for path in (tmp_path / "shelf").glob("vectors.*"):
        path.unlink()
    status, out, _ = kejian("doctor", "--json")
    library = next(c for c in json.loads(out)["checks"] if c["name"] == "library")
    assert (status, library["ok"]) == (3, False)
    assert "--repair" in library["detail"]
    kejian("doctor", "--repair")
    checks = json.loads(kejian("doctor", "--json")[1])["checks"]
    assert next(c for c in checks if c["name"] == "library")["ok"]
